#include "recs/models/pair_counts.h"

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
constexpr size_t kBasketsAhead = 4;      // are fetched from memory while one is counted
// 128 * 2^(i/8), rounded.
constexpr std::array<uint64_t, kStepsAHalfLife> kMantissas = {128, 140, 152, 166, 181, 197, 215, 235};

// The largest sum of a row: all of its baskets, at the latest time, with the strongest kinds.
static_assert(uint64_t{PairCounts::kKindWeightMax} * PairCounts::kKindWeightMax * PairCounts::kDirectionWeightMax *
                      kFullFactor * 256 <=
                  UINT64_MAX / PairCounts::kBasketsARowMax >> kHalfLivesMax,
              "a pair's weight fits into 64 bits");
static_assert(std::bit_width(PairCounts::kMembersMax) == 7, "as many factors as sizes of baskets");

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

// Where an item stands in a list of members: plus 1, or 0 if it does not. Four times as many slots as there may be, so
// that most are found at once.
class PlacesByItem {
 public:
  [[nodiscard]] uint8_t& of(ItemNumber item, const PairCounts::Members& members) {
    auto slot = static_cast<uint8_t>(item * 0x9E3779B1U >> 24);
    while (places_[slot] != 0 && members.list[places_[slot] - 1U].item != item) ++slot;
    return places_[slot];
  }

 private:
  static_assert(4 * PairCounts::kMembersMax == 256, "a slot is named by 8 bits");
  std::array<uint8_t, 4 * PairCounts::kMembersMax> places_{};
};

// Sums by item, of one row; each thread has one, as large as the catalogue.
struct RowSums {
  std::vector<uint64_t> weights;  // by item; 0 between rows
  std::vector<ItemNumber> touched;
  std::vector<BasketEntry> entries;
  std::vector<BasketNumber> baskets;
};

RowSums& sums_of_thread() {
  thread_local RowSums sums;
  return sums;
}

}  // namespace

PairCounts::PairCounts(const CoOccurrenceOptions& options, Timestamp start, const Baskets& baskets)
    : options_(options), baskets_(baskets), half_life_seconds_(seconds_of(Timestamp() + options.half_life)) {
  ASSERT(half_life_seconds_ >= 60);
  ASSERT(options.baskets_a_row > 0 && options.baskets_a_row <= kBasketsARowMax);
  ASSERT(options.forward_weight <= kDirectionWeightMax && options.backward_weight <= kDirectionWeightMax);
  ASSERT(options.basket_power <= 4 && options.target_power <= 4 && options.source_power <= 4);
  for (const uint8_t weight : options.kind_weights) ASSERT(weight <= kKindWeightMax);
  for (size_t i = 0; i < basket_factors_.size(); ++i) {
    const float members = static_cast<float>(size_t{1} << i);
    basket_factors_[i] = static_cast<uint32_t>(std::lround(kFullFactor / power_of(members, options.basket_power)));
  }
  (void)advance(start);
}

uint32_t PairCounts::factor_of(size_t members) const {
  return members == 0 ? 0 : basket_factors_[std::bit_width(members) - 1];
}

PairCounts::Members PairCounts::members_of(BasketNumber basket) const {
  std::vector<BasketEntry>& entries = sums_of_thread().entries;
  entries.clear();
  baskets_.read(basket, entries);
  return members_in(entries);
}

PairCounts::Members PairCounts::members_in(std::span<const BasketEntry> entries) const {
  Members members;
  PlacesByItem places;
  for (const BasketEntry& entry : entries) {
    if (!counts(entry)) continue;
    const uint32_t weight = options_.kind_weights[static_cast<size_t>(entry.kind)];
    uint8_t& place = places.of(entry.item, members);
    if (place != 0) {
      Member& known = members.list[place - 1U];
      if (weight > known.weight) known = {entry.item, entry.seconds, weight};
    } else if (members.size < kMembersMax) {
      members.list[members.size++] = {entry.item, entry.seconds, weight};
      place = static_cast<uint8_t>(members.size);
    }
  }
  return members;
}

void PairCounts::change(BasketNumber basket, const Members& before, const Members& after) {
  if (std::ranges::equal(before.all(), after.all())) return;
  reserve_items(after.all());
  PlacesByItem places;
  for (size_t i = 0; i < before.size; ++i) places.of(before.list[i].item, before) = static_cast<uint8_t>(i + 1);
  std::array<bool, kMembersMax> stays{};
  for (const Member& is : after.all()) {
    const uint8_t place = places.of(is.item, before);
    if (place == 0) {
      enter(basket, is);
      continue;
    }
    const Member& was = before.list[place - 1U];
    stays[place - 1U] = true;
    if (was == is) {
      if (is.seconds >= versions_[is.item].counted_since) ++versions_[is.item].changes;
      continue;
    }
    leave(basket, was);
    enter(basket, is);
  }
  for (size_t i = 0; i < before.size; ++i) {
    if (!stays[i]) leave(basket, before.list[i]);
  }
}

