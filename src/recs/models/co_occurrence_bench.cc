// What an event costs the table of what was bought together, and what an answer does: a shop of 50,000 items, of which
// a few are in most baskets, and baskets of five.
#include <benchmark/benchmark.h>

#include <cmath>

#include "base/prng.h"
#include "recs/models/co_occurrence.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kNow = Timestamp::from_micros(1'700'000'000'000'000);
constexpr uint64_t kItems = 50'000;
constexpr uint64_t kBasketSize = 5;

// Nearly Zipf's law: the k-th item is asked for with a chance near 1/k.
ItemNumber any_item(Prng& random) {
  const double share = static_cast<double>(random.below(1 << 24)) / (1 << 24);
  return static_cast<ItemNumber>(std::pow(static_cast<double>(kItems), share)) - 1;
}

void fill(CoOccurrence& table, Prng& random, BasketNumber baskets) {
  for (BasketNumber basket = 0; basket < baskets; ++basket) {
    for (uint64_t i = 0; i < kBasketSize; ++i) table.add(basket, any_item(random), BasketEvent::kPurchase, kNow);
  }
}

void add_and_remove(benchmark::State& state) {
  Prng random(1);
  CoOccurrence table({}, kNow);
  fill(table, random, 200'000);
  for (auto _ : state) {
    const auto basket = static_cast<BasketNumber>(random.below(200'000));
    const ItemNumber item = any_item(random);
    table.add(basket, item, BasketEvent::kView, kNow);
    benchmark::DoNotOptimize(table.remove(basket, item, BasketEvent::kView, kNow));
  }
  state.counters["bytes_an_event"] = static_cast<double>(table.bytes()) / (200'000.0 * kBasketSize);
  state.counters["pairs_an_event"] = static_cast<double>(table.pairs()) / (200'000.0 * kBasketSize);
}
BENCHMARK(add_and_remove)->Unit(benchmark::kMicrosecond);

void also_bought(benchmark::State& state) {
  Prng random(2);
  CoOccurrence table({}, kNow);
  fill(table, random, 200'000);
  for (auto _ : state) benchmark::DoNotOptimize(table.also(any_item(random), 20));
}
BENCHMARK(also_bought)->Unit(benchmark::kMicrosecond);

// The item that is in the most baskets, whose row is the longest.
void also_bought_with_the_most_popular(benchmark::State& state) {
  Prng random(2);
  CoOccurrence table({}, kNow);
  fill(table, random, 200'000);
  for (auto _ : state) benchmark::DoNotOptimize(table.also(0, 20));
  state.counters["row"] = static_cast<double>(table.row_size(0));
}
BENCHMARK(also_bought_with_the_most_popular)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace doorbuster::recs
