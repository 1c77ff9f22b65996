// How often each sale has said no, and why, since the server's start. Refusals make no events, so no view knows them.
//
// Each reactor counts for itself, without a lock prefix; whoever asks adds up.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "sale/machine/types.h"
#include "sale/views/directory.h"
#include "sale/views/sale_slots.h"

namespace doorbuster::sale {

inline constexpr size_t kOutcomes = static_cast<size_t>(last_of(Outcome{})) + 1;
using OutcomeCounts = std::array<uint64_t, kOutcomes>;

// Of one reactor. A sale's counts go with its slot: another that gets it begins with none.
class RefusalTally {
 public:
  explicit RefusalTally(size_t sales) : sales_(sales) {}
  // The reactor's thread. Of a sale that is archived nobody counts any more.
  void count(const Listing& listing, Outcome outcome) {
    if (listing.slot == kNoSlot) return;
    OfSale& sale = sales_.at(listing.slot);
    if (sale.number.load(std::memory_order_relaxed) != listing.number.value()) begin(sale, listing.number);
    std::atomic<uint64_t>& count = sale.counts[static_cast<size_t>(outcome)];
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  void add_to(OutcomeCounts& sum, const Listing& listing) const {
    const OfSale* sale = listing.slot == kNoSlot ? nullptr : sales_.find(listing.slot);
    if (sale == nullptr || sale->number.load(std::memory_order_acquire) != listing.number.value()) return;
    for (size_t i = 0; i < kOutcomes; ++i) sum[i] += sale->counts[i].load(std::memory_order_relaxed);
  }

 private:
  static constexpr uint32_t kNobody = UINT32_MAX;  // no cell has that sale
  struct OfSale {
    std::atomic<uint32_t> number{kNobody};
    std::array<std::atomic<uint64_t>, kOutcomes> counts{};
  };

  static void begin(OfSale& sale, SaleNumber number) {
    sale.number.store(kNobody, std::memory_order_relaxed);
    for (auto& count : sale.counts) count.store(0, std::memory_order_relaxed);
    sale.number.store(number.value(), std::memory_order_release);
  }

  SaleSlots<OfSale> sales_;
};

// Of all.
class RefusalCounts {
 public:
  // So many sales are kept at once, of all cells.
  explicit RefusalCounts(size_t sales) : sales_(sales) {}

  // For a new reactor; lives as long as this.
  [[nodiscard]] RefusalTally& add_reactor() {
    const std::lock_guard lock(mutex_);
    return *tallies_.emplace_back(std::make_unique<RefusalTally>(sales_));
  }
  // Any thread.
  [[nodiscard]] OutcomeCounts of(const Listing& listing) const {
    OutcomeCounts sum{};
    const std::lock_guard lock(mutex_);
    for (const auto& tally : tallies_) tally->add_to(sum, listing);
    return sum;
  }

 private:
  const size_t sales_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<RefusalTally>> tallies_;
};

}  // namespace doorbuster::sale
