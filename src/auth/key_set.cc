#include "auth/key_set.h"

#include <algorithm>

#include "auth/api_key.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::auth {
namespace {

constexpr std::string_view kFormat = "doorbuster-keys";
constexpr int64_t kVersion = 2;
// Version 1 told configured keys from others by their name only.
constexpr std::string_view kConfiguredName = "from the configuration";

void write_operator(JsonWriter& json, const OperatorKey& key) {
  json.begin_object().member("id", key.id).member("name", key.name).member("created_at", key.created_at);
  json.member("argon2id", key.hash).member("check", key.check).end_object();
}

void write_shop(JsonWriter& json, const ShopKey& key) {
  json.begin_object().member("id", key.id).member("name", key.name).member("created_at", key.created_at);
  json.member("algorithm", kJwtAlgorithmNames[static_cast<size_t>(key.algorithm)]);
  json.dynamic_key(key.algorithm == JwtAlgorithm::kHs256 ? "secret" : "public_key").value(key.material);
  json.member("origin", kKeyOriginNames[static_cast<size_t>(key.origin)]).end_object();
}

void write_revoked(JsonWriter& json, const RevokedKey& key) {
  json.begin_object().member("id", key.id).member("sha256", to_hex(key.material)).end_object();
}

std::string read_id(const JsonObject& object) {
  const JsonValue id = object.required("id");
  const std::string_view text = id.string({.min_bytes = 1, .max_bytes = kKeyIdBytesMax});
  if (!text.empty() && !is_key_id(text)) id.refuse("an id has letters, digits, '-', '_' and '.' only");
  return std::string(text);
}

OperatorKey read_operator(const JsonObject& object, int64_t version) {
  const JsonValue hash = object.required("argon2id");
  OperatorKey key{.id = read_id(object),
                  .name = std::string(object.required("name").string({.max_bytes = kKeyNameBytesMax})),
                  .created_at = object.required("created_at").time(),
                  .hash = std::string(hash.string()),
                  .check = {},
                  .proved = {}};
  if (version > 1) {
    const JsonValue check = object.required("check");
    if (!check.is_null()) key.check = static_cast<uint32_t>(check.integer({.min = 0, .max = UINT32_MAX}));
  }
  if (hash.present() && !is_secret_hash(key.hash)) hash.refuse("is not an argon2id hash that this server made");
  return key;
}

std::string read_material(const JsonObject& object, JwtAlgorithm algorithm) {
  if (algorithm == JwtAlgorithm::kHs256) {
    return std::string(
        object.required("secret").string({.min_bytes = kShopSecretBytesMin, .max_bytes = kShopSecretBytesMax}));
  }
  const JsonValue value = object.required("public_key");
  Ed25519Bytes bytes;
  const std::string_view text = value.string();
  if (value.present() && from_base64url(text, bytes) != bytes.size()) value.refuse("must be 32 bytes in base64url");
  return std::string(text);
}

ShopKey read_shop(const JsonObject& object, int64_t version) {
  const auto algorithm = object.required("algorithm").one_of<JwtAlgorithm>(kJwtAlgorithmNames);
  ShopKey key{.id = read_id(object),
              .name = std::string(object.required("name").string({.max_bytes = kKeyNameBytesMax})),
              .created_at = object.required("created_at").time(),
              .algorithm = algorithm,
              .material = read_material(object, algorithm)};
  if (version > 1)
    key.origin = object.required("origin").one_of<KeyOrigin>(kKeyOriginNames);
  else if (key.name == kConfiguredName)
    key.origin = KeyOrigin::kConfiguration;
  return key;
}

RevokedKey read_revoked(const JsonObject& object) {
  RevokedKey key{.id = read_id(object)};
  const JsonValue digest = object.required("sha256");
  if (digest.present() && !from_hex(digest.string(), key.material)) digest.refuse("must be 64 hexadecimal digits");
  return key;
}

void read_binding(const JsonObject& root, KeyRecords& records) {
  const JsonValue log = root.required("log");
  if (!log.is_null()) {
    const bool is_id = from_hex(log.string(), records.log.emplace());
    if (log.present() && !is_id) log.refuse("must be 32 hexadecimal digits");
  }
  records.admission_generation =
      static_cast<uint32_t>(root.required("admission_generation").integer({.min = 1, .max = UINT32_MAX}));
  records.mac = root.required("mac").string({.min_bytes = 1, .max_bytes = 64});
}

template <class Key>
bool has_duplicate_id(std::vector<Key> keys) {
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.id < b.id; });
  return std::adjacent_find(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.id == b.id; }) !=
         keys.end();
}

