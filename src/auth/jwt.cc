#include "auth/jwt.h"

#include <algorithm>
#include <functional>

#include "base/annotations_json.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::auth {
namespace {

constexpr double kLastSecond = 253'402'300'799;  // of the year 9999
constexpr int64_t kAccountAgeDaysMax = 36'500;

// The three parts, still encoded.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;  // header.payload
};

std::optional<Parts> split(std::string_view token) {
  if (token.size() > kJwtBytesMax) return std::nullopt;
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

using Scratch = std::array<std::byte, kJwtBytesMax>;

// One part of a token as JSON. The scratch must live as long as the text is used.
std::optional<std::string_view> decode(std::string_view part, Scratch& scratch) {
  const auto size = from_base64url(part, scratch);
  if (!size) return std::nullopt;
  return as_text(Bytes(scratch).first(*size));
}

const JwtKey* find_key(std::span<const JwtKey> keys, std::optional<std::string_view> id) {
  if (keys.empty()) return nullptr;
  if (!id) return &keys.front();
  for (const JwtKey& key : keys) {
    if (key.id() == *id) return &key;
  }
  return nullptr;
}

// The key that the header asks for, if it may.
tl::expected<const JwtKey*, JwtRefusal> choose_key(std::string_view header, std::span<const JwtKey> keys,
                                                   JwtHeaderMemo& memo) {
  if (const JwtKey* known = memo.key_of(header)) return known;
  Scratch scratch;
  const auto text = decode(header, scratch);
  if (!text) return tl::unexpected(JwtRefusal::kMalformed);
  JsonDocument document(*text);
  const JsonObject root = document.root();
  const std::string_view algorithm = root.required("alg").string();
  const JsonValue kid = root.optional("kid");
  const std::string_view id = kid.string();
  if (!document.ok() || root.optional("crit").present()) return tl::unexpected(JwtRefusal::kMalformed);

  const JwtKey* key = find_key(keys, kid.present() ? std::optional(id) : std::nullopt);
  if (key == nullptr) return tl::unexpected(JwtRefusal::kUnknownKey);
  if (algorithm != kJwtAlgorithmNames[static_cast<size_t>(key->algorithm())])
    return tl::unexpected(JwtRefusal::kAlgorithm);
  memo.remember(header, *key);
  return key;
}

// Seconds since 1970, possibly with a fraction (RFC 7519 section 2, NumericDate).
Timestamp numeric_date(const JsonValue& value) {
  return Timestamp::from_micros(static_cast<int64_t>(value.number({.min = 0, .max = kLastSecond}) * 1e6));
}

// For the guard.
void read_facts(const JsonObject& root, JwtClaims& claims) {
  if (const JsonValue age = root.optional("account_age_days"); age.present())
    claims.account_age_days = static_cast<uint32_t>(age.integer({.min = 0, .max = kAccountAgeDaysMax}));
  if (const JsonValue instrument = root.optional("instrument"); instrument.present()) {
    const std::string_view text = instrument.string({.min_bytes = 1, .max_bytes = kInstrumentBytesMax});
    claims.instrument = std::max<uint64_t>(std::hash<std::string_view>()(text), 1);
  }
}

tl::expected<JwtClaims, JwtRefusal> read_claims(std::string_view payload) {
  Scratch scratch;
  const auto text = decode(payload, scratch);
  if (!text) return tl::unexpected(JwtRefusal::kMalformed);
  JsonDocument document(*text);
  if (!document.well_formed()) return tl::unexpected(JwtRefusal::kMalformed);
  const JsonObject root = document.root();
  JwtClaims claims;
  claims.sub = root.required("sub").string({.min_bytes = 1, .max_bytes = kSubjectBytesMax});
  claims.expires_at = numeric_date(root.required("exp"));
  if (const JsonValue nbf = root.optional("nbf"); nbf.present()) claims.not_before = numeric_date(nbf);
  claims.sale = root.optional("sale").string({.min_bytes = 1, .max_bytes = kSaleNameBytesMax});
  claims.annotations = read_annotations(root);
  read_facts(root, claims);
  if (!document.ok()) return tl::unexpected(JwtRefusal::kBadClaim);
  return claims;
}

bool signature_is_good(const JwtKey& key, const Parts& parts) {
  Ed25519Signature signature;  // the longer of the two
  const auto size = from_base64url(parts.signature, signature);
  return size && key.verify(parts.signed_text, Bytes(signature).first(*size));
}

std::string encoded_header(JwtAlgorithm algorithm, std::string_view id) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().member("alg", kJwtAlgorithmNames[static_cast<size_t>(algorithm)]).member("typ", "JWT");
  if (!id.empty()) writer.member("kid", id);
  writer.end_object();
  return to_base64url(as_bytes(json)) + ".";
}

