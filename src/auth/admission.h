// Admissions: short-lived tokens by which a customer whose turn it is shows that at the shop's own door.
//
// A JSON Web Token, signed by the server with EdDSA (RFC 8037), whose claims any library reads: `iss` the server, `aud`
// the sale, `sub` the entry, `jti`, `iat`, `nbf`, `exp`, and `hold` if there is one. docs/formats/tokens.md has it with
// an example.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/admission_keys.h"
#include "base/bounded_text.h"

namespace doorbuster::auth {

inline constexpr size_t kIssuerBytesMax = 512;
inline constexpr size_t kPublicIdBytesMax = 32;

struct AdmissionClaims {
  BoundedText<kSaleNameBytesMax> sale;
  BoundedText<kPublicIdBytesMax> entry;
  BoundedText<kPublicIdBytesMax> hold;  // empty: none yet
  Timestamp expires_at;                 // a whole second
};

struct Admission {
  std::string token;
  Timestamp expires_at;  // the token's own, which may be earlier than asked for
};

// A token that ends no later than the claims say, nor than its key is published; nothing if it would be over at once.
[[nodiscard]] std::optional<Admission> admit(const AdmissionKeySet& keys, std::string_view issuer,
                                             const AdmissionClaims& claims, Timestamp now);

// One thread's check of admissions. A signature costs about 0.1 ms, and a browser shows the same token with everything
// that it loads: the last kRemembered good tokens are known by their SHA-256.
class AdmissionVerifier {
 public:
  explicit AdmissionVerifier(const AdmissionKeys& keys) : keys_(keys) {}

  // Not whether the sale is the right one.
  [[nodiscard]] tl::expected<AdmissionClaims, JwtRefusal> verify(std::string_view token, Timestamp now);

 private:
  static constexpr size_t kRemembered = 1'024;
  struct Known {
    Digest digest{};
    AdmissionClaims claims;
  };

  void refresh(Timestamp now);

  const AdmissionKeys& keys_;
  uint64_t version_ = 0;
  std::vector<JwtKey> verifying_;
  JwtHeaderMemo memo_;        // of verifying_
  std::vector<Known> known_;  // by the first bits of the digest
};

// "The token has expired": for whoever tried to pass, half technical.
[[nodiscard]] std::string_view explain_admission(JwtRefusal refusal);

}  // namespace doorbuster::auth
