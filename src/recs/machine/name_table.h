// Names of items, and which number stands for each: numbers are given in order and never taken back.
#pragma once

#include <optional>
#include <vector>

#include "base/flat_index.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {

class NameTable {
 public:
  explicit NameTable(size_t capacity) : capacity_(capacity), index_(kNumbersMax) {}

  [[nodiscard]] std::optional<uint32_t> find(const NameHash& hash) const {
    return index_.find(hash.low, [&](uint32_t slot) { return hashes_[slot] == hash; });
  }
  [[nodiscard]] bool is_full() const { return hashes_.size() >= capacity_; }
  [[nodiscard]] size_t size() const { return hashes_.size(); }
  [[nodiscard]] const NameHash& at(uint32_t number) const { return hashes_[number]; }
  void prefetch(const NameHash& hash) const { index_.prefetch(hash.low); }

  // It is not there yet, and there is room.
  uint32_t add(const NameHash& hash) {
    const auto number = static_cast<uint32_t>(hashes_.size());
    hashes_.push_back(hash);
    index_.insert(hash.low, number);
    return number;
  }

 private:
  const size_t capacity_;
  FlatIndex index_;
  std::vector<NameHash> hashes_;
};

}  // namespace doorbuster::recs
