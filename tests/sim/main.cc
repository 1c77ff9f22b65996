// The simulator's command line. Exit codes: 0 every promise was kept, 1 one was broken, 2 the arguments are wrong.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "sim/world.h"

namespace doorbuster::sim {
namespace {

struct Options {
  uint64_t first_seed = 1;
  uint64_t seeds = 10'000;
  uint64_t sweeps = 20;
  uint64_t sweep = 0;  // one small world ...
  uint64_t at = 0;     // ... with the power lost at one operation
  size_t keep_lines = 60;
  bool trace = false;
  bool seeds_to_find = false;
};

// One run, named so that it can be done again.
struct RunName {
  bool is_sweep = false;
  uint64_t seed = 0;
  uint64_t at = 0;  // of a sweep: the operation, 0 for none

  [[nodiscard]] std::vector<std::string> arguments() const {
    if (!is_sweep) return {"--seed", std::to_string(seed)};
    return {"--sweep", std::to_string(seed), "--at", std::to_string(at)};
  }
  [[nodiscard]] std::string text() const {
    std::string text;
    for (const std::string& argument : arguments()) text += (text.empty() ? "" : " ") + argument;
    return text;
  }
  [[nodiscard]] Plan plan() const {
    if (!is_sweep) return draw_plan(seed);
    Plan plan = draw_small_plan(seed);
    if (at > 0) plan.power_loss_at = {at};
    // Every other time it is lost again soon after, in the middle of the recovery or just behind it.
    if (at > 0 && Prng(seed * 100'003 + at).chance(2)) plan.power_loss_at.push_back(at + 1 + at % 7);
    return plan;
  }
};

struct Totals {
  uint64_t runs = 0;
  uint64_t steps = 0;
  uint64_t recoveries = 0;
  uint64_t acknowledged = 0;
};

// What the handler of SIGABRT needs; it may not allocate.
struct Dying {
  World* world = nullptr;  // has kept a trace
  std::array<std::string, 4> arguments;
  bool seeds_to_find = false;
  std::string found;
} dying;

// An assertion ends the process. A run that kept no trace is done again by a process that keeps one.
void on_abort(int) {
  if (dying.seeds_to_find) {
    (void)!write(STDOUT_FILENO, dying.found.data(), dying.found.size());
    _exit(1);
  }
  if (dying.world != nullptr) {
    dying.world->print_trace();
    _exit(1);
  }
  std::array<char*, 6> arguments{const_cast<char*>("doorbuster_sim")};
  for (size_t i = 0; i < dying.arguments.size(); ++i) {
    arguments[i + 1] = dying.arguments[i].empty() ? nullptr : dying.arguments[i].data();
  }
  execv("/proc/self/exe", arguments.data());
  _exit(1);
}

std::string found_line(uint64_t runs, const RunName& name, const std::string& promise) {
  return "found after " + std::to_string(runs) + " runs, by " + name.text() + ": " + promise + "\n";
}

void prepare_to_die(const Options& options, const RunName& name, uint64_t runs) {
  dying.seeds_to_find = options.seeds_to_find;
  dying.arguments = {};
  const auto arguments = name.arguments();
  std::copy(arguments.begin(), arguments.end(), dying.arguments.begin());
  dying.found = found_line(runs, name, "an assertion failed");
}

void tell_failure(const RunName& name, const std::string& broken, World& world) {
  std::fprintf(stderr, "The last that happened:\n");
  world.print_trace();
  std::fprintf(stderr, "BROKEN PROMISE: %s\nAgain, with all that happens: doorbuster_sim %s --trace\n", broken.c_str(),
               name.text().c_str());
}

// One run with a trace, for a person to look at.
int run_and_show(const Options& options, const RunName& name) {
  World world(name.plan(), options.trace ? TraceMode::kAll : TraceMode::kLast, options.keep_lines);
  dying.world = &world;
  std::fprintf(stderr, "doorbuster_sim %s\n", name.text().c_str());
  const RunResult result = world.run();
  if (!result.broken.empty()) {
    tell_failure(name, result.broken, world);
    return 1;
  }
  std::printf("all promises kept: %llu steps, %llu disk operations, %llu recoveries, %zu holds and entries\n",
              static_cast<unsigned long long>(result.steps), static_cast<unsigned long long>(result.disk_operations),
              static_cast<unsigned long long>(result.recoveries), result.acknowledged);
  return 0;
}

class Campaign {
 public:
  explicit Campaign(const Options& options) : options_(options) {}

  int run() {
    const bool kept = run_seeds() && run_sweeps();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    std::printf("%llu runs in %.1f s (%.0f a second): %llu steps, %llu recoveries, %llu holds and entries\n",
                static_cast<unsigned long long>(totals_.runs), seconds, static_cast<double>(totals_.runs) / seconds,
                static_cast<unsigned long long>(totals_.steps), static_cast<unsigned long long>(totals_.recoveries),
                static_cast<unsigned long long>(totals_.acknowledged));
    if (kept) std::printf("every promise was kept\n");
    return kept ? 0 : 1;
  }

 private:
  bool run_seeds() {
    for (uint64_t i = 0; i < options_.seeds; ++i) {
      if (!run_one({.seed = options_.first_seed + i})) return false;
      if ((i + 1) % 1'000 == 0) say_progress(i + 1);
    }
    return true;
  }

  // The power is lost at each of a small world's disk operations in turn.
  bool run_sweeps() {
    for (uint64_t i = 0; i < options_.sweeps; ++i) {
      const uint64_t seed = options_.first_seed + i;
      if (!run_one({.is_sweep = true, .seed = seed})) return false;
      const uint64_t operations = last_.disk_operations;
      for (uint64_t at = 1; at <= operations; ++at) {
        if (!run_one({.is_sweep = true, .seed = seed, .at = at})) return false;
      }
    }
    return true;
  }

  bool run_one(const RunName& name) {
    ++totals_.runs;
    prepare_to_die(options_, name, totals_.runs);
    const bool is_done_twice = totals_.runs % 64 == 0;
    last_ = World(name.plan(), is_done_twice ? TraceMode::kDigest : TraceMode::kOff, 0).run();
    totals_.steps += last_.steps;
    totals_.recoveries += last_.recoveries;
    totals_.acknowledged += last_.acknowledged;
    if (last_.broken.empty() && is_done_twice) check_again(name);
    if (last_.broken.empty()) return true;
    std::fputs(found_line(totals_.runs, name, last_.broken).c_str(), stdout);
    std::fflush(stdout);
    if (!options_.seeds_to_find) (void)run_and_show(options_, name);
    return false;
  }

  // One seed gives one run, to the last byte of its trace.
  void check_again(const RunName& name) {
    const RunResult again = World(name.plan(), TraceMode::kDigest, 0).run();
    if (again.log_end != last_.log_end || again.steps != last_.steps || again.trace != last_.trace) {
      last_.broken = "the same seed gave another run";
    }
  }

  void say_progress(uint64_t done) const {
    if (options_.seeds_to_find) return;
    std::printf("   %llu of %llu seeds\n", static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(options_.seeds));
    std::fflush(stdout);
  }

  const Options options_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Totals totals_;
  RunResult last_;
};

int run(const Options& options, bool one_seed) {
  std::signal(SIGABRT, on_abort);
  if (options.sweep != 0) {
    return run_and_show(options, {.is_sweep = true, .seed = options.sweep, .at = options.at});
  }
  if (one_seed) return run_and_show(options, {.seed = options.first_seed});
  return Campaign(options).run();
}

}  // namespace
}  // namespace doorbuster::sim

int main(int argc, char** argv) {
  doorbuster::sim::Options options;
  CLI::App app("The whole server in one thread under a simulated clock, disk and network. One seed gives one run.");
  const auto* seeds = app.add_option("--seeds", options.seeds, "how many worlds, one a seed")->capture_default_str();
  const auto* seed = app.add_option("--seed", options.first_seed, "the first seed; without --seeds the only one");
  app.add_option("--sweeps", options.sweeps, "small worlds that lose their power at every disk operation in turn")
      ->capture_default_str();
  app.add_option("--sweep", options.sweep, "one small world alone ...");
  app.add_option("--at", options.at, "... that loses its power at this operation");
  app.add_option("--last", options.keep_lines, "how many lines of the trace a failure shows")->capture_default_str();
  app.add_flag("--trace", options.trace, "print all that happens");
  app.add_flag("--seeds-to-find", options.seeds_to_find, "say only after how many runs a promise was broken");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return doorbuster::sim::run(options, seed->count() > 0 && seeds->count() == 0);
}
