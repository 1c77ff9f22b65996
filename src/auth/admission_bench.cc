// What it costs to let somebody in, and what each of their requests costs a site behind the room.
#include <benchmark/benchmark.h>

#include "auth/admission.h"
#include "auth/keys.h"

namespace doorbuster::auth {
namespace {

const Timestamp kNow = Timestamp::from_micros(1'795'770'000'000'000);
const AdmissionClaims kClaims{.sale = "ps5",
                              .entry = "2496d7acrkezcszscrzsc65eb4",
                              .hold = "2496d7acrkezcszscrzsc65eb5",
                              .expires_at = kNow + Duration::seconds(600)};

std::unique_ptr<AdmissionKeys> fresh_keys() {
  auto keys = AdmissionKeys::open("/nonexistent", Digest{});
  ASSERT(keys.has_value());
  return std::move(*keys);
}

void admit_one(benchmark::State& state) {
  const auto keys = fresh_keys();
  for (auto _ : state) benchmark::DoNotOptimize(admit(*keys->snapshot(), "https://sale.example", kClaims, kNow));
}
BENCHMARK(admit_one);

// More tokens than are remembered, or one that comes with every request.
void verify(benchmark::State& state) {
  const auto keys = fresh_keys();
  AdmissionVerifier verifier(*keys);
  std::vector<std::string> tokens;
  for (int64_t i = 0; i < state.range(0); ++i)
    tokens.push_back(admit(*keys->snapshot(), "https://sale.example", kClaims, kNow)->token);
  size_t next = 0;
  for (auto _ : state) {
    const auto claims = verifier.verify(tokens[next], kNow);
    if (!claims) state.SkipWithError("refused");
    next = next + 1 == tokens.size() ? 0 : next + 1;
  }
}
BENCHMARK(verify)->ArgName("tokens")->Arg(1)->Arg(10'000);

}  // namespace
}  // namespace doorbuster::auth
