// What it costs to check a solution: of challenges as a policy makes them, each of which is good once.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/assert.h"
#include "guard/challenge.h"

namespace doorbuster::guard {
namespace {

constexpr size_t kSolutions = 200'000;
constexpr Timestamp kNow = Timestamp::from_micros(1'700'000'000'000'000);

// Of the least work there is: what checking costs does not depend on it.
std::vector<std::string> solutions(const Challenges& challenges, Bytes secret) {
  const ChallengeSolver solver(secret);
  std::vector<std::string> made;
  made.reserve(kSolutions);
  for (size_t i = 0; i < kSolutions; ++i) {
    const std::string challenge = challenges.make({.cost = 2, .derivations = 1}, kNow, Duration::seconds(300));
    made.push_back(solver.solve(challenge).value().payload);
  }
  return made;
}

void a_solution_is_checked(benchmark::State& state) {
  const Digest secret = sha256(as_bytes("a secret"));
  Challenges challenges(secret, 500'000, kNow);
  const std::vector<std::string> made = solutions(challenges, secret);
  size_t number = 0;
  for (auto _ : state) ASSERT(challenges.use(made.at(number++), kNow).status == SolutionStatus::kGood);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(a_solution_is_checked)->Iterations(kSolutions);

}  // namespace
}  // namespace doorbuster::guard
