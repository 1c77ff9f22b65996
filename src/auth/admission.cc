#include "auth/admission.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::auth {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr double kLastExpiry = 253'402'300'799;  // in the year 9999

Timestamp whole_second(Timestamp at) {
  return Timestamp::from_micros(at.micros() / kMicrosPerSecond * kMicrosPerSecond);
}
int64_t seconds_of(Timestamp at) { return at.micros() / kMicrosPerSecond; }

std::string fresh_token_id() {
  std::array<std::byte, 16> bytes;
  fill_random(bytes);
  return to_base64url(bytes);
}

tl::expected<AdmissionClaims, JwtRefusal> read_admission_claims(std::string_view payload) {
  std::array<std::byte, kJwtBytesMax> scratch;
  const auto size = from_base64url(payload, scratch);
  if (!size) return tl::unexpected(JwtRefusal::kMalformed);
  JsonDocument document(as_text(Bytes(scratch).first(*size)));
  if (!document.well_formed()) return tl::unexpected(JwtRefusal::kMalformed);
  const JsonObject root = document.root();
  AdmissionClaims claims;
  claims.sale = root.required("aud").string({.min_bytes = 1, .max_bytes = kSaleNameBytesMax});
  claims.entry = root.required("sub").string({.min_bytes = 1, .max_bytes = kPublicIdBytesMax});
  claims.hold = root.optional("hold").string({.max_bytes = kPublicIdBytesMax});
  const double expires = root.required("exp").number({.min = 0, .max = kLastExpiry});
  claims.expires_at = Timestamp::from_micros(static_cast<int64_t>(expires) * kMicrosPerSecond);
  if (!document.ok()) return tl::unexpected(JwtRefusal::kBadClaim);
  return claims;
}

}  // namespace

std::optional<Admission> admit(const AdmissionKeySet& keys, std::string_view issuer, const AdmissionClaims& claims,
                               Timestamp now) {
  ASSERT(!claims.sale.empty() && !claims.entry.empty() && issuer.size() <= kIssuerBytesMax);
  const AdmissionKey& key = keys.signing_at(now);
  const Timestamp end = whole_second(std::min(claims.expires_at, key.record.retires_at.value_or(claims.expires_at)));
  if (end <= now) return std::nullopt;
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().member("iss", issuer).member("aud", claims.sale.view()).member("sub", claims.entry.view());
  writer.member("jti", fresh_token_id()).member("iat", seconds_of(now)).member("nbf", seconds_of(now));
  writer.member("exp", seconds_of(end));
  if (!claims.hold.empty()) writer.member("hold", claims.hold.view());
  writer.end_object();
  return Admission{.token = key.signer.sign(json), .expires_at = end};
}

void AdmissionVerifier::refresh(Timestamp now) {
  const uint64_t version = keys_.version();
  if (version == version_) return;
  verifying_ = keys_.snapshot()->verifying_at(now);
  memo_.forget();
  known_.assign(kRemembered, Known{});
  version_ = version;  // if it has grown again meanwhile, the next call reads once more
}

tl::expected<AdmissionClaims, JwtRefusal> AdmissionVerifier::verify(std::string_view token, Timestamp now) {
  refresh(now);
  if (token.size() > kJwtBytesMax) return tl::unexpected(JwtRefusal::kMalformed);
  const Digest digest = sha256(as_bytes(token));
  size_t place = 0;
  std::memcpy(&place, digest.data(), sizeof place);
  Known& known = known_[place % kRemembered];
  if (known.digest != digest) {
    const auto payload = verify_signature(token, verifying_, memo_);
    if (!payload) return tl::unexpected(payload.error());
    const auto claims = read_admission_claims(*payload);
    if (!claims) return claims;
    known = {.digest = digest, .claims = *claims};
  }
  if (known.claims.expires_at <= now) return tl::unexpected(JwtRefusal::kExpired);
  return known.claims;
}

std::string_view explain_admission(JwtRefusal refusal) {
  constexpr std::array<std::string_view, kJwtRefusalNames.size()> kExplanations = {
      "This is no admission.",
      "This admission is signed with a key that this server does not have, or has retired.",
      "This admission names another algorithm than EdDSA.",
      "This admission's signature does not fit.",
      "This admission is over.",
      "This admission does not hold yet.",
      "This admission lacks what one of this server has.",
  };
  return kExplanations[static_cast<size_t>(refusal)];
}

}  // namespace doorbuster::auth
