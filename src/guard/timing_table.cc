#include "guard/timing_table.h"

#include <algorithm>
#include <bit>

#include "base/mapped_memory.h"

namespace doorbuster::guard {
namespace {

constexpr uint64_t kTagBits = 20;
constexpr uint64_t kMomentBits = 27;    // milliseconds: 37 hours, then from 0 again
constexpr uint64_t kIntervalBits = 11;  // in 64 ms: 131 seconds
constexpr uint64_t kRunBits = 6;
static_assert(kTagBits + kMomentBits + kIntervalBits + kRunBits == 64);

constexpr uint64_t kRestMs = 120'000;
constexpr uint64_t kRunMax = (uint64_t{1} << kRunBits) - 1;

constexpr uint64_t low(uint64_t value, uint64_t bits) { return value & ((uint64_t{1} << bits) - 1); }

struct Kept {
  uint64_t tag = 0;
  uint64_t at = 0;        // ms
  uint64_t interval = 0;  // ms, in steps of 64; 0: none yet
  uint64_t run = 0;
};

constexpr uint64_t kIntervalStep = 64;
static_assert(kRestMs / kIntervalStep < (uint64_t{1} << kIntervalBits));

uint64_t pack(const Kept& kept) {
  return kept.tag << (64 - kTagBits) | kept.at << (kIntervalBits + kRunBits) |
         (kept.interval / kIntervalStep) << kRunBits | kept.run;
}

Kept unpack(uint64_t packed) {
  return {.tag = packed >> (64 - kTagBits),
          .at = low(packed >> (kIntervalBits + kRunBits), kMomentBits),
          .interval = low(packed >> kRunBits, kIntervalBits) * kIntervalStep,
          .run = low(packed, kRunBits)};
}

// As exactly as intervals are kept.
bool are_even(uint64_t kept, uint64_t interval) {
  const uint64_t apart = kept > interval ? kept - interval : interval - kept;
  return apart <= std::max(kIntervalStep, interval / 50);
}

Kept after(const Kept& before, uint64_t tag, uint64_t now_ms) {
  const uint64_t interval = low(now_ms - before.at, kMomentBits);
  if (before.tag != tag || interval > kRestMs) return {.tag = tag, .at = now_ms};
  const bool is_even = before.interval > 0 && are_even(before.interval, interval);
  return {.tag = tag,
          .at = now_ms,
          .interval = std::max(interval, kIntervalStep),
          .run = is_even ? std::min(before.run + 1, kRunMax) : 0};
}

}  // namespace

TimingTable::TimingTable(size_t keys, Timestamp start)
    : start_(start),
      places_(std::bit_ceil(std::max<size_t>(keys, 1))),
      table_(map_memory<Place>(places_, Overcommit::kAllowed)) {}

TimingTable::~TimingTable() { unmap_memory(table_, places_); }

unsigned TimingTable::note(uint64_t key, Timestamp now) {
  Place& place = place_of(key);
  const uint64_t tag = std::max<uint64_t>(key >> (64 - kTagBits), 1);
  const uint64_t now_ms =
      low(static_cast<uint64_t>(std::max<int64_t>((now - start_).micros(), 0)) / 1'000, kMomentBits);
  uint64_t kept = place.load(std::memory_order_relaxed);
  Kept next;
  do {
    next = after(unpack(kept), tag, now_ms);
  } while (!place.compare_exchange_weak(kept, pack(next), std::memory_order_relaxed));
  return static_cast<unsigned>(next.run);
}

}  // namespace doorbuster::guard
