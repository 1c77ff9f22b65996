#include "cell/recoverer.h"

#include <algorithm>

#include "cell/runner.h"

namespace doorbuster::cell {
namespace {

constexpr Duration kBetweenTries = Duration::seconds(1);

}  // namespace

bool Recoverer::round() {
  bool any = false;
  for (CellRunner* cell : cells_) {
    if (!cell->wants_recovery_.load(std::memory_order_acquire) || clock_.now() < cell->recover_at_) continue;
    any = try_once(*cell) || any;
  }
  return any;
}

bool Recoverer::try_once(CellRunner& cell) {
  cell.wants_recovery_.store(false, std::memory_order_relaxed);
  cell.probe_.recoveries.add();
  const auto recovered = cell.claim_if_in_doubt();
  if (recovered) return *recovered;
  cell.trouble("the log could not be opened again: " + recovered.error().message);
  cell.recover_at_ = clock_.now() + kBetweenTries;
  cell.wants_recovery_.store(true, std::memory_order_relaxed);
  return false;
}

std::chrono::microseconds Recoverer::patience() const {
  const bool any = std::ranges::any_of(cells_, [](const CellRunner* cell) { return cell->wants_recovery_.load(); });
  return any ? std::chrono::milliseconds(250) : std::chrono::hours(1);
}

}  // namespace doorbuster::cell
