#include <algorithm>
#include <set>
#include <tuple>

#include "recs/api/gorse_answers.h"
#include "recs/api/gorse_calls.h"
#include "recs/api/gorse_rows.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

// Calls each(touch) of what a user has done, the newest first, until it says that it is enough.
template <class Each>
void look_at_newest(const RecsTables& tables, const NameHash& user, const Each& each) {
  const auto visitor = tables.find(VisitorKind::kUser, user);
  if (!visitor) return;
  const History& history = tables.history_of(VisitorKind::kUser, *visitor);
  for (size_t index = history.size(); index > 0; --index) {
    if (each(history[index - 1])) return;
  }
}

// Whether it is feedback of a type, which is of that kind.
bool is_of_type(const RecsTables& tables, const Touch& touch, EventKind kind, std::string_view type) {
  if (touch.kind != kind) return false;
  return kind != EventKind::kOther || tables.own_kinds().name(touch.word) == EventNames::word_of(type);
}

// Of a type, a user and an item there is one feedback: the newest.
std::optional<Timestamp> newest_at(const RecsTables& tables, const NameHash& user, const NameHash& item, EventKind kind,
                                   std::string_view type) {
  const auto number = tables.catalogue().find(item);
  std::optional<Timestamp> at;
  look_at_newest(tables, user, [&](const Touch& touch) {
    if (number && touch.item == *number && is_of_type(tables, touch, kind, type)) at = touch.at;
    return at.has_value();
  });
  return at;
}

EventRow feedback_row(const GorseFeedback& feedback, const Names& names) {
  EventRow row{.kind = feedback.kind,
               .item = names.item(feedback.item),
               .item_name = feedback.item,
               .user = names.user(feedback.user),
               .at = feedback.at};
  if (feedback.kind == EventKind::kOther) row.more.emplace().word = EventNames::word_of(feedback.type);
  // What is sent again, because nobody knows what became of it, is the same.
  if (feedback.at != Timestamp()) {
    row.id_hash = names.event("gorse " + feedback.type + '\n' + feedback.user + '\n' + feedback.item + '\n' +
                              std::to_string(feedback.at.micros()));
  }
  return row;
}

// POST leaves what is there as it is; PUT puts the newer time in its place.
std::vector<EventRow> new_rows(const std::vector<GorseFeedback>& feedbacks, bool overwrites, const Names& names,
                               const RecsTables& tables) {
  std::vector<EventRow> rows;
  std::set<std::tuple<std::string, NameHash, NameHash>> seen;
  for (const GorseFeedback& feedback : feedbacks) {
    EventRow row = feedback_row(feedback, names);
    const auto known = newest_at(tables, row.user, row.item, row.kind, feedback.type);
    const bool is_older = known && (!overwrites || (row.at != Timestamp() && row.at <= *known));
    const bool is_again = !seen.insert({feedback.type, row.user, row.item}).second && !overwrites;
    if (!is_older && !is_again) rows.push_back(std::move(row));
  }
  return rows;
}

void respond_recorded_feedback(net::Exchange& exchange, const RecsMachine::Reply& reply, size_t sent) {
  if (reply.without_room.empty()) return respond_rows_affected(exchange, sent);
  respond_gorse_error(
      exchange, net::Status::kConflict,
      "there are as many items as there may be: raise recs.items (" + std::to_string(reply.done) + " were recorded)");
}

struct FeedbackPath {
  std::string type;
  std::string user;
  std::string item;
  EventKind kind = EventKind::kOther;
};

std::optional<FeedbackPath> feedback_in_path(const Call& call, CompatCallers& callers, const Freshness& freshness,
                                             const EventNames& events) {
  if (!gorse_caller(call, callers) || !gorse_has_caught_up(call, freshness)) return std::nullopt;
  const auto type = gorse_name(call, 0);
  const auto user = type ? gorse_name(call, 1) : std::nullopt;
  const auto item = user ? gorse_name(call, 2) : std::nullopt;
  if (!item) return std::nullopt;
  return FeedbackPath{.type = *type, .user = *user, .item = *item, .kind = events.kind_of(*type)};
}

void respond_no_feedback(net::Exchange& exchange, const FeedbackPath& path) {
  respond_gorse_error(exchange, net::Status::kNotFound, path.type + " of " + path.user + ": feedback not found");
}

}  // namespace

