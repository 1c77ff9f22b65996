// Hashing, signing and randomness over OpenSSL.
//
// HmacSha256 keeps the hash state after the padded key, so that one signature costs two or three blocks and no
// allocation: it is on the path of every customer's request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace doorbuster {

using Digest = std::array<std::byte, 32>;

[[nodiscard]] Digest sha256(Bytes bytes);
// SHA-256 over the concatenation of two strings.
[[nodiscard]] Digest sha256(Bytes first, Bytes second);

// HMAC-SHA-256 (RFC 2104) under one key, for use from any number of threads.
class HmacSha256 {
 public:
  explicit HmacSha256(Bytes key);
  [[nodiscard]] Digest sign(Bytes message) const;
  // The same for the concatenation of two strings.
  [[nodiscard]] Digest sign(Bytes first, Bytes second) const;

 private:
  struct State {
    alignas(8) std::array<std::byte, 112> bytes;  // a SHA256_CTX
  };
  State inner_;
  State outer_;
};

// A key for one purpose, derived from a master secret: HKDF-SHA-256 (RFC 5869) with the purpose as `info`.
[[nodiscard]] Digest derive_key(Bytes master_secret, std::string_view purpose);

// Compares in a time that does not depend on where the two differ. Strings of different sizes are different.
[[nodiscard]] bool equal_in_constant_time(Bytes a, Bytes b);

// From the operating system's generator. Ends the process if it has none: there is nothing safe to do without.
void fill_random(std::span<std::byte> out);
[[nodiscard]] uint64_t random_number();

}  // namespace doorbuster
