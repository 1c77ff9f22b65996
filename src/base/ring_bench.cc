// What it costs to hand something to another thread: the ring, and the bell that wakes who waits at it.
#include <benchmark/benchmark.h>

#include <array>
#include <thread>

#include "base/doorbell.h"
#include "base/ring.h"

namespace doorbuster {
namespace {

using Item = std::array<uint64_t, 16>;  // 128 bytes, as large as a request to the cell of sales
constexpr size_t kCapacity = 4'096;

// In and out again on one thread, in batches: nothing but the copies and the indices.
void through_a_ring_on_one_thread(benchmark::State& state) {
  Ring<Item> ring(kCapacity);
  const auto batch = static_cast<size_t>(state.range(0));
  uint64_t sum = 0;
  for (auto _ : state) {
    for (size_t i = 0; i < batch; ++i) ASSERT(ring.try_push(Item{i}));
    ring.drain(batch, [&](Item&& item) { sum += item[0]; });
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(static_cast<int64_t>(batch) * state.iterations());
}
BENCHMARK(through_a_ring_on_one_thread)->Arg(1)->Arg(64)->Arg(1'024);

// A consumer on a thread of its own takes all that comes, without sleeping.
void through_a_ring_between_threads(benchmark::State& state) {
  Ring<Item> ring(kCapacity);
  std::atomic<bool> done{false};
  uint64_t sum = 0;
  std::thread consumer([&] {
    while (!done.load(std::memory_order_relaxed))
      if (ring.drain(kCapacity, [&](Item&& item) { sum += item[0]; }) == 0) std::this_thread::yield();
  });
  for (auto _ : state) {
    while (!ring.try_push(Item{1})) std::this_thread::yield();
  }
  done.store(true);
  consumer.join();
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(through_a_ring_between_threads)->UseRealTime();

// There and back between two threads that sleep until they are rung.
void bell_there_and_back(benchmark::State& state) {
  constexpr auto kPatience = std::chrono::seconds(1);
  Doorbell there, back;
  std::atomic<bool> done{false};
  std::thread other([&] {
    while (!done.load()) {
      there.wait(kPatience);
      back.ring();
    }
  });
  for (auto _ : state) {
    there.ring();
    back.wait(kPatience);
  }
  done.store(true);
  there.ring();
  other.join();
}
BENCHMARK(bell_there_and_back)->UseRealTime();

// A ring that nobody sleeps at.
void bell_while_awake(benchmark::State& state) {
  Doorbell bell;
  for (auto _ : state) bell.ring();
}
BENCHMARK(bell_while_awake);

}  // namespace
}  // namespace doorbuster