void add_gorse_feedback(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                        const Freshness& freshness, const EventNames& events) {
  if (!gorse_caller(call, callers) || !gorse_has_caught_up(call, freshness)) return;
  const auto texts = gorse_texts(call.request.body());
  if (!texts) return respond_gorse_invalid(call.exchange, texts.error().message);
  std::vector<GorseFeedback> feedbacks;
  for (const std::string_view text : *texts) {
    auto feedback = read_gorse_feedback(text, events);
    if (!feedback) {
      return respond_gorse_invalid(call.exchange,
                                   "feedback " + std::to_string(feedbacks.size()) + ": " + feedback.error().message);
    }
    feedbacks.push_back(*std::move(feedback));
  }
  RecordEvents command;
  const bool overwrites = call.request.method() == net::Method::kPut;
  freshness.view.look([&](const RecsTables& tables) { command.rows = new_rows(feedbacks, overwrites, names, tables); });
  if (command.rows.empty()) return respond_rows_affected(call.exchange, feedbacks.size());
  commands.ask(
      call, std::move(command),
      [sent = feedbacks.size()](net::Exchange& exchange, const RecsMachine::Reply& reply) {
        respond_recorded_feedback(exchange, reply, sent);
      },
      respond_gorse_busy);
}

void show_gorse_feedback(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness,
                         const EventNames& events) {
  const auto path = feedback_in_path(call, callers, freshness, events);
  if (!path) return;
  const auto at = freshness.view.look([&](const RecsTables& tables) {
    return newest_at(tables, names.user(path->user), names.item(path->item), path->kind, path->type);
  });
  if (!at) return respond_no_feedback(call.exchange, *path);
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_gorse_feedback(json,
                       {.type = path->type, .kind = path->kind, .user = path->user, .item = path->item, .at = *at});
  respond_gorse(call.exchange, body);
}

// A purchase can be taken back, as often as it was made.
void remove_gorse_feedback(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                           const Freshness& freshness, const EventNames& events) {
  const auto path = feedback_in_path(call, callers, freshness, events);
  if (!path) return;
  if (path->kind != EventKind::kPurchase) {
    return respond_gorse_error(call.exchange, net::Status::kNotImplemented,
                               "only what counts as a purchase is taken back (recs.event_names)");
  }
  const EventRow row{.kind = EventKind::kCancel,
                     .item = names.item(path->item),
                     .item_name = path->item,
                     .user = names.user(path->user)};
  size_t there = 0;
  freshness.view.look([&](const RecsTables& tables) {
    const auto item = tables.catalogue().find(row.item);
    look_at_newest(tables, row.user, [&](const Touch& touch) {
      if (item && touch.item == *item && touch.kind == EventKind::kPurchase) ++there;
      return false;
    });
  });
  if (there == 0) return respond_rows_affected(call.exchange, 0);
  commands.ask(
      call, RecordEvents{.rows = std::vector<EventRow>(there, row)},
      [](net::Exchange& exchange, const RecsMachine::Reply&) { respond_rows_affected(exchange, 1); },
      respond_gorse_busy);
}

// Of the type in the path, or of all, which are called as our kinds are.
void list_gorse_feedback(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness,
                         const EventNames& events) {
  if (!gorse_caller(call, callers) || !gorse_has_caught_up(call, freshness)) return;
  const auto user = gorse_name(call, 0);
  if (!user) return;
  std::optional<std::string> type;
  if (call.match.parameter_count > 1 && !(type = gorse_name(call, 1))) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_array();
  freshness.view.look([&](const RecsTables& tables) {
    std::set<std::pair<std::string, uint32_t>> seen;
    look_at_newest(tables, names.user(*user), [&](const Touch& touch) {
      if (type && !is_of_type(tables, touch, events.kind_of(*type), *type)) return false;
      const std::string_view own = tables.own_kinds().name(touch.word);
      const std::string_view ours = own.empty() ? kEventKindNames[static_cast<size_t>(touch.kind)] : own;
      const std::string called = type.value_or(std::string(ours));
      if (!seen.insert({called, touch.item}).second) return false;
      write_gorse_feedback(json, {.type = called,
                                  .kind = touch.kind,
                                  .user = *user,
                                  .item = tables.catalogue()[touch.item].name,
                                  .at = touch.at});
      return false;
    });
  });
  json.end_array();
  respond_gorse(call.exchange, body);
}

}  // namespace doorbuster::recs
