#include "stampede/solver_pool.h"

#include <algorithm>

#include "base/assert.h"

namespace doorbuster::stampede {

Duration working_time(uint32_t derivations, uint32_t derivations_per_second) {
  ASSERT(derivations_per_second > 0);
  return Duration::micros(int64_t{derivations} * 1'000'000 / derivations_per_second);
}

SolverPool::SolverPool(uint32_t cores, uint32_t derivations_per_second, Timestamp opens_at)
    : derivations_per_second_(derivations_per_second), opens_at_(opens_at) {
  ASSERT(cores > 0);
  for (uint32_t core = 0; core < cores; ++core) (core < cores / 2 ? kept_ : usual_).emplace();
}

Timestamp SolverPool::solve(uint32_t derivations, For what, Timestamp now) {
  const Duration work = working_time(derivations, derivations_per_second_);
  const Timestamp kept_done = kept_.empty() ? Timestamp() : std::max(kept_.top(), now) + work;
  const bool may_take_kept = !kept_.empty() && (what == For::kUnit || kept_done <= opens_at_);
  Cores& cores = may_take_kept && kept_.top() <= usual_.top() ? kept_ : usual_;
  const Timestamp done = std::max(cores.top(), now) + work;
  cores.pop();
  cores.push(done);
  ++solved_;
  worked_ = worked_ + work;
  return done;
}

Duration SolverPool::backlog(Timestamp now) const {
  const Timestamp usual = std::max(usual_.top(), now);
  const Timestamp kept = kept_.empty() ? opens_at_ : std::max(kept_.top(), now);
  return (kept < opens_at_ ? std::min(usual, kept) : usual) - now;
}

}  // namespace doorbuster::stampede