JwtKey jwt_key_of(const ShopKey& key) {
  if (key.algorithm == JwtAlgorithm::kHs256) return JwtKey::hs256(key.id, key.material);
  Ed25519Bytes bytes;
  ASSERT(from_base64url(key.material, bytes) == bytes.size());
  return JwtKey::ed25519(key.id, Ed25519PublicKey(bytes));
}

}  // namespace

bool is_key_id(std::string_view id) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  };
  return !id.empty() && id.size() <= kKeyIdBytesMax && std::all_of(id.begin(), id.end(), allowed);
}

std::string encode_keys(const KeyRecords& records) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("format", kFormat).member("version", kVersion).key("operators").begin_array();
  for (const OperatorKey& key : records.operators) write_operator(json, key);
  json.end_array().key("shops").begin_array();
  for (const ShopKey& key : records.shops) write_shop(json, key);
  json.end_array().key("revoked").begin_array();
  for (const RevokedKey& key : records.revoked) write_revoked(json, key);
  json.end_array().member("log", records.log ? std::optional(to_hex(*records.log)) : std::nullopt);
  json.member("admission_generation", records.admission_generation).member("mac", records.mac).end_object();
  return text + "\n";
}

Result<KeyRecords> decode_keys(std::string_view text) {
  JsonDocument document(text, {.max_bytes = kKeysFileBytesMax});
  const JsonObject root = document.root();
  const JsonValue format = root.required("format");
  if (format.present() && format.string() != kFormat) format.refuse("must be 'doorbuster-keys'");
  const int64_t version =
      root.required("version").integer({.min = 1, .max = kVersion, .needs = "this server reads versions 1 and 2"});
  KeyRecords records;
  root.required("operators").array(kKeysMax).each([&](JsonValue item) {
    records.operators.push_back(read_operator(item.object(), version));
  });
  root.required("shops").array(kKeysMax).each(
      [&](JsonValue item) { records.shops.push_back(read_shop(item.object(), version)); });
  if (version > 1) {
    root.required("revoked").array(kKeysMax).each(
        [&](JsonValue item) { records.revoked.push_back(read_revoked(item.object())); });
    read_binding(root, records);
  }
  TRY(document.finish());
  if (has_duplicate_id(records.operators) || has_duplicate_id(records.shops) || has_duplicate_id(records.revoked))
    return fail(ErrorCode::kInvalid, "two keys have the same id");
  return records;
}

KeyRecords sealed(KeyRecords records, Bytes master_key) {
  records.mac.clear();
  const HmacSha256 key(derive_key(master_key, "doorbuster keys file v1"));
  records.mac = to_hex(key.sign(as_bytes(encode_keys(records))));
  return records;
}

bool is_sealed(const KeyRecords& records, Bytes master_key) {
  return equal_in_constant_time(as_bytes(sealed(records, master_key).mac), as_bytes(records.mac));
}

KeySet::KeySet(KeyRecords given) : records(std::move(given)) {
  ASSERT(records.operators.size() <= kKeysMax && records.shops.size() <= kKeysMax);
  for (const ShopKey& key : records.shops) jwt.push_back(jwt_key_of(key));
}

}  // namespace doorbuster::auth
