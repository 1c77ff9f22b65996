// How often each sale has said no, and why, since the server's start. Refusals make no events, so no view knows them.
//
// Each reactor counts for itself, without a lock prefix; whoever asks adds up.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "ops/metrics/counter.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

inline constexpr size_t kOutcomes = static_cast<size_t>(Outcome::kLimitReached) + 1;
using OutcomeCounts = std::array<uint64_t, kOutcomes>;

// Of one reactor.
class RefusalTally {
 public:
  explicit RefusalTally(size_t sales) : counts_(sales) {}
  // The reactor's thread.
  void count(SaleNumber sale, Outcome outcome) {
    if (sale.value() < counts_.size()) counts_[sale.value()][static_cast<size_t>(outcome)].add(1);
  }
  void add_to(OutcomeCounts& sum, SaleNumber sale) const {
    for (size_t i = 0; i < kOutcomes; ++i) sum[i] += counts_[sale.value()][i].value();
  }

 private:
  std::vector<std::array<ops::Counter, kOutcomes>> counts_;
};

// Of all.
class RefusalCounts {
 public:
  explicit RefusalCounts(size_t sales) : sales_(sales) {}

  // For a new reactor; lives as long as this.
  [[nodiscard]] RefusalTally& add_reactor() {
    const std::lock_guard lock(mutex_);
    return *tallies_.emplace_back(std::make_unique<RefusalTally>(sales_));
  }
  // Any thread.
  [[nodiscard]] OutcomeCounts of(SaleNumber sale) const {
    OutcomeCounts sum{};
    const std::lock_guard lock(mutex_);
    for (const auto& tally : tallies_) tally->add_to(sum, sale);
    return sum;
  }

 private:
  const size_t sales_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<RefusalTally>> tallies_;
};

}  // namespace doorbuster::sale