void PairCounts::reserve_items(std::span<const Member> members) {
  size_t count = items_.size();
  for (const Member& member : members) count = std::max<size_t>(count, size_t{member.item} + 1);
  if (count == items_.size()) return;
  items_.resize(count);
  versions_.resize(count);
  target_scales_.resize(count, scale(0, options_.target_power));
}

void PairCounts::enter(BasketNumber basket, const Member& member) {
  Item& item = items_[member.item];
  item.baskets.add(member.seconds, basket);
  ++members_;
  set_weight(member.item, item.weight + member.weight * decay(member.seconds));
  note_change(member.item);
}

void PairCounts::leave(BasketNumber basket, const Member& member) {
  Item& item = items_[member.item];
  item.baskets.remove(member.seconds, basket);
  --members_;
  set_weight(member.item, item.weight - member.weight * decay(member.seconds));
  note_change(member.item);
}

void PairCounts::set_weight(ItemNumber item, uint64_t weight) {
  items_[item].weight = weight;
  target_scales_[item] = scale(weight, options_.target_power);
}

// Of its own place among its baskets.
void PairCounts::note_change(ItemNumber item) {
  ++versions_[item].changes;
  versions_[item].counted_since = items_[item].baskets.second_of(options_.baskets_a_row);
}

bool PairCounts::advance(Timestamp now) {
  const uint32_t seconds = seconds_of(now);
  const uint32_t landmark = landmark_at(seconds);
  const bool has_moved = landmark > landmark_;
  if (has_moved) {
    landmark_ = landmark;
    for (Item& item : items_) item = {};
    for (Version& version : versions_) version = {.changes = version.changes + 1};
    members_ = 0;
  }
  const uint64_t weight = *std::ranges::max_element(options_.kind_weights);
  const uint64_t prior = std::max<uint64_t>(1, options_.prior * weight * decay(std::max(seconds, landmark_)));
  if (prior == prior_ && !has_moved) return false;
  prior_ = prior;
  for (size_t item = 0; item < items_.size(); ++item)
    target_scales_[item] = scale(items_[item].weight, options_.target_power);
  return has_moved;
}

void PairCounts::count(std::span<const BasketNumber> baskets) {
  for (const BasketNumber basket : baskets) {
    const Members members = members_of(basket);
    reserve_items(members.all());
    for (const Member& member : members.all()) {
      Item& item = items_[member.item];
      item.baskets.append(member.seconds, basket);
      item.weight += member.weight * decay(member.seconds);
    }
    members_ += members.size;
  }
  for (size_t i = 0; i < items_.size(); ++i) {
    items_[i].baskets.finish();
    set_weight(static_cast<ItemNumber>(i), items_[i].weight);
    note_change(static_cast<ItemNumber>(i));
  }
}

uint64_t PairCounts::pair_weight(const Member& row, const Member& partner, uint32_t factor) const {
  const uint32_t direction = row.seconds <= partner.seconds ? options_.forward_weight : options_.backward_weight;
  return uint64_t{row.weight} * partner.weight * direction * factor * decay(std::max(row.seconds, partner.seconds));
}

uint64_t PairCounts::decay(uint32_t seconds) const {
  ASSERT(seconds >= landmark_);
  const uint64_t steps = uint64_t{seconds - landmark_} * kStepsAHalfLife / half_life_seconds_;
  const uint64_t capped = std::min<uint64_t>(steps, uint64_t{kHalfLivesMax} * kStepsAHalfLife - 1);
  return kMantissas[capped % kStepsAHalfLife] << (capped / kStepsAHalfLife);
}

uint32_t PairCounts::landmark_at(uint32_t now) const {
  const uint64_t step = uint64_t{kHalfLivesAStep} * half_life_seconds_;
  const uint64_t steps = now / step;
  return steps == 0 ? 0 : static_cast<uint32_t>((steps - 1) * step);
}

float PairCounts::scale(uint64_t weight, uint8_t power) const {
  return 1 / power_of(static_cast<float>(weight + prior_), power);
}

// In the order in which items were met.
std::vector<PairCounts::Pair> PairCounts::row(ItemNumber item) const {
  std::vector<Pair> pairs;
  if (item >= items_.size()) return pairs;
  RowSums& sums = sums_of_thread();
  if (sums.weights.size() < items_.size()) sums.weights.resize(items_.size());
  sums.baskets.clear();
  items_[item].baskets.each_newest(options_.baskets_a_row,
                                   [&](uint32_t, BasketNumber basket) { sums.baskets.push_back(basket); });
  const auto ahead = [&](size_t place) { return sums.baskets[std::min(place, sums.baskets.size() - 1)]; };
  for (size_t place = 0; place < sums.baskets.size(); ++place) {
    baskets_.prefetch_place(ahead(place + 2 * kBasketsAhead));
    baskets_.prefetch(ahead(place + kBasketsAhead));
    const Members members = members_of(sums.baskets[place]);
    const auto own = std::ranges::find(members.all(), item, &Member::item);
    ASSERT(own != members.all().end());
    const uint32_t factor = factor_of(members.size);
    for (const Member& partner : members.all()) {
      const uint64_t weight = partner.item == item ? 0 : pair_weight(*own, partner, factor);
      if (weight == 0) continue;
      if (sums.weights[partner.item] == 0) sums.touched.push_back(partner.item);
      sums.weights[partner.item] += weight;
    }
  }
  pairs.reserve(sums.touched.size());
  for (const ItemNumber other : sums.touched) pairs.push_back({other, std::exchange(sums.weights[other], 0)});
  sums.touched.clear();
  return pairs;
}

