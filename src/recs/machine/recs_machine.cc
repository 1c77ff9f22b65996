#include "recs/machine/recs_machine.h"

#include <algorithm>

#include "base/assert.h"
#include "base/siphash.h"

namespace doorbuster::recs {
namespace {

// The future is none.
Timestamp time_of(const EventRow& row, Timestamp now) { return row.at == Timestamp() ? now : std::min(row.at, now); }

// Nobody chooses the number of an answer, so nobody makes two of these the same, and the key need not be secret.
uint64_t once_hash(EventKind kind, uint64_t recommendation, uint32_t item) {
  return SipHash(recommendation, uint64_t{0x6F6E6365})(uint64_t{item} << 8 | static_cast<uint64_t>(kind)) | 1;
}

Interaction interaction_of(const EventRow& row, uint32_t item, Timestamp now) {
  Interaction interaction{.kind = row.kind,
                          .item = item,
                          .at = time_of(row, now),
                          .quantity = row.quantity,
                          .value_thousandths = row.value_thousandths,
                          .recommendation = row.recommendation,
                          .id_hash = row.id_hash};
  if (!row.more) return interaction;
  interaction.surface = row.more->surface;
  interaction.experiment = row.more->experiment;
  interaction.variant = row.more->variant;
  interaction.word = row.more->word;
  interaction.country = row.more->country;
  interaction.shown = row.more->shown;
  return interaction;
}

}  // namespace

RecsMachine::RecsMachine(const Capacity& capacity)
    : capacity_(capacity),
      items_(capacity.items),
      visitors_{VisitorTable(capacity.users), VisitorTable(capacity.sessions)},
      ids_(capacity.event_ids) {
  ASSERT(capacity.users >= kVisitorsMin && capacity.sessions >= kVisitorsMin);
}

// What is decided takes effect as what is replayed does.
template <class E>
void RecsMachine::record(const E& event, EventSink& events) {
  write(events, event);
  apply_one(event);
}

std::optional<uint32_t> RecsMachine::item_of(const NameHash& hash, std::string_view name, EventSink& events) {
  if (const auto known = items_.find(hash)) return known;
  if (items_.is_full()) return std::nullopt;
  const auto number = static_cast<uint32_t>(items_.size());
  record(ItemNamed{.item = number, .hash = hash, .name = name}, events);
  return number;
}

uint32_t RecsMachine::visitor_of(VisitorKind kind, const NameHash& hash, EventSink& events) {
  if (hash.is_none()) return kNobody;
  VisitorTable& table = table_of(kind);
  if (const auto known = table.find(hash)) return *known;
  while (table.is_full()) {
    record(VisitorForgotten{.kind = kind, .visitor = table.oldest()}, events);
    ++made_room_;
  }
  const uint32_t number = table.next();
  record(VisitorNamed{.kind = kind, .visitor = number, .hash = hash}, events);
  return number;
}

RecsMachine::Reply RecsMachine::decide(const Command& command, Timestamp now, EventSink& events) {
  Reply reply = std::visit([&](const auto& one) { return decide_one(one, now, events); }, command);
  reply.sequence = sequence_;
  has_news_ = true;
  return reply;
}

bool RecsMachine::came_before(const Interaction& row) const {
  return row.counts_once() && ids_.knows(once_hash(row.kind, row.recommendation, row.item));
}

// What was clicked was seen: an impression that nobody told of is recorded before its click.
RecsMachine::Reply RecsMachine::decide_one(const RecordEvents& command, Timestamp now, EventSink& events) {
  ASSERT(command.rows.size() <= kRowsMax);
  Reply reply;
  InteractionWriter interactions(now);
  for (uint32_t index = 0; index < command.rows.size(); ++index) {
    const EventRow& row = command.rows[index];
    ASSERT(!row.user.is_none() || !row.session.is_none());
    if (row.id_hash != 0 && ids_.knows(row.id_hash)) {
      ++reply.duplicates;
      continue;
    }
    const auto item = item_of(row.item, row.item_name, events);
    if (!item) {
      reply.without_room.push_back(index);
      continue;
    }
    // Rows that say no time stand a millisecond apart, the unit of the log, and so keep their order; the last is now.
    const Timestamp said_now = now - Duration::millis(static_cast<int64_t>(command.rows.size()) - 1 - index);
    Interaction interaction = interaction_of(row, *item, row.at == Timestamp() ? said_now : now);
    if (came_before(interaction)) {
      ++reply.duplicates;
      continue;
    }
    interaction.user = visitor_of(VisitorKind::kUser, row.user, events);
    interaction.session = visitor_of(VisitorKind::kSession, row.session, events);
    Interaction seen = interaction;
    seen.kind = EventKind::kImpression;
    seen.id_hash = 0;
    if (interaction.kind == EventKind::kClick && interaction.counts_once() && !came_before(seen)) {
      interactions.add(seen);
      apply_one(seen);
    }
    interactions.add(interaction);
    apply_one(interaction);
    ++reply.done;
  }
  interactions.finish(events);
  duplicates_ += reply.duplicates;
  return reply;
}

RecsMachine::Reply RecsMachine::decide_one(const PutItems& command, Timestamp, EventSink& events) {
  Reply reply;
  for (uint32_t index = 0; index < command.items.size(); ++index) {
    const ItemContent& put = command.items[index];
    ASSERT(put.content.size() <= kContentBytesMax && !put.name.empty());
    reply.is_known = items_.find(put.item).has_value();
    const auto item = item_of(put.item, put.name, events);
    if (!item) {
      reply.without_room.push_back(index);
      continue;
    }
    record(ItemPut{.item = *item, .content = as_bytes(put.content)}, events);
    ++reply.done;
  }
  return reply;
}

RecsMachine::Reply RecsMachine::decide_one(const RemoveItem& command, Timestamp, EventSink& events) {
  const auto item = items_.find(command.item);
  if (item) record(ItemRemoved{.item = *item}, events);
  return {.done = item ? 1U : 0U, .is_known = item.has_value()};
}

RecsMachine::Reply RecsMachine::decide_one(const SetStock& command, Timestamp, EventSink& events) {
  const bool is_known = items_.find(command.item).has_value();
  const auto item = item_of(command.item, command.name, events);
  if (!item) return {.without_room = {0}};
  record(ItemStock{.item = *item, .in_stock = command.in_stock}, events);
  return {.done = 1, .is_known = is_known};
}

RecsMachine::Reply RecsMachine::decide_one(const PutUsers& command, Timestamp, EventSink& events) {
  ASSERT(command.users.size() <= kRowsMax);
  Reply reply;
  for (const UserContent& put : command.users) {
    ASSERT(put.content.size() <= kContentBytesMax && !put.user.is_none());
    reply.is_known = table_of(VisitorKind::kUser).find(put.user).has_value();
    const uint32_t user = visitor_of(VisitorKind::kUser, put.user, events);
    record(UserPut{.user = user, .content = as_bytes(put.content)}, events);
    ++reply.done;
  }
  return reply;
}

RecsMachine::Reply RecsMachine::decide_one(const ForgetUser& command, Timestamp, EventSink& events) {
  const auto user = table_of(VisitorKind::kUser).find(command.user);
  if (user) record(VisitorForgotten{.kind = VisitorKind::kUser, .visitor = *user}, events);
  return {.done = user ? 1U : 0U, .is_known = user.has_value()};
}

RecsMachine::Reply RecsMachine::decide_one(const PutDocument& command, Timestamp, EventSink& events) {
  const auto& names = documents_[static_cast<size_t>(command.kind)];
  const bool is_known = names.contains(command.name);
  if (!is_known && names.size() >= capacity_.documents) return {.has_room = false};
  record(DocumentPut{.kind = command.kind, .name = command.name, .content = as_bytes(command.content)}, events);
  return {.done = 1, .is_known = is_known};
}

RecsMachine::Reply RecsMachine::decide_one(const RemoveDocument& command, Timestamp, EventSink& events) {
  const bool is_known = documents_[static_cast<size_t>(command.kind)].contains(command.name);
  if (is_known) record(DocumentRemoved{.kind = command.kind, .name = command.name}, events);
  return {.done = is_known ? 1U : 0U, .is_known = is_known};
}

void RecsMachine::prefetch(const Command& command) const {
  const auto* record = std::get_if<RecordEvents>(&command);
  if (record == nullptr || record->rows.empty()) return;
  items_.prefetch(record->rows.front().item);
}

// What is of no kind below changes nothing here.
void RecsMachine::apply_one(const Event& event) {
  ++sequence_;
  if (const auto* row = std::get_if<Interaction>(&event)) {
    if (row->user != kNobody) table_of(VisitorKind::kUser).touch(row->user);
    if (row->session != kNobody) table_of(VisitorKind::kSession).touch(row->session);
    if (row->id_hash != 0) ids_.add(row->id_hash);
    if (row->counts_once()) ids_.add(once_hash(row->kind, row->recommendation, row->item));
  } else if (const auto* item = std::get_if<ItemNamed>(&event)) {
    ASSERT(items_.add(item->hash) == item->item);
  } else if (const auto* visitor = std::get_if<VisitorNamed>(&event)) {
    table_of(visitor->kind).add(visitor->visitor, visitor->hash);
  } else if (const auto* forgotten = std::get_if<VisitorForgotten>(&event)) {
    table_of(forgotten->kind).remove(forgotten->visitor);
  } else if (const auto* user = std::get_if<UserPut>(&event)) {
    table_of(VisitorKind::kUser).touch(user->user);
  } else if (const auto* put = std::get_if<DocumentPut>(&event)) {
    documents_[static_cast<size_t>(put->kind)].emplace(put->name);
  } else if (const auto* removed = std::get_if<DocumentRemoved>(&event)) {
    auto& names = documents_[static_cast<size_t>(removed->kind)];
    if (const auto known = names.find(removed->name); known != names.end()) names.erase(known);
  }
}

Result<void> RecsMachine::apply(Bytes events, Timestamp at) {
  const uint64_t before = sequence_;
  const uint64_t count = TRY(for_each_event(events, at, [this](const Event& event) { apply_one(event); }));
  sequence_ = before + count;  // those of unknown kinds, too
  return {};
}

RecsMachine::Publication RecsMachine::publication() const {
  return {.items = items_.size(),
          .users = visitors_[0].size(),
          .sessions = visitors_[1].size(),
          .duplicates = duplicates_,
          .made_room = made_room_};
}

}  // namespace doorbuster::recs
