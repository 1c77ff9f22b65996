// Ed25519 (RFC 8032) over OpenSSL.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace doorbuster::auth {

inline constexpr size_t kEd25519KeyBytes = 32;
inline constexpr size_t kEd25519SignatureBytes = 64;

using Ed25519Signature = std::array<std::byte, kEd25519SignatureBytes>;
using Ed25519Bytes = std::array<std::byte, kEd25519KeyBytes>;

struct EvpKeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, EvpKeyFree>;

// For use from any number of threads.
class Ed25519PublicKey {
 public:
  explicit Ed25519PublicKey(const Ed25519Bytes& bytes);

  // Reads a key as people have it: PEM ("-----BEGIN PUBLIC KEY-----") or the 32 bytes in base64url (the "x" of a JWK).
  [[nodiscard]] static Result<Ed25519PublicKey> parse(std::string_view text);

  [[nodiscard]] bool verify(Bytes message, Bytes signature) const;
  [[nodiscard]] const Ed25519Bytes& bytes() const { return bytes_; }

 private:
  Ed25519Bytes bytes_;
  EvpKey key_;
};

class Ed25519PrivateKey {
 public:
  // From the 32-byte seed.
  explicit Ed25519PrivateKey(const Ed25519Bytes& seed);
  [[nodiscard]] static Ed25519PrivateKey generate();

  [[nodiscard]] Ed25519Signature sign(Bytes message) const;
  [[nodiscard]] Ed25519PublicKey public_key() const;

 private:
  EvpKey key_;
};

}  // namespace doorbuster::auth
