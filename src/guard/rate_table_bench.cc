// A decision of the rate table among a million keys, one thread: where the key lies in no cache, and a whole request's
// four keys.
#include <benchmark/benchmark.h>

#include <vector>

#include "base/prng.h"
#include "guard/rate_table.h"

namespace doorbuster::guard {
namespace {

constexpr uint64_t kKeys = 1'000'000;
constexpr Timestamp kStart = Timestamp::from_micros(1'700'000'000'000'000);
constexpr Rate kRate{.per_minute = 100, .burst = 100};

void fill(RateTable& table) {
  const Price whole(kRate, kRate.burst);
  for (uint64_t i = 0; i < kKeys; ++i) {
    const Charge charge{.key = mixed64(i), .price = whole};
    (void)table.charge({&charge, 1}, kStart);
  }
}

// By as many keys as the argument says.
void a_request(benchmark::State& state) {
  RateTable table(kKeys, kStart);
  fill(table);
  const Price price(kRate);
  std::vector<Charge> charges(static_cast<size_t>(state.range(0)));
  uint64_t number = 0;
  int64_t now = 0;
  for (auto _ : state) {
    for (Charge& charge : charges) charge = {.key = mixed64(number++ * 7'919 % kKeys), .price = price};
    benchmark::DoNotOptimize(table.charge(charges, kStart + Duration::micros(++now)));
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["MiB"] = static_cast<double>(table.bytes()) / (1 << 20);
}
BENCHMARK(a_request)->Arg(1)->Arg(4);

}  // namespace
}  // namespace doorbuster::guard
