// A decision of the rate table among a million keys, one thread: where the key lies in no cache, and a whole request's
// four keys.
#include <benchmark/benchmark.h>

#include "base/prng.h"
#include "guard/rate_table.h"

namespace doorbuster::guard {
namespace {

constexpr uint64_t kKeys = 1'000'000;
constexpr Timestamp kStart = Timestamp::from_micros(1'700'000'000'000'000);
constexpr Rate kRate{.per_minute = 100, .burst = 100};

uint64_t key_of(uint64_t number) {
  uint64_t state = number;
  return splitmix64(state);
}

void fill(RateTable& table) {
  for (uint64_t i = 0; i < kKeys; ++i) {
    const Charge charge{.key = key_of(i), .price = Price(kRate, 100)};
    (void)table.charge({&charge, 1}, kStart);
  }
}

void a_request_of_one_key(benchmark::State& state) {
  RateTable table(kKeys, kStart);
  fill(table);
  uint64_t number = 0;
  int64_t now = 0;
  for (auto _ : state) {
    const Charge charge{.key = key_of(number++ * 7'919 % kKeys), .price = Price(kRate)};
    benchmark::DoNotOptimize(table.charge({&charge, 1}, kStart + Duration::micros(++now)));
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["MiB"] = static_cast<double>(table.bytes()) / (1 << 20);
}
BENCHMARK(a_request_of_one_key);

void a_request_of_four_keys(benchmark::State& state) {
  RateTable table(kKeys, kStart);
  fill(table);
  uint64_t number = 0;
  int64_t now = 0;
  for (auto _ : state) {
    Charge charges[4];
    for (Charge& charge : charges) charge = {.key = key_of(number++ * 7'919 % kKeys), .price = Price(kRate)};
    benchmark::DoNotOptimize(table.charge(charges, kStart + Duration::micros(++now)));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(a_request_of_four_keys);

}  // namespace
}  // namespace doorbuster::guard
