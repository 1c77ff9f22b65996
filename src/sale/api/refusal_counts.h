// How often each sale has said no, and why, since the server's start. Refusals make no events, so no view knows them.
//
// Each reactor counts for itself, without a lock prefix; whoever asks adds up.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "ops/metrics/counter.h"
#include "sale/views/sale_slots.h"

namespace doorbuster::sale {

inline constexpr size_t kOutcomes = static_cast<size_t>(Outcome::kLimitReached) + 1;
using OutcomeCounts = std::array<uint64_t, kOutcomes>;

// Of one reactor.
class RefusalTally {
 public:
  RefusalTally(size_t sales_a_cell, uint32_t cells) : counts_(sales_a_cell, cells) {}
  // The reactor's thread; of a sale that there is.
  void count(SaleNumber sale, Outcome outcome) { counts_.at(sale)[static_cast<size_t>(outcome)].add(1); }
  void add_to(OutcomeCounts& sum, SaleNumber sale) const {
    const auto* counts = counts_.find(sale);
    if (counts == nullptr) return;
    for (size_t i = 0; i < kOutcomes; ++i) sum[i] += (*counts)[i].value();
  }

 private:
  SaleSlots<std::array<ops::Counter, kOutcomes>> counts_;
};

// Of all.
class RefusalCounts {
 public:
  RefusalCounts(size_t sales_a_cell, uint32_t cells) : sales_a_cell_(sales_a_cell), cells_(cells) {}

  // For a new reactor; lives as long as this.
  [[nodiscard]] RefusalTally& add_reactor() {
    const std::lock_guard lock(mutex_);
    return *tallies_.emplace_back(std::make_unique<RefusalTally>(sales_a_cell_, cells_));
  }
  // Any thread.
  [[nodiscard]] OutcomeCounts of(SaleNumber sale) const {
    OutcomeCounts sum{};
    const std::lock_guard lock(mutex_);
    for (const auto& tally : tallies_) tally->add_to(sum, sale);
    return sum;
  }

 private:
  const size_t sales_a_cell_;
  const uint32_t cells_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<RefusalTally>> tallies_;
};

}  // namespace doorbuster::sale
