#include "auth/api_key.h"

#include <argon2.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"
#include "base/crockford.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "base/out_of_memory.h"

namespace doorbuster::auth {
namespace {

constexpr uint32_t kPasses = 2;
constexpr uint32_t kMemoryKibibytes = 19'456;
constexpr uint32_t kLanes = 1;
constexpr size_t kSaltBytes = 16;
constexpr size_t kHashBytes = 32;
constexpr std::string_view kHashPrefix = "$argon2id$v=19$m=19456,t=2,p=1$";
constexpr size_t kSaltLength = 22;  // of 16 bytes in base64 without padding
constexpr size_t kHashLength = 43;

constexpr size_t kIdLength = 12;
constexpr size_t kSecretLength = 43;

bool is_base64(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/'; });
}

// Whoever asked would otherwise be told that a right secret is wrong.
void end_where_argon2_gets_no_memory(int failed) {
  if (failed == ARGON2_MEMORY_ALLOCATION_ERROR) end_out_of_memory(size_t{kMemoryKibibytes} * 1024);
}

}  // namespace

std::string fresh_key_id() {
  std::array<std::byte, kIdLength> random;
  fill_random(random);
  std::string id;
  for (const std::byte byte : random) id += kCrockford[static_cast<uint8_t>(byte) & 31];
  return id;
}

std::string fresh_secret() {
  std::array<std::byte, 32> random;
  fill_random(random);
  return to_base64url(random);
}

std::string key_text(std::string_view prefix, KeyParts parts) {
  return std::string(prefix) + std::string(parts.id) + "_" + std::string(parts.secret);
}

std::optional<KeyParts> parse_key(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix) || text.size() != prefix.size() + kIdLength + 1 + kSecretLength) return std::nullopt;
  text.remove_prefix(prefix.size());
  const KeyParts parts{.id = text.substr(0, kIdLength), .secret = text.substr(kIdLength + 1)};
  std::array<std::byte, 32> decoded;
  const bool good_id = parts.id.find_first_not_of(kCrockford) == std::string_view::npos;
  if (!good_id || text[kIdLength] != '_' || !from_base64url(parts.secret, decoded)) return std::nullopt;
  return parts;
}

std::string hash_secret(std::string_view secret) {
  std::array<std::byte, kSaltBytes> salt;
  fill_random(salt);
  std::array<char, 128> encoded;
  const int failed = argon2id_hash_encoded(kPasses, kMemoryKibibytes, kLanes, secret.data(), secret.size(), salt.data(),
                                           salt.size(), kHashBytes, encoded.data(), encoded.size());
  end_where_argon2_gets_no_memory(failed);
  ASSERT(failed == ARGON2_OK);
  return encoded.data();
}

bool secret_fits(const std::string& encoded_hash, std::string_view secret) {
  if (!is_secret_hash(encoded_hash)) return false;
  const int failed = argon2id_verify(encoded_hash.c_str(), secret.data(), secret.size());
  end_where_argon2_gets_no_memory(failed);
  return failed == ARGON2_OK;
}

uint32_t secret_check(Bytes master_key, std::string_view secret) {
  const Digest tag = HmacSha256(derive_key(master_key, "doorbuster operator check v1")).sign(as_bytes(secret));
  uint32_t check = 0;
  std::memcpy(&check, tag.data(), sizeof check);
  return check;
}

bool is_secret_hash(std::string_view text) {
  if (!text.starts_with(kHashPrefix) || text.size() != kHashPrefix.size() + kSaltLength + 1 + kHashLength) return false;
  text.remove_prefix(kHashPrefix.size());
  return is_base64(text.substr(0, kSaltLength)) && text[kSaltLength] == '$' && is_base64(text.substr(kSaltLength + 1));
}

}  // namespace doorbuster::auth
