// All keys of a server at one moment, and how they are written to keys.json (docs/formats/keys.md).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/jwt.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::auth {

inline constexpr size_t kKeysMax = 64;  // of each of the two sorts
inline constexpr size_t kKeyNameBytesMax = 100;
inline constexpr size_t kShopSecretBytesMin = 32;
inline constexpr size_t kShopSecretBytesMax = 512;
inline constexpr size_t kKeysFileBytesMax = 262'144;

struct OperatorKey {
  std::string id;
  std::string name;  // what its owner calls it
  Timestamp created_at;
  std::string hash;  // argon2id
  // Of the secret (secret_check()); nothing in files of version 1, until the key is next proved.
  std::optional<uint32_t> check;
  // SHA-256 of the secret, once this process has seen it proved against the hash. Kept in memory only.
  std::optional<Digest> proved;
};

// Names a log (log/rocksdb/identity_file.h).
using LogId = std::array<std::byte, 16>;

// Whether an operator made it by a call (or the first start did), or the configuration names it.
enum class KeyOrigin : uint8_t { kApi, kConfiguration };
inline constexpr std::array<std::string_view, 2> kKeyOriginNames = {"api", "configuration"};

struct ShopKey {
  std::string id;  // the `kid` of its tokens
  std::string name;
  Timestamp created_at;
  JwtAlgorithm algorithm = JwtAlgorithm::kHs256;
  std::string material;  // the secret itself for HS256; the public key's 32 bytes in base64url for EdDSA
  KeyOrigin origin = KeyOrigin::kApi;
};

// A key that an operator revoked though the configuration names it: it stays out for as long as the configuration
// names that id with that material.
struct RevokedKey {
  std::string id;
  Digest material{};  // SHA-256
};

struct KeyRecords {
  std::vector<OperatorKey> operators;
  std::vector<ShopKey> shops;  // oldest first: a token without `kid` is checked with the first
  std::vector<RevokedKey> revoked = {};
  std::optional<LogId> log = {};      // which log was written under these keys; none: none yet, or one in memory
  uint32_t admission_generation = 1;  // of the newest admission key
  // Over all the rest, by a key that is derived from the master key. Empty in files of version 1.
  std::string mac = {};
};

// The records with the mac that they have to have, and whether they have it.
[[nodiscard]] KeyRecords sealed(KeyRecords records, Bytes master_key);
[[nodiscard]] bool is_sealed(const KeyRecords& records, Bytes master_key);

// Letters, digits, '-', '_' and '.', 1 to 64 of them.
[[nodiscard]] bool is_key_id(std::string_view id);

[[nodiscard]] std::string encode_keys(const KeyRecords& records);
// kInvalid or kCorrupt with what is wrong in the text and where.
[[nodiscard]] Result<KeyRecords> decode_keys(std::string_view text);

// The records, ready for use by any number of threads. Never changed once made.
struct KeySet {
  explicit KeySet(KeyRecords given);

  KeyRecords records;
  std::vector<JwtKey> jwt;  // of records.shops, in the same order
};

}  // namespace doorbuster::auth
