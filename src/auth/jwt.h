// Customers' tokens: JSON Web Tokens (RFC 7519) in JWS compact form (RFC 7515), signed by a shop with HS256 or EdDSA
// (RFC 8037).
//
// The algorithm belongs to the key. A token whose header names another one is refused, so neither "none" nor an HMAC
// made with a public key can pass (RFC 8725 section 3.1). The signature is checked before a single claim is read.
// Verifying an HS256 token allocates nothing. docs/formats/tokens.md has the claims and test vectors.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "auth/ed25519.h"
#include "base/annotations.h"
#include "base/bounded_text.h"
#include "base/crypto.h"
#include "base/time.h"

namespace doorbuster::auth {

inline constexpr size_t kJwtBytesMax = 2'048;
inline constexpr size_t kSubjectBytesMax = 256;
inline constexpr size_t kSaleNameBytesMax = 64;
inline constexpr size_t kKeyIdBytesMax = 64;
inline constexpr size_t kInstrumentBytesMax = 64;
// The shop's clock may be this much ahead of ours before "not yet valid" is said. An expiry has no such grace.
inline constexpr Duration kClockSkewMax = Duration::seconds(5);

enum class JwtAlgorithm { kHs256, kEdDsa };
inline constexpr std::array<std::string_view, 2> kJwtAlgorithmNames = {"HS256", "EdDSA"};

struct JwtClaims {
  BoundedText<kSubjectBytesMax> sub;  // the customer as the shop knows them; never empty
  Timestamp expires_at;
  std::optional<Timestamp> not_before;
  BoundedText<kSaleNameBytesMax> sale;  // empty: good for every sale
  AnnotationsBox annotations;           // what the shop says of them, but for `sub`
  std::optional<uint32_t> account_age_days;
  uint64_t instrument = 0;  // a hash, good in this process only, of what they pay by; 0: the shop does not say
};

enum class JwtRefusal {
  kMalformed,   // not three parts of base64url JSON, too long, or a critical extension that we do not know
  kUnknownKey,  // its `kid` names no key of this shop, or the shop has no key
  kAlgorithm,   // its `alg` is not the one that belongs to the key
  kBadSignature,
  kExpired,
  kNotYetValid,
  kBadClaim,  // signed well, but `sub` or `exp` is missing, or a claim has a wrong type or size
};
inline constexpr std::array<std::string_view, 7> kJwtRefusalNames = {
    "malformed", "unknown-key", "algorithm", "bad-signature", "expired", "not-yet-valid", "bad-claim"};

// A sentence for whoever made the token: what is wrong, and what to do.
[[nodiscard]] std::string_view explain(JwtRefusal refusal);

// What a signature is checked with. For use from any number of threads.
class JwtKey {
 public:
  // The HMAC key is the secret's text as it stands, which is what JWT libraries make of a string.
  [[nodiscard]] static JwtKey hs256(std::string_view id, std::string_view secret);
  [[nodiscard]] static JwtKey ed25519(std::string_view id, Ed25519PublicKey key);

  [[nodiscard]] std::string_view id() const { return id_; }
  [[nodiscard]] JwtAlgorithm algorithm() const { return static_cast<JwtAlgorithm>(key_.index()); }
  [[nodiscard]] bool verify(std::string_view message, Bytes signature) const;

 private:
  using Key = std::variant<HmacSha256, Ed25519PublicKey>;  // in the order of JwtAlgorithm
  JwtKey(std::string_view id, Key key) : id_(id), key_(std::move(key)) {}

  std::string id_;
  Key key_;
};

// The header that came last and its key: a shop's tokens nearly all begin with the same bytes, which need not be read
// again. Good for one set of keys, which must outlive it; one a thread.
class JwtHeaderMemo {
 public:
  [[nodiscard]] const JwtKey* key_of(std::string_view header) const {
    return header == header_.view() ? key_ : nullptr;
  }
  void remember(std::string_view header, const JwtKey& key) {
    if (header.size() > kHeaderBytesMax) return;
    header_ = header;
    key_ = &key;
  }
  void forget() { *this = {}; }

 private:
  static constexpr size_t kHeaderBytesMax = 128;  // the longest that our own signer writes is shorter
  BoundedText<kHeaderBytesMax> header_;
  const JwtKey* key_ = nullptr;
};

// A token without `kid` is checked with the first of `keys`. At most kJwtBytesMax bytes are looked at.
[[nodiscard]] tl::expected<JwtClaims, JwtRefusal> verify_jwt(std::string_view token, std::span<const JwtKey> keys,
                                                             Timestamp now, JwtHeaderMemo& memo);
[[nodiscard]] tl::expected<JwtClaims, JwtRefusal> verify_jwt(std::string_view token, std::span<const JwtKey> keys,
                                                             Timestamp now);

// The payload of a token whose signature is good, still encoded: the claims are the caller's to read. Nothing is said
// of its times.
[[nodiscard]] tl::expected<std::string_view, JwtRefusal> verify_signature(std::string_view token,
                                                                          std::span<const JwtKey> keys,
                                                                          JwtHeaderMemo& memo);

// What tokens are made with.
class JwtSigner {
 public:
  [[nodiscard]] static JwtSigner hs256(std::string_view id, std::string_view secret);
  [[nodiscard]] static JwtSigner ed25519(std::string_view id, Ed25519PrivateKey key);

  // Asserts that `sub` is not empty. An empty id leaves `kid` out.
  [[nodiscard]] std::string mint(const JwtClaims& claims) const;
  // A token of any claims: `json` is an object.
  [[nodiscard]] std::string sign(std::string_view json) const;

 private:
  using Key = std::variant<HmacSha256, Ed25519PrivateKey>;
  JwtSigner(std::string_view id, Key key);

  std::string header_;  // encoded, with the dot
  Key key_;
};

}  // namespace doorbuster::auth
