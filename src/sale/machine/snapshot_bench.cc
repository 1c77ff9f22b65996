// What a hold costs, and how long a snapshot of millions of them keeps anybody waiting: its begin, its longest part,
// and the longest turn of the machine meanwhile. `at_once` is what it would take in one piece.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

#include "base/prng.h"
#include "sale/machine/machine.h"

namespace doorbuster::sale {
namespace {

constexpr uint32_t kTurn = 64;  // holds decided at one time, as a cell does under load

class Crowd {
 public:
  explicit Crowd(uint32_t holds)
      : machine_({.sales = 1, .holds = 2 * holds + 1'000'000, .entries = 1, .operator_keys = 100}) {
    machine_.go_live(now_);
    Settings settings;
    settings.id = "sale";
    settings.units = kMaxUnits;
    settings.queue = QueueKind::kNone;
    settings.opens_at = now_;
    settings.hold_seconds = 3'600;
    decide(CreateSale{std::make_unique<Settings>(std::move(settings)), false, {}});
    for (uint32_t i = 0; i < holds; i += kTurn) turn();
  }

  // New customers, and one in eight who gives back what somebody got long ago: that is a change anywhere in the table.
  void turn() {
    now_ = now_ + Duration::micros(100);
    std::vector<Command> commands;
    for (uint32_t i = 0; i < kTurn; ++i) {
      uint64_t who = ++customers_;
      commands.emplace_back(Reserve{SaleNumber(0), {splitmix64(who), splitmix64(who)}, {}});
      machine_.prefetch(commands.back());
    }
    for (const Command& command : commands) decide(command);
    for (uint32_t i = 0; i < kTurn / 8; ++i) give_one_back();
    machine_.take_publications([](Machine::Publication&&) {});
  }

  Machine& machine() { return machine_; }

 private:
  void give_one_back() {
    const auto slot = static_cast<uint32_t>(random_.below(machine_.state().hold_slots()));
    decide(Release{machine_.state().number_of_hold(slot), machine_.state().hold_at(slot).customer, {}});
  }
  void decide(const Command& command) {
    if (payload_.size() > 100'000) payload_.clear();
    EventSink sink{payload_};
    (void)machine_.decide(command, now_, sink);
  }

  Prng random_{1};
  Timestamp now_ = Timestamp::from_micros(1'700'000'000'000'000);
  Machine machine_;
  std::vector<std::byte> payload_;
  uint64_t customers_ = 0;
};

template <class Work>
double micros_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

void a_turn_of_64_holds(benchmark::State& state) {
  Crowd crowd(static_cast<uint32_t>(state.range(0)));
  for (auto _ : state) crowd.turn();
  state.SetItemsProcessed(state.iterations() * kTurn);
}
BENCHMARK(a_turn_of_64_holds)->Arg(1'000'000)->Iterations(8'000);

void a_snapshot_between_turns(benchmark::State& state) {
  Crowd crowd(static_cast<uint32_t>(state.range(0)));
  double begin = 0;
  std::vector<double> parts;
  std::vector<double> turns;
  for (auto _ : state) {
    begin = std::max(begin, micros_of([&] { crowd.machine().begin_snapshot(); }));
    std::vector<std::byte> part;
    for (bool is_more = true; is_more;) {
      turns.push_back(micros_of([&] { crowd.turn(); }));
      part.clear();
      parts.push_back(micros_of([&] { is_more = crowd.machine().save_part(part); }));
    }
  }
  std::ranges::sort(parts);
  std::ranges::sort(turns);
  state.counters["begin_us"] = begin;
  state.counters["parts"] = static_cast<double>(parts.size());
  state.counters["part_us_p50"] = parts[parts.size() / 2];
  state.counters["part_us_max"] = parts.back();
  state.counters["turn_us_p50"] = turns[turns.size() / 2];
  state.counters["turn_us_p99"] = turns[turns.size() * 99 / 100];
  state.counters["turn_us_max"] = turns.back();
}
BENCHMARK(a_snapshot_between_turns)->Arg(1'000'000)->Arg(4'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);

void a_snapshot_at_once(benchmark::State& state) {
  Crowd crowd(static_cast<uint32_t>(state.range(0)));
  for (auto _ : state) {
    std::vector<std::byte> all;
    crowd.machine().save(all);
    benchmark::DoNotOptimize(all.data());
  }
}
BENCHMARK(a_snapshot_at_once)->Arg(1'000'000)->Arg(4'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace doorbuster::sale
