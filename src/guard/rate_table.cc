#include "guard/rate_table.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/assert.h"
#include "base/mapped_memory.h"

namespace doorbuster::guard {
namespace {

constexpr uint64_t kTickMicros = 100;
constexpr uint64_t kTicksAMinute = 60'000'000 / kTickMicros;
constexpr unsigned kTimeBits = 40;
constexpr uint64_t kTimeMask = (uint64_t{1} << kTimeBits) - 1;
// No later than that is ever now, so that a day's burst lies within the bits; that is after more than three years.
constexpr uint64_t kNowMax = kTimeMask - 2 * kMinutesADay * kTicksAMinute;

// With as many keys as were asked for half of the places are taken, and a bucket in fifty is full: there a new key
// takes the place of the one that has nearly rested.
constexpr size_t kPlacesAKey = 2;
constexpr size_t kPlacesABucket = 8;

uint64_t tag_of(uint64_t key) { return key & ~kTimeMask; }
uint64_t time_in(uint64_t place) { return place & kTimeMask; }

// Rounded up: nobody gets more than their rate.
uint64_t ticks_for(uint32_t weight, const Rate& rate) {
  return (uint64_t{weight} * kTicksAMinute + rate.per_minute - 1) / rate.per_minute;
}

Duration time_for(uint64_t ticks) { return Duration::micros(static_cast<int64_t>(ticks * kTickMicros)); }

// Whether it is the key's, which has used something.
bool is_live(uint64_t kept, uint64_t key, uint64_t now) { return tag_of(kept) == tag_of(key) && time_in(kept) > now; }

// Without a branch for each place: which of them is the key's cannot be foreseen. A key that has none may take the one
// whose time is the nearest: of those that have passed it does not matter which.
RateTable::Spot spot_for(RateTable::Bucket& bucket, uint64_t key, uint64_t now) {
  std::array<uint64_t, std::size(decltype(bucket.places){})> kept;
  unsigned own = 0;
  for (size_t i = 0; i < kept.size(); ++i) {
    kept[i] = bucket.places[i].load(std::memory_order_relaxed);
    own |= static_cast<unsigned>(is_live(kept[i], key, now)) << i;
  }
  size_t at = 0;
  if (own != 0) {
    at = static_cast<size_t>(std::countr_zero(own));
  } else {
    for (size_t i = 1; i < kept.size(); ++i) at = time_in(kept[i]) < time_in(kept[at]) ? i : at;
  }
  return {.place = &bucket.places[at], .kept = kept[at], .is_own = own != 0};
}

// From when on the key has used nothing.
uint64_t free_from(const RateTable::Spot& spot, uint64_t now) { return spot.is_own ? time_in(spot.kept) : now; }

// Rounded up.
uint64_t charges_in(uint64_t ticks, uint64_t cost) { return (ticks + cost - 1) / cost; }

}  // namespace

Price::Price(const Rate& rate, uint32_t weight) : cost_(ticks_for(weight, rate)), burst_(ticks_for(rate.burst, rate)) {
  ASSERT(rate.per_minute > 0 && rate.per_minute <= kRateMax);
  ASSERT(rate.burst > 0 && rate.burst <= uint64_t{rate.per_minute} * kMinutesADay);
}

Price Price::counting(uint32_t limit, Duration window) {
  const uint64_t ticks = static_cast<uint64_t>(window.micros()) / kTickMicros;
  ASSERT(limit > 0 && ticks <= kMinutesADay * kTicksAMinute);
  Price price;
  price.cost_ = std::max<uint64_t>(ticks / limit, 1);
  price.burst_ = price.cost_ * (uint64_t{limit} + 1);
  return price;
}

Price Price::times(uint32_t factor) const {
  Price price = *this;
  if (cost_ > 0) price.cost_ = std::max<uint64_t>(cost_ / factor, 1);
  return price;
}

RateTable::RateTable(size_t keys, Timestamp start)
    : start_(start),
      buckets_count_(std::bit_ceil(std::max<size_t>(keys * kPlacesAKey / kPlacesABucket, 1))),
      buckets_(map_memory<Bucket>(buckets_count_, Overcommit::kAllowed)) {
  prefer_huge_pages(buckets_, buckets_count_);
}

RateTable::~RateTable() { unmap_memory(buckets_, buckets_count_); }

// From 1: a place of zeros is one whose time has passed.
uint64_t RateTable::tick_of(Timestamp at) const {
  const int64_t since = std::max<int64_t>((at - start_).micros(), 0);
  return std::min(static_cast<uint64_t>(since) / kTickMicros + 1, kNowMax);
}

uint64_t RateTable::used(const Charge& charge, Timestamp now) const {
  const uint64_t tick = tick_of(now);
  return charges_in(free_from(spot_for(bucket_of(charge.key), charge.key, tick), tick) - tick, charge.price.cost_);
}

uint64_t RateTable::count(const Charge& charge, Timestamp now) {
  const uint64_t tick = tick_of(now);
  const uint64_t cost = charge.price.cost_;
  for (;;) {
    Spot at = spot_for(bucket_of(charge.key), charge.key, tick);
    const uint64_t from = free_from(at, tick);
    if (from + cost > tick + charge.price.burst_) return charges_in(from - tick, cost);
    if (take(at, charge.key, from + cost, tick)) return charges_in(from + cost - tick, cost);
  }
}

void RateTable::give_back(const Charge& charge, Timestamp now) {
  const uint64_t tick = tick_of(now);
  for (;;) {
    Spot at = spot_for(bucket_of(charge.key), charge.key, tick);
    if (!at.is_own) return;
    const uint64_t left = time_in(at.kept) - std::min(time_in(at.kept) - tick, charge.price.cost_);
    if (take(at, charge.key, left, tick)) return;
  }
}

// False if somebody has changed the place meanwhile, and it is as they left it.
bool RateTable::take(Spot& at, uint64_t key, uint64_t until, uint64_t tick) {
  const uint64_t wanted = tag_of(key) | std::min(until, kTimeMask);
  if (!at.place->compare_exchange_weak(at.kept, wanted, std::memory_order_acq_rel)) return false;
  if (!at.is_own && time_in(at.kept) > tick) forgotten_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

RateDecision RateTable::look_up(std::span<const Charge> charges, uint64_t tick, std::span<Spot> spots) const {
  ASSERT(charges.size() <= spots.size());
  for (const Charge& charge : charges) prefetch(charge.key);
  for (size_t i = 0; i < charges.size(); ++i) {
    const Charge& charge = charges[i];
    spots[i] = spot_for(bucket_of(charge.key), charge.key, tick);
    const uint64_t until = free_from(spots[i], tick) + charge.price.cost_;
    const uint64_t allowed = tick + charge.price.burst_;
    if (until > allowed) return {.refused = i, .retry_after = time_for(until - allowed)};
  }
  return {};
}

RateDecision RateTable::judge(std::span<const Charge> charges, Timestamp now) const {
  std::array<Spot, kChargesMax> spots;
  return look_up(charges, tick_of(now), spots);
}

// Of one key two threads may see that it is new, and each take a place: then one of them is not found again, and what
// it was charged is lost. A place that somebody has changed meanwhile is looked for again, this thread's own charges
// among them.
RateDecision RateTable::charge(std::span<const Charge> charges, Timestamp now) {
  const uint64_t tick = tick_of(now);
  std::array<Spot, kChargesMax> spots;
  const RateDecision decision = look_up(charges, tick, spots);
  if (!decision.passes()) return decision;
  for (size_t i = 0; i < charges.size(); ++i) {
    const Charge& charge = charges[i];
    while (!take(spots[i], charge.key, free_from(spots[i], tick) + charge.price.cost_, tick))
      spots[i] = spot_for(bucket_of(charge.key), charge.key, tick);
  }
  return decision;
}

bool RateTable::is_claimed(uint64_t key, Timestamp now) const {
  return spot_for(bucket_of(key), key, tick_of(now)).is_own;
}

void RateTable::charge_beyond(std::span<const Charge> charges, Timestamp now) {
  const uint64_t tick = tick_of(now);
  for (const Charge& charge : charges) {
    Spot at = spot_for(bucket_of(charge.key), charge.key, tick);
    while (!take(at, charge.key, free_from(at, tick) + charge.price.cost_, tick))
      at = spot_for(bucket_of(charge.key), charge.key, tick);
  }
}

// Two threads that see different states of a bucket may each take a place for the key: then neither has it.
bool RateTable::claim(uint64_t key, Timestamp until, Timestamp now) {
  Bucket& bucket = bucket_of(key);
  const uint64_t tick = tick_of(now);
  for (;;) {
    Spot at = spot_for(bucket, key, tick);
    if (at.is_own) return false;
    if (!take(at, key, tick_of(until), tick)) continue;
    return std::ranges::none_of(bucket.places, [&](const Place& other) {
      return &other != at.place && is_live(other.load(std::memory_order_acquire), key, tick);
    });
  }
}

}  // namespace doorbuster::guard
