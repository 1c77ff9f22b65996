// What an id costs on the way out and on the way in.
#include <benchmark/benchmark.h>

#include "auth/customer_id.h"
#include "auth/sealed_id.h"

namespace doorbuster::auth {
namespace {

const std::array<std::byte, 32> kMaster{};

void seal(benchmark::State& state) {
  const IdSealer sealer(kMaster);
  uint64_t number = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sealer.seal({.kind = IdKind::kHold, .sale = 1, .number = ++number}));
}
BENCHMARK(seal);

void open(benchmark::State& state) {
  const IdSealer sealer(kMaster);
  const SealedText text = sealer.seal({.kind = IdKind::kHold, .sale = 1, .number = 4'711});
  for (auto _ : state) benchmark::DoNotOptimize(sealer.open(view(text), IdKind::kHold));
}
BENCHMARK(open);

void hash_customer(benchmark::State& state) {
  const CustomerHasher hasher(kMaster);
  for (auto _ : state) benchmark::DoNotOptimize(hasher.of_subject("customer-0123456789"));
}
BENCHMARK(hash_customer);

}  // namespace
}  // namespace doorbuster::auth
