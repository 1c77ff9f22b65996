#include "recs/views/recs_tables.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.h"

namespace doorbuster::recs {
namespace {

constexpr uint64_t kWeightOfView = 1;
constexpr uint64_t kWeightOfCart = 3;
constexpr uint64_t kWeightOfPurchase = 10;
constexpr size_t kLinksPruned = 64;

bool is_purchase(const Touch& touch) { return touch.kind == EventKind::kPurchase; }
bool is_interest(const Touch& touch) { return weight_of(touch.kind) > 0; }

// Of a session what a user did in it counts with the user.
template <class Has>
bool has_such(const History& history, uint32_t item, const Has& has) {
  return std::ranges::any_of(history.touches(),
                             [&](const Touch& each) { return each.by == kNobody && each.item == item && has(each); });
}

BasketEvent basket_event(EventKind kind) {
  if (kind == EventKind::kPurchase) return BasketEvent::kPurchase;
  return kind == EventKind::kCart ? BasketEvent::kCart : BasketEvent::kView;
}

// What is put into a cart says something of what is bought; what is looked at says nothing.
CoOccurrenceOptions options_of(PairKind kind) {
  if (kind == PairKind::kBought) return {.kind_weights = {0, 1, 4}};
  return {.kind_weights = {1, 1, 1}};
}

std::array<std::unique_ptr<CoOccurrence>, kPairKinds> no_pairs() {
  return {std::make_unique<CoOccurrence>(options_of(PairKind::kBought), Timestamp()),
          std::make_unique<CoOccurrence>(options_of(PairKind::kViewed), Timestamp())};
}

uint64_t basket_of(VisitorKind kind, uint32_t visitor) { return uint64_t{visitor} << 1 | static_cast<uint64_t>(kind); }

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

RecsTables::RecsTables(size_t history) : history_(history), pairs_(no_pairs()) {
  ASSERT(history > 0 && history <= kHistoryMax);
}

std::string_view RecsTables::content_of_user(uint32_t user) const {
  const auto found = user_contents_.find(user);
  return found == user_contents_.end() ? std::string_view() : std::string_view(found->second);
}

RecsTables::Usage RecsTables::usage() const {
  Usage usage{.items = catalogue_.size(),
              .users = visitors_[0].index.size(),
              .sessions = visitors_[1].index.size(),
              .interactions = interactions_};
  for (size_t kind = 0; kind < kPairKinds; ++kind) {
    usage.pairs[kind] = pairs_[kind]->pairs();
    usage.pair_bytes[kind] = pairs_[kind]->bytes();
  }
  return usage;
}

void RecsTables::note(const Event& event, Timestamp at) {
  advance(at);
  if (const auto* row = std::get_if<Interaction>(&event)) {
    note_interaction(*row);
  } else if (const auto* item = std::get_if<ItemNamed>(&event)) {
    catalogue_.name(*item, at);
  } else if (const auto* visitor = std::get_if<VisitorNamed>(&event)) {
    name(*visitor);
  } else if (const auto* forgotten = std::get_if<VisitorForgotten>(&event)) {
    forget(*forgotten);
  } else if (const auto* put = std::get_if<ItemPut>(&event)) {
    // What an earlier release took and this one does not is as if nothing had been said.
    catalogue_.put(put->item, parse_content(as_text(put->content)).value_or(Content()));
  } else if (const auto* removed = std::get_if<ItemRemoved>(&event)) {
    catalogue_.remove(removed->item);
  } else if (const auto* stock = std::get_if<ItemStock>(&event)) {
    catalogue_.set_stock(stock->item, stock->in_stock);
  } else if (const auto* user = std::get_if<UserPut>(&event)) {
    user_contents_.insert_or_assign(user->user, std::string(as_text(user->content)));
  } else if (const auto* document = std::get_if<DocumentPut>(&event)) {
    put_document(document->kind, std::string(document->name), std::string(as_text(document->content)));
  } else if (const auto* gone = std::get_if<DocumentRemoved>(&event)) {
    remove_document(*gone);
  }
}

// What an earlier release took and this one does not is kept, and has no effect.
void RecsTables::put_document(DocumentKind kind, const std::string& name, const std::string& content) {
  documents_[static_cast<size_t>(kind)].insert_or_assign(name, content);
  if (kind == DocumentKind::kRule) {
    rules_.erase(name);
    if (auto rule = parse_rule(content)) rules_.emplace(name, *std::move(rule));
  } else if (kind == DocumentKind::kSurface) {
    surfaces_.erase(name);
    if (auto surface = parse_surface(content)) surfaces_.emplace(name, *std::move(surface));
  }
}

void RecsTables::remove_document(const DocumentRemoved& event) {
  const std::string name(event.name);
  documents_[static_cast<size_t>(event.kind)].erase(name);
  if (event.kind == DocumentKind::kRule) rules_.erase(name);
  if (event.kind == DocumentKind::kSurface) surfaces_.erase(name);
}

void RecsTables::name(const VisitorNamed& event) {
  Visitors& known = visitors(event.kind);
  known.index.add(event.visitor, event.hash);
  if (event.visitor >= known.histories.size()) known.histories.resize(size_t{event.visitor} + 1);
  if (event.kind == VisitorKind::kUser && event.visitor >= sessions_of_user_.size())
    sessions_of_user_.resize(size_t{event.visitor} + 1);
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
              .kind = row.kind};
  if (row.session != kNobody) {
    if (row.user != kNobody) link(row.user, row.session);
    keep(VisitorKind::kSession, row.session, touch);
  }
  touch.by = kNobody;
  if (row.user != kNobody) keep(VisitorKind::kUser, row.user, touch);
}

void RecsTables::cancel(VisitorKind kind, uint32_t visitor, uint32_t item) {
  History& history = visitors(kind).histories[visitor];
  const auto purchase = history.purchase_of(item);
  if (!purchase) return;
  const Touch touch = history.remove(*purchase);
  take_back(basket_of(kind, visitor), history, touch);
}

void RecsTables::keep(VisitorKind kind, uint32_t visitor, const Touch& touch) {
  History& history = visitors(kind).histories[visitor];
  const uint64_t basket = basket_of(kind, visitor);
  count(basket, history, touch);
  history.add(touch);
  if (const auto index = history.one_too_many(history_)) {
    const Touch removed = history.remove(*index);
    take_back(basket, history, removed);
  }
}

// The touch is not in the history yet.
void RecsTables::count(uint64_t basket, const History& history, const Touch& touch) {
  ++interactions_;
  if (touch.by != kNobody || !is_interest(touch)) return;
  catalogue_.grow(touch.item, weight_of(touch.kind));
  recent_.add(touch.item, touch.at, weight_of(touch.kind));
  Item& item = catalogue_.at(touch.item);
  if (!has_such(history, touch.item, is_interest)) ++item.viewed_by;
  if (is_purchase(touch) && !has_such(history, touch.item, is_purchase)) ++item.bought_by;
  for (const auto& pairs : pairs_) (void)pairs->add(basket, touch.item, basket_event(touch.kind), touch.at);
}

// It is not in the history any more. What is older than what pairs are counted of is in none of them.
void RecsTables::take_back(uint64_t basket, const History& history, const Touch& touch) {
  --interactions_;
  if (touch.by != kNobody || !is_interest(touch)) return;
  catalogue_.shrink(touch.item, weight_of(touch.kind));
  recent_.remove(touch.item, touch.at, weight_of(touch.kind));
  Item& item = catalogue_.at(touch.item);
  if (!has_such(history, touch.item, is_interest)) --item.viewed_by;
  if (is_purchase(touch) && !has_such(history, touch.item, is_purchase)) --item.bought_by;
  for (const auto& pairs : pairs_)
    ASSERT(pairs->remove(basket, touch.item, basket_event(touch.kind), touch.at) != CoOccurrence::Removed::kTruncated);
}

// To the second: the same at whatever event of it a replay begins.
void RecsTables::advance(Timestamp now) {
  const auto second = Timestamp::from_micros(now.micros() / 1'000'000 * 1'000'000);
  if (second <= advanced_to_) return;
  advanced_to_ = second;
  recent_.advance(second);
  for (const auto& pairs : pairs_) pairs->advance(second);
}

void RecsTables::forget(const VisitorForgotten& event) {
  Visitors& known = visitors(event.kind);
  History& history = known.histories[event.visitor];
  const uint64_t basket = basket_of(event.kind, event.visitor);
  while (!history.empty()) {
    const Touch touch = history.remove(history.touches().size() - 1);
    take_back(basket, history, touch);
  }
  history = {};
  known.index.remove(event.visitor);
  if (event.kind != VisitorKind::kUser) return;
  user_contents_.erase(event.visitor);
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
  History& session = visitors(VisitorKind::kSession).histories[number];
  for (size_t index = session.touches().size(); index > 0; --index) {
    if (session.touches()[index - 1].by != user) continue;
    const Touch touch = session.remove(index - 1);
    take_back(basket_of(VisitorKind::kSession, number), session, touch);
  }
}

void RecsTables::clear() {
  catalogue_.clear();
  for (Visitors& known : visitors_) {
    known.index.clear();
    known.histories.clear();
  }
  pairs_ = no_pairs();
  recent_.clear();
  advanced_to_ = {};
  sessions_of_user_.clear();
  user_contents_.clear();
  for (Documents& documents : documents_) documents.clear();
  rules_.clear();
  surfaces_.clear();
  interactions_ = 0;
}

bool RecsTables::counts_as(const RecsTables& other) const {
  if (catalogue_.size() != other.catalogue_.size()) return false;
  for (size_t kind = 0; kind < kPairKinds; ++kind) {
    if (pairs_[kind]->state() != other.pairs_[kind]->state()) return false;
  }
  for (uint32_t item = 0; item < catalogue_.size(); ++item) {
    const Item& a = catalogue_[item];
    const Item& b = other.catalogue_[item];
    if (a.bought_by != b.bought_by || a.viewed_by != b.viewed_by) return false;
    if (catalogue_.popularity_of(item) != other.catalogue_.popularity_of(item)) return false;
  }
  return interactions_ == other.interactions_ && recent_.counts_as(other.recent_);
}

}  // namespace doorbuster::recs
