// Who acts at even intervals, as a program with a timer does: of many keys, in memory that never grows.
//
// Of a key all that is kept is its last action, the interval before it and for how long intervals have been the same:
// 64 bits, with 20 of the key, in a table where a key has one place. Who comes to another's place takes it.
//
// Any number of threads at once, without a lock.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/prefetch.h"
#include "base/time.h"

namespace doorbuster::guard {

class TimingTable {
 public:
  // For so many keys, rounded up to a power of two, 8 bytes each, taken as they are touched.
  TimingTable(size_t keys, Timestamp start);
  ~TimingTable();
  TimingTable(const TimingTable&) = delete;
  TimingTable& operator=(const TimingTable&) = delete;

  // Notes an action of the key, and tells how many intervals in a row have been as long as the newest, up to 63. Those
  // are the same which differ by no more than 64 ms or a fiftieth. An interval of more than two minutes is a rest, and
  // begins anew.
  unsigned note(uint64_t key, Timestamp now);
  void prefetch(uint64_t key) const { prefetch_to_write(&place_of(key)); }

 private:
  using Place = std::atomic<uint64_t>;
  [[nodiscard]] Place& place_of(uint64_t key) const { return table_[key & (places_ - 1)]; }

  const Timestamp start_;
  const size_t places_;
  Place* const table_;
};

}  // namespace doorbuster::guard
