// The newest ids of events: one that comes again within so many is the same event.
#pragma once

#include <vector>

#include "base/assert.h"
#include "base/flat_index.h"

namespace doorbuster::recs {

class RecentIds {
 public:
  explicit RecentIds(size_t capacity) : capacity_(capacity), index_(capacity) {}

  [[nodiscard]] bool knows(uint64_t hash) const {
    return index_.find(hash, [&](uint32_t slot) { return hashes_[slot] == hash; }).has_value();
  }
  // Forgets the oldest if there is no room.
  void add(uint64_t hash) {
    if (knows(hash)) return;
    if (hashes_.size() < capacity_) {
      index_.insert(hash, static_cast<uint32_t>(hashes_.size()));
      hashes_.push_back(hash);
      return;
    }
    index_.erase(hashes_[next_], static_cast<uint32_t>(next_));
    hashes_[next_] = hash;
    index_.insert(hash, static_cast<uint32_t>(next_));
    next_ = (next_ + 1) % capacity_;
  }
  void prefetch(uint64_t hash) const { index_.prefetch(hash); }

  // From the oldest on.
  [[nodiscard]] std::vector<uint64_t> in_order() const {
    std::vector<uint64_t> hashes(hashes_.begin() + static_cast<ptrdiff_t>(next_), hashes_.end());
    hashes.insert(hashes.end(), hashes_.begin(), hashes_.begin() + static_cast<ptrdiff_t>(next_));
    return hashes;
  }

 private:
  const size_t capacity_;
  FlatIndex index_;
  std::vector<uint64_t> hashes_;
  size_t next_ = 0;  // the oldest, once it is full
};

}  // namespace doorbuster::recs
