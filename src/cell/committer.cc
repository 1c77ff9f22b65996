#include "cell/committer.h"

#include "base/bug_zoo.h"
#include "cell/runner.h"

namespace doorbuster::cell {

bool Committer::collect() {
  chosen_.clear();
  for (CellRunner* cell : cells_) {
    if (cell->with_committer_.load(std::memory_order_acquire)) chosen_.push_back(cell);
  }
  return !chosen_.empty();
}

void Committer::append() {
  began_ = clock_.now();
  together_.clear();
  for (CellRunner* cell : chosen_) together_.push_back({.lease = &cell->cell_.lease(), .batch = &cell->batch_});
  log_.append_together(together_);
  outcomes_.clear();
  for (const log::Append& append : together_) outcomes_.push_back(append.outcome);
  ended_ = clock_.now();
}

// All outcomes first: a cell that is driven may have work for long.
void Committer::tell() {
  for (size_t i = 0; i < chosen_.size(); ++i) {
    const size_t whose = bug_planted(Bug::kOutcomeOfAnother) ? 0 : i;
    chosen_[i]->append_ended(outcomes_[whose], began_, ended_);
  }
  for (CellRunner* cell : chosen_) cell->drive(CellRunner::kTurnsOfClients);
}

}  // namespace doorbuster::cell
