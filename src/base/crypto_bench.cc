// What a hash and a signature cost, and what they would cost through OpenSSL's EVP interface
// (docs/decisions/0002-sha256-low-level.md).
#include "base/crypto.h"

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

namespace doorbuster {
namespace {

std::vector<std::byte> message(const benchmark::State& state) {
  return std::vector<std::byte>(static_cast<size_t>(state.range(0)), std::byte{0x5A});
}

void sha256_low_level(benchmark::State& state) {
  const auto bytes = message(state);
  for (auto _ : state) benchmark::DoNotOptimize(sha256(bytes));
}
BENCHMARK(sha256_low_level)->Arg(64)->Arg(1024);

void sha256_evp(benchmark::State& state) {
  const auto bytes = message(state);
  Digest digest;
  for (auto _ : state) {
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
               nullptr);
    benchmark::DoNotOptimize(digest);
  }
}
BENCHMARK(sha256_evp)->Arg(64)->Arg(1024);

void hmac_keeping_the_key(benchmark::State& state) {
  const auto bytes = message(state);
  const HmacSha256 hmac(as_bytes("a key of 32 bytes, more or less."));
  for (auto _ : state) benchmark::DoNotOptimize(hmac.sign(bytes));
}
BENCHMARK(hmac_keeping_the_key)->Arg(64)->Arg(1024);

// The key is set once; each signature starts from there, as EVP_MAC allows.
void hmac_evp_mac(benchmark::State& state) {
  const auto bytes = message(state);
  Digest digest;
  size_t size = 0;
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
  char name[] = "SHA256";
  const OSSL_PARAM params[] = {{"digest", OSSL_PARAM_UTF8_STRING, name, sizeof name - 1, 0},
                               {nullptr, 0, nullptr, 0, 0}};
  EVP_MAC_init(context, reinterpret_cast<const unsigned char*>("a key of 32 bytes, more or less."), 32, params);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  for (auto _ : state) {
    EVP_MAC_init(context, nullptr, 0, nullptr);
    EVP_MAC_update(context, data, bytes.size());
    EVP_MAC_final(context, reinterpret_cast<unsigned char*>(digest.data()), &size, digest.size());
    benchmark::DoNotOptimize(digest);
  }
  EVP_MAC_CTX_free(context);
  EVP_MAC_free(mac);
}
BENCHMARK(hmac_evp_mac)->Arg(64)->Arg(1024);

}  // namespace
}  // namespace doorbuster
