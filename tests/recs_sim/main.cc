// The simulator of recommendations. Exit codes: 0 every promise was kept, 1 one was broken, 2 the arguments are wrong.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "recs_sim/world.h"

int main(int argc, char** argv) {
  uint64_t first = 1;
  uint64_t seeds = 100;
  uint64_t steps = 1'000;
  CLI::App app("Recommendations under a simulated disk, time and crashes");
  app.add_option("--seed", first, "the first world's");
  app.add_option("--seeds", seeds, "how many worlds");
  app.add_option("--steps", steps, "of each")->check(CLI::Range(1, 2'000));
  CLI11_PARSE(app, argc, argv);
  doorbuster::recs::sim::Outcome all;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    const auto outcome = doorbuster::recs::sim::World(seed, steps).run();
    if (!outcome.broken.empty()) {
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), outcome.broken.c_str());
      return 1;
    }
    all.answers += outcome.answers;
    all.crashes += outcome.crashes;
    all.events += outcome.events;
  }
  std::printf("%llu worlds, %llu answers, %llu crashes, %llu events: every promise was kept\n",
              static_cast<unsigned long long>(seeds), static_cast<unsigned long long>(all.answers),
              static_cast<unsigned long long>(all.crashes), static_cast<unsigned long long>(all.events));
  return 0;
}