std::string claims_json(const JwtClaims& claims) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().member("sub", claims.sub.view()).member("exp", claims.expires_at.micros() / 1'000'000);
  if (claims.not_before) writer.member("nbf", claims.not_before->micros() / 1'000'000);
  if (!claims.sale.empty()) writer.member("sale", claims.sale.view());
  const Annotations& annotations = *claims.annotations;
  if (!annotations.client_reference.empty()) writer.member("client_reference", annotations.client_reference);
  if (!annotations.metadata.empty()) writer.key("metadata").raw(annotations.metadata);
  writer.end_object();
  return json;
}

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

}  // namespace

std::string_view explain(JwtRefusal refusal) {
  constexpr std::array<std::string_view, kJwtRefusalNames.size()> kExplanations = {
      "the token is not a JSON Web Token in compact form: three parts of base64url, at most 2,048 characters, no "
      "critical extensions",
      "no key of this shop has the token's kid: sign with a key that was made with POST /api/v1/keys, or leave kid out "
      "to use the oldest",
      "the token's alg is not the algorithm of its key: sign an HS256 key's tokens with HS256, an EdDSA key's with "
      "EdDSA",
      "the token's signature does not fit: sign with the secret exactly as it was given, as text, without decoding it",
      "the token has expired: ask the shop for a new one",
      "the token is not valid yet: its nbf lies in the future; check the clock of the machine that signed it",
      "a claim is missing or wrong: sub (1 to 256 bytes) and exp (seconds since 1970) are required; nbf, sale, "
      "client_reference (1 to 128 bytes without control characters), metadata (a flat object of texts, at most 512 "
      "bytes), account_age_days (a whole number) and instrument (1 to 64 bytes) may follow",
  };
  return kExplanations[static_cast<size_t>(refusal)];
}

JwtKey JwtKey::hs256(std::string_view id, std::string_view secret) { return {id, HmacSha256(as_bytes(secret))}; }
JwtKey JwtKey::ed25519(std::string_view id, Ed25519PublicKey key) { return {id, std::move(key)}; }

bool JwtKey::verify(std::string_view message, Bytes signature) const {
  return std::visit(
      Overloaded{[&](const HmacSha256& key) { return equal_in_constant_time(key.sign(as_bytes(message)), signature); },
                 [&](const Ed25519PublicKey& key) { return key.verify(as_bytes(message), signature); }},
      key_);
}

tl::expected<JwtClaims, JwtRefusal> verify_jwt(std::string_view token, std::span<const JwtKey> keys, Timestamp now) {
  JwtHeaderMemo none;
  return verify_jwt(token, keys, now, none);
}

tl::expected<JwtClaims, JwtRefusal> verify_jwt(std::string_view token, std::span<const JwtKey> keys, Timestamp now,
                                               JwtHeaderMemo& memo) {
  const auto payload = verify_signature(token, keys, memo);
  if (!payload) return tl::unexpected(payload.error());
  tl::expected<JwtClaims, JwtRefusal> claims = read_claims(*payload);
  if (!claims) return claims;
  if (claims->expires_at <= now) return tl::unexpected(JwtRefusal::kExpired);
  if (claims->not_before && *claims->not_before > now + kClockSkewMax) return tl::unexpected(JwtRefusal::kNotYetValid);
  return claims;
}

tl::expected<std::string_view, JwtRefusal> verify_signature(std::string_view token, std::span<const JwtKey> keys,
                                                            JwtHeaderMemo& memo) {
  const auto parts = split(token);
  if (!parts) return tl::unexpected(JwtRefusal::kMalformed);
  const auto key = choose_key(parts->header, keys, memo);
  if (!key) return tl::unexpected(key.error());
  if (!signature_is_good(**key, *parts)) return tl::unexpected(JwtRefusal::kBadSignature);
  return parts->payload;
}

JwtSigner::JwtSigner(std::string_view id, Key key)
    : header_(encoded_header(static_cast<JwtAlgorithm>(key.index()), id)), key_(std::move(key)) {}

JwtSigner JwtSigner::hs256(std::string_view id, std::string_view secret) { return {id, HmacSha256(as_bytes(secret))}; }
JwtSigner JwtSigner::ed25519(std::string_view id, Ed25519PrivateKey key) { return {id, std::move(key)}; }

std::string JwtSigner::mint(const JwtClaims& claims) const {
  ASSERT(!claims.sub.empty());
  return sign(claims_json(claims));
}

std::string JwtSigner::sign(std::string_view json) const {
  std::string token = header_ + to_base64url(as_bytes(json));
  const std::string signature =
      std::visit([&](const auto& key) { return to_base64url(key.sign(as_bytes(token))); }, key_);
  return token + "." + signature;
}

}  // namespace doorbuster::auth
