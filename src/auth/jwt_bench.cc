// What a customer's token costs on the path of every request.
#include <benchmark/benchmark.h>

#include "auth/jwt.h"

namespace doorbuster::auth {
namespace {

const Timestamp kNow = Timestamp::from_micros(1'795'770'000'000'000);
const JwtClaims kClaims{
    .sub = "customer-0123456789", .expires_at = kNow + Duration::seconds(3'600), .not_before = {}, .sale = "ps5"};

void verify(benchmark::State& state, const JwtSigner& signer, const JwtKey& key) {
  const std::string token = signer.mint(kClaims);
  for (auto _ : state) {
    const auto claims = verify_jwt(token, std::span(&key, 1), kNow);
    if (!claims) state.SkipWithError("refused");
    benchmark::DoNotOptimize(claims);
  }
}

void verify_hs256(benchmark::State& state) {
  verify(state, JwtSigner::hs256("k1", "a-secret-of-forty-three-characters-0123456"),
         JwtKey::hs256("k1", "a-secret-of-forty-three-characters-0123456"));
}
BENCHMARK(verify_hs256);

void verify_eddsa(benchmark::State& state) {
  Ed25519PrivateKey key = Ed25519PrivateKey::generate();
  JwtKey public_key = JwtKey::ed25519("k1", key.public_key());
  verify(state, JwtSigner::ed25519("k1", std::move(key)), public_key);
}
BENCHMARK(verify_eddsa);

}  // namespace
}  // namespace doorbuster::auth
