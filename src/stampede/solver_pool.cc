#include "stampede/solver_pool.h"

#include <algorithm>

#include "base/assert.h"

namespace doorbuster::stampede {

Duration working_time(uint32_t derivations, uint32_t derivations_per_second) {
  ASSERT(derivations_per_second > 0);
  return Duration::micros(int64_t{derivations} * 1'000'000 / derivations_per_second);
}

SolverPool::SolverPool(uint32_t cores, uint32_t derivations_per_second)
    : derivations_per_second_(derivations_per_second) {
  ASSERT(cores > 0);
  for (uint32_t core = 0; core < cores; ++core) free_at_.emplace();
}

Timestamp SolverPool::solve(uint32_t derivations, Timestamp now) {
  const Duration work = working_time(derivations, derivations_per_second_);
  const Timestamp done = std::max(free_at_.top(), now) + work;
  free_at_.pop();
  free_at_.push(done);
  ++solved_;
  worked_ = worked_ + work;
  return done;
}

Duration SolverPool::backlog(Timestamp now) const { return std::max(free_at_.top(), now) - now; }

}  // namespace doorbuster::stampede
