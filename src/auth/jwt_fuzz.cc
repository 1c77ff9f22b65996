// No bytes make verify_jwt fail other than by a refusal; and with the signature made good, whatever it accepts has
// bounded claims.
#include "auth/jwt.h"
#include "base/encoding.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::auth;
  constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
  static const JwtKey key = JwtKey::hs256("k1", kSecret);
  static const HmacSha256 hmac(as_bytes(kSecret));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Timestamp now = Timestamp::from_micros(1'000'000);

  ASSERT(!verify_jwt(text, std::span(&key, 1), now).has_value() || text.size() <= kJwtBytesMax);

  const size_t line = std::min(text.find('\n'), text.size());
  const std::string_view payload = text.substr(std::min(line + 1, text.size()));
  const std::string body = to_base64url(as_bytes(text.substr(0, line))) + "." + to_base64url(as_bytes(payload));
  const std::string token = body + "." + to_base64url(hmac.sign(as_bytes(body)));
  const auto claims = verify_jwt(token, std::span(&key, 1), now);
  if (claims) {
    ASSERT(!claims->sub.empty() && claims->expires_at > now);
    const auto again = verify_jwt(JwtSigner::hs256("k1", kSecret).mint(*claims), std::span(&key, 1), now);
    ASSERT(again ? again->sub == claims->sub
                 : again.error() == JwtRefusal::kExpired || token.size() > kJwtBytesMax / 2);
  } else {
    ASSERT(claims.error() != JwtRefusal::kBadSignature);
  }
  return 0;
}