std::vector<ScoredItem> PairCounts::scored_row(ItemNumber item) const {
  std::vector<ScoredItem> scored;
  if (item >= items_.size()) return scored;
  const float of_source = scale(items_[item].weight, options_.source_power);
  for (const Pair& pair : row(item))
    scored.push_back({pair.item, score_of(static_cast<float>(pair.weight), pair.item, of_source)});
  return scored;
}

void PairCounts::count_best(ItemNumber item, Best& weights) const {
  struct Scored {
    ScoredItem by_score;
    float weight;
  };
  std::vector<Scored> row_scores;
  for (const Pair& pair : row(item)) {
    const auto weight = static_cast<float>(pair.weight);
    row_scores.push_back({{pair.item, score_of(weight, pair.item, 1)}, weight});
  }
  weights.is_all = row_scores.size() <= kBestKept;
  if (!weights.is_all) {
    std::ranges::nth_element(row_scores, row_scores.begin() + kBestKept, BetterItem(), &Scored::by_score);
    row_scores.resize(kBestKept);
  }
  // Near the order in which they are offered later: then fewer are looked at twice.
  std::ranges::sort(row_scores, BetterItem(), &Scored::by_score);
  weights.size = row_scores.size();
  for (size_t i = 0; i < row_scores.size(); ++i) weights.list[i] = {row_scores[i].by_score.item, row_scores[i].weight};
}

// Remembered as weights, as scores change with what else is done with the other items.
void PairCounts::find_best(ItemNumber item, Best& best) const {
  best.size = 0;
  best.is_all = true;
  if (item >= items_.size() || items_[item].baskets.empty()) return;
  {
    KeptRow& kept = kept_[item % kRowsKept];
    const std::lock_guard lock(mutexes_[item % kMutexes]);
    if (kept.item != item || kept.version != versions_[item].changes) {
      if (!kept.weights) {
        kept.weights = std::make_unique<Best>();
        kept_rows_.fetch_add(1, std::memory_order_relaxed);
      }
      count_best(item, *kept.weights);
      kept.item = item;
      kept.version = versions_[item].changes;
    }
    best.size = kept.weights->size;
    best.is_all = kept.weights->is_all;
    std::copy_n(kept.weights->list.begin(), best.size, best.list.begin());
  }
  const float of_source = scale(items_[item].weight, options_.source_power);
  for (ScoredItem& one : std::span(best.list).first(best.size)) one.score = score_of(one.score, one.item, of_source);
}

std::vector<ScoredItem> PairCounts::also(ItemNumber item, size_t n, const Accept& accept) const {
  const auto best_of = [&](std::span<const ScoredItem> scored) {
    BestOf best(n);
    for (const ScoredItem& one : scored) {
      if (best.would_take(one) && (!accept || accept(one.item))) best.offer(one);
    }
    return std::move(best).sorted();
  };
  Best kept;
  find_best(item, kept);
  std::vector<ScoredItem> found = best_of(kept.all());
  // What is accepted may stand behind what is remembered.
  return found.size() >= n || kept.is_all ? found : best_of(scored_row(item));
}

uint64_t PairCounts::weight(ItemNumber item, ItemNumber other) const {
  for (const Pair& pair : row(item)) {
    if (pair.item == other) return pair.weight;
  }
  return 0;
}

size_t PairCounts::row_size(ItemNumber item) const { return row(item).size(); }

size_t PairCounts::pairs() const {
  size_t all = 0;
  for (ItemNumber item = 0; item < items_.size(); ++item) all += row_size(item);
  return all;
}

size_t PairCounts::bytes() const {
  constexpr size_t kMemberBytes = 9;  // lists grow by a quarter
  return items_.capacity() * kItemBytes + members_ * kMemberBytes + kRowsKept * sizeof(KeptRow) +
         kept_rows_.load(std::memory_order_relaxed) * sizeof(Best);
}

std::vector<uint64_t> PairCounts::state() const {
  std::vector<uint64_t> words = {landmark_};
  for (ItemNumber i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.baskets.empty()) continue;
    std::vector<Pair> pairs = row(i);
    std::ranges::sort(pairs, {}, &Pair::item);
    words.insert(words.end(), {i, item.weight, item.baskets.size(), pairs.size()});
    item.baskets.each_newest(
        SIZE_MAX, [&](uint32_t second, BasketNumber basket) { words.insert(words.end(), {second, basket}); });
    for (const Pair& pair : pairs) words.insert(words.end(), {pair.item, pair.weight});
  }
  return words;
}

}  // namespace doorbuster::recs
