#include "auth/shop_key.h"

#include "auth/api_key.h"
#include "auth/ed25519.h"
#include "base/encoding.h"

namespace doorbuster::auth {

Result<void> check_key_name(std::string_view name) {
  if (!name.empty() && name.size() <= kKeyNameBytesMax) return {};
  return fail(ErrorCode::kInvalid, "a key needs a name of 1 to 100 bytes, so that you know later whose it is");
}

Result<void> check_key_id(std::string_view id) {
  if (is_key_id(id)) return {};
  return fail(ErrorCode::kInvalid, "a key's id has 1 to 64 letters, digits, '-', '_' and '.'");
}

Result<ShopKey> make_shop_key(const NewShopKey& wanted, const std::string& id, Timestamp now) {
  ShopKey key{
      .id = id, .name = wanted.name, .created_at = now, .algorithm = JwtAlgorithm::kHs256, .material = wanted.secret};
  if (!wanted.public_key.empty()) {
    if (!wanted.secret.empty())
      return fail(ErrorCode::kInvalid, "give either a public_key (EdDSA) or a secret (HS256), not both");
    const Ed25519PublicKey public_key = TRY(Ed25519PublicKey::parse(wanted.public_key));
    key.algorithm = JwtAlgorithm::kEdDsa;
    key.material = to_base64url(public_key.bytes());
  } else if (wanted.secret.empty()) {
    key.material = key_text(kShopPrefix, {.id = id, .secret = fresh_secret()});
  } else if (wanted.secret.size() < kShopSecretBytesMin || wanted.secret.size() > kShopSecretBytesMax) {
    return fail(ErrorCode::kInvalid,
                "a shop's own secret needs 32 to 512 bytes (RFC 7518 section 3.2), or leave it out to be given one");
  }
  return key;
}

}  // namespace doorbuster::auth
