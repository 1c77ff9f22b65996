// SHA256_Init and its kin are called "deprecated" by OpenSSL 3 in favour of EVP_MD, which looks the algorithm up and
// allocates for every message; docs/decisions/0002-sha256-low-level.md has the measurement.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <limits>

namespace doorbuster {
namespace {

constexpr size_t kBlockSize = SHA256_CBLOCK;

void update(SHA256_CTX& context, Bytes bytes) { ASSERT(SHA256_Update(&context, bytes.data(), bytes.size()) == 1); }

Digest finish(SHA256_CTX& context) {
  Digest digest;
  ASSERT(SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context) == 1);
  return digest;
}

SHA256_CTX start() {
  SHA256_CTX context;
  ASSERT(SHA256_Init(&context) == 1);
  return context;
}

}  // namespace

Digest sha256(Bytes bytes) { return sha256(bytes, {}); }

Digest sha256(Bytes first, Bytes second) {
  SHA256_CTX context = start();
  update(context, first);
  update(context, second);
  return finish(context);
}

HmacSha256::HmacSha256(Bytes key) {
  static_assert(sizeof(SHA256_CTX) == sizeof(State));
  std::array<std::byte, kBlockSize> padded{};
  Digest hashed;
  if (key.size() > kBlockSize) {
    hashed = sha256(key);
    key = hashed;
  }
  std::ranges::copy(key, padded.begin());

  const auto absorb = [&](std::byte pad) {
    std::array<std::byte, kBlockSize> block = padded;
    for (std::byte& byte : block) byte ^= pad;
    SHA256_CTX context = start();
    update(context, block);
    OPENSSL_cleanse(block.data(), block.size());
    return std::bit_cast<State>(context);
  };
  inner_ = absorb(std::byte{0x36});
  outer_ = absorb(std::byte{0x5C});
  OPENSSL_cleanse(padded.data(), padded.size());
}

Digest HmacSha256::sign(Bytes message) const { return sign(message, {}); }

Digest HmacSha256::sign(Bytes first, Bytes second) const {
  auto inner = std::bit_cast<SHA256_CTX>(inner_);
  update(inner, first);
  update(inner, second);
  const Digest digest = finish(inner);
  auto outer = std::bit_cast<SHA256_CTX>(outer_);
  update(outer, digest);
  return finish(outer);
}

Digest derive_key(Bytes master_secret, std::string_view purpose) {
  const Digest zero_salt{};
  const Digest extracted = HmacSha256(zero_salt).sign(master_secret);
  const std::byte counter{1};
  return HmacSha256(extracted).sign(as_bytes(purpose), Bytes(&counter, 1));
}

bool equal_in_constant_time(Bytes a, Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace doorbuster
