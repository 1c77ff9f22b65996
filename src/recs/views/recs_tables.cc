#include "recs/views/recs_tables.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.h"
#include "base/prefetch.h"

namespace doorbuster::recs {
namespace {

constexpr uint64_t kWeightOfView = 1;
constexpr uint64_t kWeightOfCart = 3;
constexpr uint64_t kWeightOfPurchase = 10;
constexpr size_t kLinksPruned = 64;

bool is_purchase(EventKind kind, uint8_t) { return kind == EventKind::kPurchase; }

// A kind of the shop's own is at most as a cart, however much it weighs: only what is bought was bought.
BasketEvent basket_event(EventKind kind, uint64_t weight) {
  if (kind == EventKind::kPurchase) return BasketEvent::kPurchase;
  return weight >= kWeightOfCart ? BasketEvent::kCart : BasketEvent::kView;
}

std::array<std::unique_ptr<PairCounts>, kPairKinds> no_pairs(const Baskets& baskets) {
  return {std::make_unique<PairCounts>(pair_options(PairKind::kBought), Timestamp(), baskets),
          std::make_unique<PairCounts>(pair_options(PairKind::kViewed), Timestamp(), baskets)};
}

uint32_t whole_seconds(Timestamp at) {
  return static_cast<uint32_t>(std::clamp<int64_t>(at.micros() / 1'000'000, 0, UINT32_MAX));
}

// Of a session, of what was done in it; nothing where it is no visit. What is done with an item right behind something
// else with it is the same click.
struct VisitClicks {
  std::array<ItemNumber, kSessionClicksMax> items;
  size_t clicks = 0;
  uint32_t began = 0;
};

template <class IsInterest>
VisitClicks visit_of(const History& history, size_t history_max, const IsInterest& is_interest) {
  VisitClicks visit;
  if (history.size() >= history_max) return visit;
  for (const Touch& touch : history.touches()) {
    if (!is_interest(touch) || (visit.clicks > 0 && visit.items[visit.clicks - 1] == touch.item)) continue;
    if (visit.clicks == kSessionClicksMax) return {};
    if (visit.clicks == 0) visit.began = whole_seconds(touch.at);
    visit.items[visit.clicks++] = touch.item;
  }
  return visit;
}

}  // namespace

uint64_t weight_of(EventKind kind) {
  switch (kind) {
    case EventKind::kView:
    case EventKind::kClick:
      return kWeightOfView;
    case EventKind::kCart:
      return kWeightOfCart;
    case EventKind::kPurchase:
      return kWeightOfPurchase;
    case EventKind::kCancel:
    case EventKind::kImpression:
    case EventKind::kOther:
      return 0;
  }
  return 0;
}

RecsTables::RecsTables(size_t history, const SessionIndexLimits& visits, std::string folder)
    : history_(history),
      visits_limits_(visits),
      contents_(std::move(folder)),
      new_items_(catalogue_, contents_),
      pairs_(no_pairs(histories_)),
      visits_(std::make_unique<SessionIndex>(visits)) {
  ASSERT(history > 0 && history <= kHistoryMax);
}

std::string_view RecsTables::content_of_user(uint32_t user) const {
  const auto found = user_contents_.find(user);
  return found == user_contents_.end() ? std::string_view() : std::string_view(found->second);
}

void RecsTables::note(const Event& event, Timestamp at) {
  advance(at);
  if (const auto* row = std::get_if<Interaction>(&event)) {
    if (!experiments_.empty()) note_in_experiments(*row, at);
    if (row->is_response()) note_response(*row, at);
    note_interaction(*row);
  } else if (const auto* item = std::get_if<ItemNamed>(&event)) {
    catalogue_.name(*item, at);
  } else if (const auto* visitor = std::get_if<VisitorNamed>(&event)) {
    name(*visitor);
  } else if (const auto* forgotten = std::get_if<VisitorForgotten>(&event)) {
    forget(*forgotten);
  } else if (const auto* put = std::get_if<ItemPut>(&event)) {
    // What an earlier release took and this one does not is as if nothing had been said.
    keep_item_aside(put->item);
    put_item(put->item, parse_content(as_text(put->content)).value_or(Content()));
  } else if (const auto* removed = std::get_if<ItemRemoved>(&event)) {
    keep_item_aside(removed->item);
    remove_item(removed->item);
  } else if (const auto* stock = std::get_if<ItemStock>(&event)) {
    keep_item_aside(stock->item);
    catalogue_.set_stock(stock->item, stock->in_stock);
  } else if (const auto* user = std::get_if<UserPut>(&event)) {
    keep_aside(VisitorKind::kUser, user->user);
    put_content(user->user, as_text(user->content));
  } else if (const auto* document = std::get_if<DocumentPut>(&event)) {
    put_document(document->kind, std::string(document->name), std::string(as_text(document->content)), at);
  } else if (const auto* gone = std::get_if<DocumentRemoved>(&event)) {
    remove_document(*gone);
  }
}

void RecsTables::name(const VisitorNamed& event) {
  keep_aside(event.kind, event.visitor);
  Visitors& known = visitors(event.kind);
  known.index.add(event.visitor, event.hash);
  if (event.visitor >= known.histories.size()) known.histories.resize(size_t{event.visitor} + 1);
  if (event.kind == VisitorKind::kUser && event.visitor >= sessions_of_user_.size())
    sessions_of_user_.resize(size_t{event.visitor} + 1);
}

uint64_t RecsTables::weight_of(EventKind kind, uint8_t word) const {
  return word != 0 ? own_kinds_.weight(word) : recs::weight_of(kind);
}

// As the event says, or else the profile.
uint16_t RecsTables::country_of(const Interaction& row) const {
  if (row.country != 0 || row.user == kNobody) return row.country;
  const auto known = countries_.find(row.user);
  return known == countries_.end() ? 0 : known->second;
}

// An impression is nothing that a visitor did.
void RecsTables::note_interaction(const Interaction& row) {
  if (row.kind == EventKind::kImpression) return;
  if (row.kind == EventKind::kCancel) {
    if (row.user != kNobody) cancel(VisitorKind::kUser, row.user, row.item);
    if (row.session != kNobody) cancel(VisitorKind::kSession, row.session, row.item);
    return;
  }
  Touch touch{.at = row.at,
              .item = row.item,
              .by = row.user,
              .quantity = row.quantity,
              .value_thousandths = row.value_thousandths,
              .kind = row.kind,
              .word = row.word.empty() ? uint8_t{0} : own_kinds_.number_of(row.word),
              .country = country_of(row)};
  if (row.session != kNobody) {
    if (row.user != kNobody) link(row.user, row.session);
    keep(VisitorKind::kSession, row.session, touch);
  }
  touch.by = kNobody;
  if (row.user != kNobody) keep(VisitorKind::kUser, row.user, touch);
}

// Of a session what a user did in it counts with the user.
void RecsTables::Histories::read(BasketNumber basket, std::vector<BasketEntry>& into) const {
  const History& history = tables_.visitors_[basket & 1].histories[basket >> 1];
  history.each_newest([&](Timestamp at, uint32_t item, EventKind kind, bool is_of_user, uint8_t word, uint16_t) {
    const uint64_t weight = is_of_user ? 0 : tables_.weight_of(kind, word);
    if (weight > 0) into.push_back({whole_seconds(at), item, basket_event(kind, weight)});
  });
}

void RecsTables::Histories::prefetch_place(BasketNumber basket) const {
  prefetch_to_read(&tables_.visitors_[basket & 1].histories[basket >> 1]);
}

void RecsTables::Histories::prefetch(BasketNumber basket) const {
  tables_.visitors_[basket & 1].histories[basket >> 1].prefetch();
}

// Pairs and the visit are made anew of what the history is afterwards.
template <class Change>
void RecsTables::edit(VisitorKind kind, uint32_t visitor, Change&& change) {
  keep_aside(kind, visitor);
  if (!is_counting_) return change(visitors(kind).histories[visitor]);
  const BasketNumber basket = basket_of(kind, visitor);
  const auto members = [&] {
    entries_.clear();
    histories_.read(basket, entries_);
    return std::array{pairs_[0]->members_in(entries_), pairs_[1]->members_in(entries_)};
  };
  const auto before = members();
  History& history = visitors(kind).histories[visitor];
  uint64_t& bytes = history_bytes_[static_cast<size_t>(kind)];
  bytes -= history.bytes();
  change(history);
  bytes += history.bytes();
  const auto after = members();
  for (size_t pairs = 0; pairs < kPairKinds; ++pairs) pairs_[pairs]->change(basket, before[pairs], after[pairs]);
  if (kind == VisitorKind::kSession) update_visit(visitor);
}

void RecsTables::cancel(VisitorKind kind, uint32_t visitor, uint32_t item) {
  const auto purchase = visitors(kind).histories[visitor].purchase_of(item);
  if (!purchase) return;
  edit(kind, visitor, [&](History& history) { take_back(history, history.remove(*purchase)); });
}

void RecsTables::keep(VisitorKind kind, uint32_t visitor, const Touch& touch) {
  edit(kind, visitor, [&](History& history) {
    count(history, touch);
    history.add(touch);
    if (const auto index = history.one_too_many(history_)) take_back(history, history.remove(*index));
  });
}

// One for which there is no room is left out, until it changes or goes.
void RecsTables::update_visit(uint32_t session) {
  const VisitClicks visit = visit_of(visitors(VisitorKind::kSession).histories[session], history_,
                                     [this](const Touch& touch) { return weight_of(touch.kind, touch.word) > 0; });
  (void)visits_->put(session, visit.began, std::span(visit.items).first(visit.clicks));
}

std::optional<uint32_t> RecsTables::session_of(uint32_t user) const {
  const auto heard_at = [&](uint32_t session) {
    const History& history = history_of(VisitorKind::kSession, session);
    return history.empty() ? Timestamp() : history[history.size() - 1].at;
  };
  const std::vector<uint32_t>& sessions = sessions_of_user_[user];
  const auto last = std::ranges::max_element(sessions, {}, heard_at);
  return last == sessions.end() ? std::nullopt : std::optional(*last);
}

// The touch is not in the history yet.
void RecsTables::count(const History& history, const Touch& touch) {
  if (!is_counting_) return;
  ++interactions_;
  const uint64_t weight = weight_of(touch.kind, touch.word);
  if (touch.by != kNobody || weight == 0) return;
  catalogue_.grow(touch.item, weight);
  recent_.add(touch.item, touch.at, weight);
  if (touch.country != 0) regions_.add(touch.country, touch.item, touch.at, weight);
  const auto is_interest = [this](EventKind kind, uint8_t word) { return weight_of(kind, word) > 0; };
  Item& item = catalogue_.at(touch.item);
  if (!history.has_own(touch.item, is_interest)) {
    ++item.viewed_by;
    new_items_.count(touch.item);
  }
  if (touch.kind == EventKind::kPurchase && !history.has_own(touch.item, is_purchase)) ++item.bought_by;
}

// It is not in the history any more.
void RecsTables::take_back(const History& history, const Touch& touch) {
  if (!is_counting_) return;
  --interactions_;
  const uint64_t weight = weight_of(touch.kind, touch.word);
  if (touch.by != kNobody || weight == 0) return;
  catalogue_.shrink(touch.item, weight);
  recent_.remove(touch.item, touch.at, weight);
  if (touch.country != 0) regions_.remove(touch.country, touch.item, touch.at, weight);
  const auto is_interest = [this](EventKind kind, uint8_t word) { return weight_of(kind, word) > 0; };
  Item& item = catalogue_.at(touch.item);
  if (!history.has_own(touch.item, is_interest)) {
    --item.viewed_by;
    new_items_.count(touch.item);
  }
  if (touch.kind == EventKind::kPurchase && !history.has_own(touch.item, is_purchase)) --item.bought_by;
}

// To the second: the same at whatever event of it a replay begins.
void RecsTables::advance(Timestamp now) {
  const auto second = Timestamp::from_micros(now.micros() / 1'000'000 * 1'000'000);
  if (second <= advanced_to_) return;
  advanced_to_ = second;
  recent_.advance(second);
  regions_.advance(second);
  for (const auto& pairs : pairs_) {
    if (pairs->advance(second) && is_counting_) pairs->count(baskets());
  }
  visits_->set_now(whole_seconds(second));
}

void RecsTables::forget(const VisitorForgotten& event) {
  Visitors& known = visitors(event.kind);
  edit(event.kind, event.visitor, [&](History& history) {
    while (!history.empty()) take_back(history, history.remove(history.size() - 1));
    history = {};
  });
  if (on_forgotten_) on_forgotten_(event.kind, known.index.at(event.visitor));
  known.index.remove(event.visitor);
  forget_in_experiments(event);
  if (event.kind != VisitorKind::kUser) return;
  put_content(event.visitor, "");
  for (const uint32_t session : std::exchange(sessions_of_user_[event.visitor], {}))
    forget_in_session(event.visitor, session);
}

// Of those in which nothing of theirs is any more some are dropped, so that the list stays as long as what it is for.
void RecsTables::link(uint32_t user, uint32_t session) {
  std::vector<uint32_t>& sessions = sessions_of_user_[user];
  if (std::ranges::find(sessions, session) != sessions.end()) return;
  if (sessions.size() >= kLinksPruned && std::has_single_bit(sessions.size())) {
    std::erase_if(sessions, [&](uint32_t each) {
      return std::ranges::none_of(visitors(VisitorKind::kSession).histories[each].touches(),
                                  [&](const Touch& touch) { return touch.by == user; });
    });
  }
  sessions.push_back(session);
}

// The session remembers what they did there.
void RecsTables::forget_in_session(uint32_t user, uint32_t number) {
  const NumberIndex& sessions = visitors(VisitorKind::kSession).index;
  if (on_forgotten_ && sessions.knows(number)) on_forgotten_(VisitorKind::kSession, sessions.at(number));
  edit(VisitorKind::kSession, number, [&](History& session) {
    for (size_t index = session.size(); index > 0; --index) {
      if (session[index - 1].by == user) take_back(session, session.remove(index - 1));
    }
  });
}

void RecsTables::clear() {
  catalogue_.clear();
  contents_.clear();
  new_items_.clear();
  if (!is_counting_) new_items_.hold_back();
  for (Visitors& known : visitors_) {
    known.index.clear();
    known.histories.clear();
  }
  pairs_ = no_pairs(histories_);
  recent_.clear();
  visits_ = std::make_unique<SessionIndex>(visits_limits_);
  advanced_to_ = {};
  sessions_of_user_.clear();
  user_contents_.clear();
  for (Documents& documents : documents_) documents.clear();
  rules_.clear();
  surfaces_.clear();
  experiments_.clear();
  experiment_counts_.clear();
  surface_counts_.clear();
  regions_.clear();
  countries_.clear();
  own_kinds_.clear_names();
  interactions_ = 0;
  history_bytes_ = {};
  content_bytes_ = 0;
}

}  // namespace doorbuster::recs
