// Which number stands for a name, as the log has said: of items, of users, of sessions.
#pragma once

#include <optional>
#include <vector>

#include "base/flat_index.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {

class NumberIndex {
 public:
  [[nodiscard]] std::optional<uint32_t> find(const NameHash& hash) const {
    return index_->find(hash.low, [&](uint32_t slot) { return hashes_[slot] == hash; });
  }
  [[nodiscard]] size_t size() const { return index_->size(); }
  [[nodiscard]] const NameHash& at(uint32_t number) const { return hashes_[number]; }
  [[nodiscard]] bool knows(uint32_t number) const { return number < hashes_.size() && !hashes_[number].is_none(); }

  void add(uint32_t number, const NameHash& hash) {
    ASSERT(!knows(number) && !hash.is_none());
    if (number >= hashes_.size()) hashes_.resize(size_t{number} + 1);
    hashes_[number] = hash;
    index_->insert(hash.low, number);
  }
  void remove(uint32_t number) {
    ASSERT(knows(number));
    index_->erase(hashes_[number].low, number);
    hashes_[number] = {};
  }
  void clear() {
    index_ = std::make_unique<FlatIndex>(kNumbersMax);
    hashes_.clear();
  }

 private:
  std::unique_ptr<FlatIndex> index_ = std::make_unique<FlatIndex>(kNumbersMax);
  std::vector<NameHash> hashes_;  // by number
};

}  // namespace doorbuster::recs
