#include "recs/models/co_occurrence.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "base/assert.h"
#include "recs/models/best_of.h"

namespace doorbuster::recs {
namespace {

constexpr uint32_t kHalfLivesMax = 24;   // from the landmark on; what is later weighs no more
constexpr uint32_t kHalfLivesAStep = 8;  // by which the landmark moves: it is 8 to 16 half-lives back
constexpr uint32_t kStepsAHalfLife = 8;  // a weight changes by 9 % from one to the next
constexpr uint32_t kFullFactor = 256;    // of a basket of one
// 128 * 2^(i/8), rounded.
constexpr std::array<uint64_t, kStepsAHalfLife> kMantissas = {128, 140, 152, 166, 181, 197, 215, 235};

// The largest sum of a row: all of its baskets, at the latest time, with the strongest kinds.
static_assert(uint64_t{CoOccurrence::kKindWeightMax} * CoOccurrence::kKindWeightMax *
                      CoOccurrence::kDirectionWeightMax * kFullFactor * 256 <=
                  UINT64_MAX / CoOccurrence::kBasketsARowMax >> kHalfLivesMax,
              "a pair's weight fits into 64 bits");
static_assert(std::bit_width(CoOccurrence::kMembersMax) == 7, "as many factors as sizes of baskets");

uint32_t seconds_of(Timestamp at) {
  return static_cast<uint32_t>(std::clamp<int64_t>(at.micros() / 1'000'000, 0, UINT32_MAX));
}

// value ^ (quarters / 4): only by square roots, which are the same on every machine.
float power_of(float value, uint8_t quarters) {
  const float half = std::sqrt(value);
  const float quarter = std::sqrt(half);
  constexpr std::array kWhole = {0, 0, 1, 1, 2};  // halves
  float product = 1;
  for (int i = 0; i < kWhole[quarters]; ++i) product *= half;
  return quarters % 2 == 1 ? product * quarter : product;
}

// Both lie by item and have none in common.
template <class Pair>
void insert_sorted(std::vector<Pair>& pairs, const std::vector<Pair>& added) {
  size_t from = pairs.size(), left = added.size();
  pairs.resize(from + left);
  for (size_t to = pairs.size(); left > 0; --to) {
    const bool is_added = from == 0 || pairs[from - 1].item < added[left - 1].item;
    pairs[to - 1] = is_added ? added[--left] : pairs[--from];
  }
}

}  // namespace

CoOccurrence::CoOccurrence(const CoOccurrenceOptions& options, Timestamp start)
    : options_(options), half_life_seconds_(seconds_of(Timestamp() + options.half_life)) {
  ASSERT(half_life_seconds_ >= 60);
  ASSERT(options.baskets_a_row > 0 && options.baskets_a_row <= kBasketsARowMax);
  ASSERT(options.forward_weight <= kDirectionWeightMax && options.backward_weight <= kDirectionWeightMax);
  ASSERT(options.basket_power <= 4 && options.target_power <= 4 && options.source_power <= 4);
  for (const uint8_t weight : options.kind_weights) ASSERT(weight <= kKindWeightMax);
  for (size_t i = 0; i < basket_factors_.size(); ++i) {
    const float members = static_cast<float>(size_t{1} << i);
    basket_factors_[i] = static_cast<uint32_t>(std::lround(kFullFactor / power_of(members, options.basket_power)));
  }
  advance(start);
}

bool CoOccurrence::add(uint64_t basket, ItemNumber item, BasketEvent kind, Timestamp at) {
  const Addition event{.item = item, .kind = kind, .at = at};
  return add(basket, {&event, 1}) == 1;
}

size_t CoOccurrence::add(uint64_t basket, std::span<const Addition> events) {
  std::vector<Event> added;
  for (const Addition& one : events) {
    const Event event{.seconds = seconds_of(one.at), .item = one.item, .kind = one.kind};
    if (options_.kind_weights[static_cast<size_t>(one.kind)] == 0 || event.seconds < landmark_) continue;
    if (one.item >= items_.size()) items_.resize(size_t{one.item} + 1);
    added.push_back(event);
  }
  if (added.empty()) return 0;
  Basket& changed = baskets_[basket];
  edit(basket, changed, [&](std::vector<Event>& kept) {
    for (const Event& event : added) kept.insert(std::ranges::upper_bound(kept, event), event);
    if (kept.size() <= kEventsMax) return;
    kept.erase(kept.begin(), kept.end() - kEventsMax);
    changed.is_truncated = true;
  });
  return added.size();
}

CoOccurrence::Removed CoOccurrence::remove(uint64_t basket, ItemNumber item, BasketEvent kind, Timestamp at) {
  const Event event{.seconds = seconds_of(at), .item = item, .kind = kind};
  const auto found = baskets_.find(basket);
  if (found == baskets_.end()) return Removed::kNothing;
  Basket& changed = found->second;
  const auto place = std::ranges::lower_bound(changed.events, event);
  if (place == changed.events.end() || *place != event) return Removed::kNothing;
  const bool was_truncated = changed.is_truncated;
  edit(basket, changed, [&](std::vector<Event>& events) { events.erase(place); });
  if (changed.events.empty()) baskets_.erase(found);
  return was_truncated ? Removed::kTruncated : Removed::kExactly;
}

void CoOccurrence::remove_basket(uint64_t basket) {
  const auto found = baskets_.find(basket);
  if (found == baskets_.end()) return;
  edit(basket, found->second, [](std::vector<Event>& events) { events.clear(); });
  baskets_.erase(found);
}

void CoOccurrence::remove_item(ItemNumber item) {
  for (auto at = baskets_.begin(); at != baskets_.end();) {
    auto& [key, basket] = *at;
    const auto is_of_item = [item](const Event& event) { return event.item == item; };
    if (std::ranges::any_of(basket.events, is_of_item)) {
      edit(key, basket, [&](std::vector<Event>& events) { std::erase_if(events, is_of_item); });
    }
    at = basket.events.empty() ? baskets_.erase(at) : std::next(at);
  }
}

template <class Edit>
void CoOccurrence::edit(uint64_t key, Basket& basket, Edit&& change) {
  const Members before = members_of(basket);
  change(basket.events);
  count(key, before, members_of(basket));
}

CoOccurrence::Members CoOccurrence::members_of(const Basket& basket) const {
  Members members;
  for (auto event = basket.events.rbegin(); event != basket.events.rend(); ++event) {
    const uint32_t weight = options_.kind_weights[static_cast<size_t>(event->kind)];
    const auto known = std::ranges::find(members.list, event->item, &Member::item);
    if (known == members.list.end()) {
      if (members.list.size() < kMembersMax) members.list.push_back({event->item, event->seconds, weight});
    } else if (weight > known->weight) {
      *known = {event->item, event->seconds, weight};
    }
  }
  std::ranges::sort(members.list, {}, &Member::item);
  if (!members.list.empty()) members.factor = basket_factors_[std::bit_width(members.list.size()) - 1];
  return members;
}

// Postings move first, so that what is counted of this basket is taken back by the places that it was counted by.
void CoOccurrence::count(uint64_t key, const Members& before, const Members& after) {
  if (before.list == after.list) return;
  const auto is_placed = [](const Members& members, const Member& wanted) {
    const auto found = std::ranges::lower_bound(members.list, wanted.item, {}, &Member::item);
    return found != members.list.end() && found->item == wanted.item && found->seconds == wanted.seconds;
  };
  count_rows(key, before, after, Sign::kMinus);
  for (const Member& member : before.list) {
    items_[member.item].weight -= member.weight * decay(member.seconds);
    if (!is_placed(after, member)) remove_posting(key, member);
  }
  for (const Member& member : after.list) {
    items_[member.item].weight += member.weight * decay(member.seconds);
    if (!is_placed(before, member)) add_posting(key, member);
  }
  count_rows(key, after, before, Sign::kPlus);
}

// A row whose own member stays as it is changes by those of its partners that do not.
void CoOccurrence::count_rows(uint64_t key, const Members& of, const Members& other, Sign sign) {
  const auto stays = [&](const Member& member) {
    const auto found = std::ranges::lower_bound(other.list, member.item, {}, &Member::item);
    return found != other.list.end() && *found == member;
  };
  std::vector<Member> changed;
  std::ranges::copy_if(of.list, std::back_inserter(changed), [&](const Member& member) { return !stays(member); });
  for (const Member& row : of.list) {
    if (!is_counted(key, row)) continue;
    const bool is_partial = of.factor == other.factor && stays(row);
    count_row(row, is_partial ? changed : of.list, of.factor, sign);
  }
}

// Partners lie by item, as pairs do: those that have a pair are changed in its place, and the others put in at once.
void CoOccurrence::count_row(const Member& row, std::span<const Member> partners, uint32_t factor, Sign sign) {
  std::vector<Pair>& pairs = items_[row.item].row;
  std::vector<Pair> missing;
  bool is_any_gone = false;
  auto pair = pairs.begin();
  for (const Member& partner : partners) {
    const uint64_t weight = partner.item == row.item ? 0 : pair_weight(row, partner, factor);
    if (weight == 0) continue;
    pair = std::ranges::lower_bound(pair, pairs.end(), partner.item, {}, &Pair::item);
    if (pair == pairs.end() || pair->item != partner.item) {
      ASSERT(sign == Sign::kPlus);
      missing.push_back(Pair::of(partner.item, weight));
      continue;
    }
    ASSERT(sign == Sign::kPlus || pair->weight() >= weight);
    *pair = Pair::of(partner.item, sign == Sign::kPlus ? pair->weight() + weight : pair->weight() - weight);
    is_any_gone = is_any_gone || pair->weight() == 0;
  }
  if (is_any_gone) std::erase_if(pairs, [](const Pair& gone) { return gone.weight() == 0; });
  insert_sorted(pairs, missing);
}

void CoOccurrence::add_posting(uint64_t key, const Member& member) {
  const Posting posting{member.seconds, static_cast<uint32_t>(key >> 32), static_cast<uint32_t>(key)};
  std::vector<Posting>& postings = items_[member.item].postings;
  const auto place = postings.insert(std::ranges::upper_bound(postings, posting), posting);
  if (postings.size() <= options_.baskets_a_row) return;
  const auto leaving = postings.end() - options_.baskets_a_row - 1;
  if (place > leaving) count_other(leaving->basket(), member.item, Sign::kMinus);
}

void CoOccurrence::remove_posting(uint64_t key, const Member& member) {
  const Posting posting{member.seconds, static_cast<uint32_t>(key >> 32), static_cast<uint32_t>(key)};
  std::vector<Posting>& postings = items_[member.item].postings;
  const auto place = std::ranges::lower_bound(postings, posting);
  ASSERT(place != postings.end() && *place == posting);
  if (postings.size() > options_.baskets_a_row) {
    const auto entering = postings.end() - options_.baskets_a_row - 1;
    if (place > entering) count_other(entering->basket(), member.item, Sign::kPlus);
  }
  postings.erase(place);
}

// Another basket, which enters or leaves the newest ones of the item.
void CoOccurrence::count_other(uint64_t key, ItemNumber item, Sign sign) {
  const Members members = members_of(baskets_.at(key));
  const auto row = std::ranges::lower_bound(members.list, item, {}, &Member::item);
  ASSERT(row != members.list.end() && row->item == item);
  count_row(*row, members.list, members.factor, sign);
}

bool CoOccurrence::is_counted(uint64_t key, const Member& member) const {
  const std::vector<Posting>& postings = items_[member.item].postings;
  if (postings.size() <= options_.baskets_a_row) return true;
  const Posting posting{member.seconds, static_cast<uint32_t>(key >> 32), static_cast<uint32_t>(key)};
  return posting >= *(postings.end() - options_.baskets_a_row);
}

uint64_t CoOccurrence::pair_weight(const Member& row, const Member& partner, uint32_t factor) const {
  const uint32_t direction = row.seconds <= partner.seconds ? options_.forward_weight : options_.backward_weight;
  return uint64_t{row.weight} * partner.weight * direction * factor * decay(std::max(row.seconds, partner.seconds));
}

uint64_t CoOccurrence::decay(uint32_t seconds) const {
  ASSERT(seconds >= landmark_);
  const uint64_t steps = uint64_t{seconds - landmark_} * kStepsAHalfLife / half_life_seconds_;
  const uint64_t capped = std::min<uint64_t>(steps, uint64_t{kHalfLivesMax} * kStepsAHalfLife - 1);
  return kMantissas[capped % kStepsAHalfLife] << (capped / kStepsAHalfLife);
}

uint32_t CoOccurrence::landmark_at(uint32_t now) const {
  const uint64_t step = uint64_t{kHalfLivesAStep} * half_life_seconds_;
  const uint64_t steps = now / step;
  return steps == 0 ? 0 : static_cast<uint32_t>((steps - 1) * step);
}

void CoOccurrence::advance(Timestamp now) {
  const uint32_t seconds = seconds_of(now);
  if (const uint32_t landmark = landmark_at(seconds); landmark > landmark_) {
    landmark_ = landmark;
    count_anew();
  }
  const uint64_t weight = *std::ranges::max_element(options_.kind_weights);
  prior_ = std::max<uint64_t>(1, options_.prior * weight * decay(std::max(seconds, landmark_)));
}

void CoOccurrence::count_anew() {
  for (Item& item : items_) item = {};
  std::unordered_map<uint64_t, Basket> kept = std::exchange(baskets_, {});
  for (auto& [key, basket] : kept) {
    std::erase_if(basket.events, [this](const Event& event) { return event.seconds < landmark_; });
    if (basket.events.empty()) continue;
    const Members members = members_of(basket);
    baskets_.emplace(key, std::move(basket));
    count(key, {}, members);
  }
}

float CoOccurrence::scale(uint64_t weight, uint8_t power) const {
  return 1 / power_of(static_cast<float>(weight + prior_), power);
}

std::vector<ScoredItem> CoOccurrence::also(ItemNumber item, size_t n, const Accept& accept) const {
  BestOf best(n);
  each_also(item, [&](ItemNumber other, float score) {
    if (best.would_take({other, score}) && (!accept || accept(other))) best.offer({other, score});
  });
  return std::move(best).sorted();
}

uint64_t CoOccurrence::weight(ItemNumber item, ItemNumber other) const {
  if (item >= items_.size()) return 0;
  const std::vector<Pair>& row = items_[item].row;
  const auto pair = std::ranges::lower_bound(row, other, {}, &Pair::item);
  return pair != row.end() && pair->item == other ? pair->weight() : 0;
}

size_t CoOccurrence::pairs() const {
  size_t all = 0;
  for (const Item& item : items_) all += item.row.size();
  return all;
}

size_t CoOccurrence::bytes() const {
  size_t all = items_.capacity() * sizeof(Item) + baskets_.size() * kBasketBytes;
  for (const Item& item : items_) {
    all += item.row.capacity() * sizeof(Pair) + item.postings.capacity() * sizeof(Posting);
  }
  for (const auto& [key, basket] : baskets_) all += basket.events.capacity() * sizeof(Event);
  return all;
}

std::vector<uint64_t> CoOccurrence::state() const {
  std::vector<uint64_t> words = {landmark_};
  for (size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.postings.empty()) continue;
    words.insert(words.end(), {i, item.weight, item.postings.size(), item.row.size()});
    for (const Posting& posting : item.postings) words.insert(words.end(), {posting.seconds, posting.basket()});
    for (const Pair& pair : item.row) words.insert(words.end(), {pair.item, pair.weight()});
  }
  return words;
}

}  // namespace doorbuster::recs
