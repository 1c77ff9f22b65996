// What one thread keeps of each sale of the directory, by its slot: made when it is first asked for, and stays where it
// is. Another sale may have had the slot before, so what is kept says by the listing's version of which sale it is.
#pragma once

#include <memory>
#include <vector>

#include "sale/views/directory.h"

namespace doorbuster::sale {

template <class T>
class BySlot {
 public:
  // Those that are archived, and have no slot, share one.
  [[nodiscard]] T& operator[](const Listing& listing) {
    if (listing.slot == kNoSlot) return of_archived_;
    if (listing.slot >= kept_.size()) kept_.resize(listing.slot + size_t{1});
    auto& kept = kept_[listing.slot];
    if (kept == nullptr) kept = std::make_unique<T>();
    return *kept;
  }

 private:
  std::vector<std::unique_ptr<T>> kept_;
  T of_archived_;
};

}  // namespace doorbuster::sale
