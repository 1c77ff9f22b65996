// What many keys have asked for lately, each held to a rate of its own, in memory that never grows.
//
// The algorithm is GCRA in its form of virtual scheduling (ITU-T Recommendation I.371, annex A): all that is kept of a
// key is its theoretical arrival time, the moment at which it will have used nothing again. A request of weight w moves
// it on by w intervals, and is refused if it would come to lie further ahead than the burst allows. So a key whose time
// has passed is worth no memory, and nobody has to tidy up.
//
// A key is 64 bits that the caller has hashed with a secret: some of them choose a bucket of one cache line, 24 of them
// are kept. Of eight places in a bucket a new key takes one whose time has passed, or else the one whose time is the
// nearest: it has the least to forget. Two keys of a bucket are taken for one another once in two million.
//
// Any number of threads at once, without a lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "base/prefetch.h"
#include "base/time.h"

namespace doorbuster::guard {

// So much a minute, and so much at once after a rest; both in weights, neither 0, and a burst no more than a day's
// worth.
struct Rate {
  uint32_t per_minute = 0;
  uint32_t burst = 0;
  bool operator==(const Rate&) const = default;
};

inline constexpr uint32_t kRateMax = 600'000;  // a minute: one every tick of the table
inline constexpr uint32_t kMinutesADay = 1'440;

// What a request of one weight asks of a key that has one rate, worked out once: in ticks of the table.
class Price {
 public:
  constexpr Price() = default;
  explicit Price(const Rate& rate, uint32_t weight = 1);
  // One of those that are counted: there is room for one more than the limit, so that used() tells when a key has had
  // more than the limit in the window. They are forgotten evenly, the whole limit in a window. The limit is not 0, the
  // window no longer than a day.
  [[nodiscard]] static Price counting(uint32_t limit, Duration window);
  // The same burst and so many times the rate: each request costs so much less, but never nothing.
  [[nodiscard]] Price times(uint32_t factor) const;
  [[nodiscard]] bool is_free() const { return cost_ == 0; }

 private:
  friend class RateTable;
  uint64_t cost_ = 0;
  uint64_t burst_ = 0;
};

struct Charge {
  uint64_t key = 0;
  Price price;
};

struct RateDecision {
  static constexpr size_t kNone = SIZE_MAX;
  size_t refused = kNone;  // by which of the charges
  Duration retry_after;    // after that it would pass, if nobody else asked by the same key
  [[nodiscard]] bool passes() const { return refused == kNone; }
};

class RateTable {
 public:
  static constexpr size_t kChargesMax = 8;
  // 24 bits of the key, and its time in ticks of 100 microseconds.
  using Place = std::atomic<uint64_t>;
  struct alignas(64) Bucket {
    Place places[8];
  };

  // The place of a key in its bucket: its own, or the one that it would take, with what was in it.
  struct Spot {
    Place* place;
    uint64_t kept;
    bool is_own;  // and it has used something
  };

  // For so many keys at a time, 16 bytes each or up to twice that, taken as they are touched. Times lie within
  // three years of `start`.
  RateTable(size_t keys, Timestamp start);
  ~RateTable();
  RateTable(const RateTable&) = delete;
  RateTable& operator=(const RateTable&) = delete;

  // What charge() would decide.
  [[nodiscard]] RateDecision judge(std::span<const Charge> charges, Timestamp now) const;
  // Charges all of them if none refuses, and otherwise none. Where threads ask by one key in the same instant, each may
  // be let pass by what is left for one.
  [[nodiscard]] RateDecision charge(std::span<const Charge> charges, Timestamp now);
  // Charges all of them, whatever they allow: then they refuse for so much longer.
  void charge_beyond(std::span<const Charge> charges, Timestamp now);
  // How many charges of this price the key has used, rounded up, as far as they are not forgotten.
  [[nodiscard]] uint64_t used(const Charge& charge, Timestamp now) const;
  // Charges it if that passes, and tells how many the key has used then.
  [[nodiscard]] uint64_t count(const Charge& charge, Timestamp now);
  // Takes one charge of this price back, as far as the key has used it and it is not forgotten.
  void give_back(const Charge& charge, Timestamp now);
  // Whether the key is nobody's at this time, and the caller's from then on until `until`: of any number of threads
  // that ask at once at most one is told so.
  [[nodiscard]] bool claim(uint64_t key, Timestamp until, Timestamp now);
  [[nodiscard]] bool is_claimed(uint64_t key, Timestamp now) const;

  // Where somebody will ask by several keys, first of all by which: none of them lies in a cache.
  void prefetch(uint64_t key) const { prefetch_to_write(&bucket_of(key)); }

  // Keys that had to make room before their time had passed, since the start.
  [[nodiscard]] uint64_t forgotten() const { return forgotten_.load(std::memory_order_relaxed); }
  [[nodiscard]] size_t bytes() const { return buckets_count_ * sizeof(Bucket); }

 private:
  [[nodiscard]] Bucket& bucket_of(uint64_t key) const { return buckets_[key & (buckets_count_ - 1)]; }
  [[nodiscard]] uint64_t tick_of(Timestamp at) const;
  // The first `charges.size()` spots are where the charges would go, if none refuses.
  [[nodiscard]] RateDecision look_up(std::span<const Charge> charges, uint64_t tick, std::span<Spot> spots) const;
  [[nodiscard]] bool take(Spot& at, uint64_t key, uint64_t until, uint64_t tick);

  const Timestamp start_;
  const size_t buckets_count_;  // a power of two
  Bucket* const buckets_;
  std::atomic<uint64_t> forgotten_{0};
};

}  // namespace doorbuster::guard
