#include "auth/keys.h"

#include <sys/stat.h>

#include <algorithm>

#include "auth/api_key.h"
#include "base/encoding.h"
#include "base/file.h"

namespace doorbuster::auth {
namespace {

namespace fs = std::filesystem;

using Proof = tl::expected<void, KeyRefusal>;

constexpr mode_t kPrivate = 0600;
constexpr Duration kFailuresAtOnce = Duration::seconds(4);  // the fifth is still looked at

// A secret that the owner's group or everybody can read is not one any more; better to say so than to carry on.
Result<void> check_private(const fs::path& path) {
  struct stat found{};
  const bool exposed = ::stat(path.c_str(), &found) == 0 && (found.st_mode & 0077) != 0;
  if (!exposed) return {};
  return fail(ErrorCode::kInvalid, path.string() + " can be read by others: run 'chmod 600 " + path.string() +
                                       "', and replace its keys if others had access");
}

Result<std::string> read_private(const fs::path& path, size_t max_bytes) {
  std::string content = TRY(read_file(path, max_bytes));
  TRY(check_private(path));
  return content;
}

Result<Digest> read_master(const fs::path& path) {
  Digest master;
  const std::string content = TRY(read_private(path, 1'024));
  if (content.size() != master.size()) {
    return fail(ErrorCode::kInvalid,
                path.string() + " has " + std::to_string(content.size()) +
                    " bytes instead of 32: restore it from a backup; customers and ids depend on it");
  }
  std::memcpy(master.data(), content.data(), master.size());
  return master;
}

Result<Digest> make_master(const fs::path& folder) {
  if (fs::exists(folder / "keys.json")) {
    return fail(ErrorCode::kNotFound,
                (folder / "master.key").string() +
                    " is missing though keys.json is there: restore it from a backup; customers and ids depend on it");
  }
  Digest master;
  fill_random(master);
  TRY(replace_file(folder / "master.key", as_text(master), kPrivate));
  return master;
}

Result<Digest> load_master(const fs::path& folder) {
  Result<Digest> master = read_master(folder / "master.key");
  if (!master && master.error().code == ErrorCode::kNotFound) return make_master(folder);
  return master;
}

struct Loaded {
  KeyRecords records;
  KeyStore::Start start;
};

OperatorKey operator_record(KeyParts parts, std::string_view name, Timestamp now) {
  return {.id = std::string(parts.id),
          .name = std::string(name),
          .created_at = now,
          .hash = hash_secret(parts.secret),
          .proved = sha256(as_bytes(parts.secret))};
}

// keys.json comes last: without it a start that was cut short is simply made again.
Result<Loaded> make_first_keys(const fs::path& folder, Timestamp now) {
  const std::string id = fresh_key_id();
  const std::string secret = fresh_secret();
  const std::string shop_id = fresh_key_id();
  const std::string shop_secret = key_text(kShopPrefix, {.id = shop_id, .secret = fresh_secret()});
  KeyRecords records;
  records.operators.push_back(operator_record({.id = id, .secret = secret}, "first start", now));
  records.shops.push_back({.id = shop_id,
                           .name = "first start",
                           .created_at = now,
                           .algorithm = JwtAlgorithm::kHs256,
                           .material = shop_secret});
  TRY(replace_file(folder / "operator.key", key_text(kOperatorPrefix, {.id = id, .secret = secret}), kPrivate));
  TRY(replace_file(folder / "shop.key", shop_secret, kPrivate));
  TRY(replace_file(folder / "keys.json", encode_keys(records), kPrivate));
  return Loaded{std::move(records), KeyStore::Start::kFirst};
}

Result<Loaded> load_keys(const fs::path& folder, Timestamp now) {
  const fs::path path = folder / "keys.json";
  const Result<std::string> text = read_private(path, kKeysFileBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) return make_first_keys(folder, now);
  if (!text) return tl::unexpected(text.error());
  Result<KeyRecords> records = decode_keys(*text);
  if (records) return Loaded{std::move(*records), KeyStore::Start::kAgain};
  return fail(ErrorCode::kInvalid, path.string() + " is damaged: " + records.error().message +
                                       ". Restore it from a backup, or move it away to start with new keys");
}

template <class Key>
auto find_id(std::vector<Key>& keys, std::string_view id) {
  return std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.id == id; });
}

template <class Key>
bool has_id(std::vector<Key>& keys, std::string_view id) {
  return find_id(keys, id) != keys.end();
}

Result<void> check_name(std::string_view name) {
  if (!name.empty() && name.size() <= kKeyNameBytesMax) return {};
  return fail(ErrorCode::kInvalid, "a key needs a name of 1 to 100 bytes, so that you know later whose it is");
}

Result<void> check_room(size_t count) {
  if (count < kKeysMax) return {};
  return fail(ErrorCode::kLimit, "there are 64 keys of this sort already: revoke one that is not used any more");
}

Result<void> check_shop_id(KeyRecords& records, std::string_view id) {
  if (!is_key_id(id)) return fail(ErrorCode::kInvalid, "a key's id has 1 to 64 letters, digits, '-', '_' and '.'");
  if (has_id(records.shops, id) || has_id(records.operators, id)) {
    return fail(ErrorCode::kConflict,
                "there is a key '" + std::string(id) + "' already: choose another id, or revoke that one first");
  }
  return {};
}

Result<ShopKey> shop_record(const NewShopKey& wanted, const std::string& id, Timestamp now) {
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

}  // namespace

KeyStore::KeyStore(fs::path folder, const Digest& master, Start start, KeyRecords records,
                   std::unique_ptr<AdmissionKeys> admission_keys)
    : folder_(std::move(folder)),
      master_(master),
      start_(start),
      admission_keys_(std::move(admission_keys)),
      keys_(std::make_shared<const KeySet>(std::move(records))) {}

Result<std::unique_ptr<KeyStore>> KeyStore::open(const fs::path& folder, Timestamp now) {
  const Digest master = TRY(load_master(folder));
  Loaded loaded = TRY(load_keys(folder, now));
  auto admission_keys = TRY(AdmissionKeys::open(folder, master));
  return std::unique_ptr<KeyStore>(
      new KeyStore(folder, master, loaded.start, std::move(loaded.records), std::move(admission_keys)));
}

std::shared_ptr<const KeySet> KeyStore::snapshot() const {
  const std::lock_guard lock(guard_);
  return keys_;
}

KeyRecords KeyStore::copy_of_records() const { return snapshot()->records; }

void KeyStore::publish(KeyRecords records) {
  auto fresh = std::make_shared<const KeySet>(std::move(records));
  const std::lock_guard lock(guard_);
  keys_ = std::move(fresh);
  version_.fetch_add(1, std::memory_order_release);
}

Result<void> KeyStore::save(KeyRecords records) {
  TRY(replace_file(folder_ / "keys.json", encode_keys(records), kPrivate));
  publish(std::move(records));
  return {};
}

Result<FreshKey> KeyStore::add_operator_key(std::string_view name, Timestamp now) {
  TRY(check_name(name));
  const std::string id = fresh_key_id();
  const std::string secret = fresh_secret();
  OperatorKey key = operator_record({.id = id, .secret = secret}, name, now);
  const std::lock_guard lock(changes_);
  KeyRecords records = copy_of_records();
  TRY(check_room(records.operators.size()));
  records.operators.push_back(std::move(key));
  TRY(save(std::move(records)));
  return FreshKey{.id = id, .text = key_text(kOperatorPrefix, {.id = id, .secret = secret})};
}

Result<FreshKey> KeyStore::add_shop_key(const NewShopKey& wanted, Timestamp now) {
  TRY(check_name(wanted.name));
  const std::lock_guard lock(changes_);
  KeyRecords records = copy_of_records();
  const std::string id = wanted.id.empty() ? fresh_key_id() : wanted.id;
  TRY(check_room(records.shops.size()));
  TRY(check_shop_id(records, id));
  ShopKey key = TRY(shop_record(wanted, id, now));
  const std::string shown = key.algorithm == JwtAlgorithm::kHs256 ? key.material : "";
  records.shops.push_back(std::move(key));
  TRY(save(std::move(records)));
  return FreshKey{.id = id, .text = shown};
}

Result<void> KeyStore::revoke(std::string_view id) {
  const std::lock_guard lock(changes_);
  KeyRecords records = copy_of_records();
  if (const auto shop = find_id(records.shops, id); shop != records.shops.end()) {
    records.shops.erase(shop);
    return save(std::move(records));
  }
  const auto found = find_id(records.operators, id);
  if (found == records.operators.end())
    return fail(ErrorCode::kNotFound, "there is no key of this id: list the keys to see which there are");
  if (records.operators.size() == 1) {
    return fail(ErrorCode::kConflict, "this is the last operator key: make another one first, or nobody could");
  }
  records.operators.erase(found);
  return save(std::move(records));
}

Proof KeyStore::prove_operator(std::string_view id, std::string_view secret, Timestamp now) {
  const Proof unknown = tl::unexpected(KeyRefusal::kUnknown);
  const std::lock_guard one_at_a_time(proofs_);
  const Digest digest = sha256(as_bytes(secret));
  const std::shared_ptr<const KeySet> before = snapshot();
  const auto& operators = before->records.operators;
  const auto key =
      std::find_if(operators.begin(), operators.end(), [&](const OperatorKey& each) { return each.id == id; });
  if (key == operators.end()) return unknown;
  if (key->proved) return equal_in_constant_time(*key->proved, digest) ? Proof() : unknown;
  if (failures_paid_until_ > now + kFailuresAtOnce) return tl::unexpected(KeyRefusal::kTooOften);
  if (!secret_fits(key->hash, secret)) {
    failures_paid_until_ = std::max(failures_paid_until_, now) + Duration::seconds(1);
    return unknown;
  }

  const std::lock_guard lock(changes_);  // the key may have been revoked while argon2 ran
  KeyRecords records = copy_of_records();
  const auto found = find_id(records.operators, id);
  if (found == records.operators.end()) return unknown;
  found->proved = digest;
  publish(std::move(records));
  return {};
}

const KeySet& KeyView::keys() {
  const uint64_t version = store_.version();
  if (version != version_) {
    seen_ = store_.snapshot();
    memo_.forget();
    version_ = version;  // if it has grown again meanwhile, the next call reads once more
  }
  return *seen_;
}

tl::expected<JwtClaims, JwtRefusal> KeyView::verify_token(std::string_view token, Timestamp now) {
  const std::vector<JwtKey>& known = keys().jwt;  // before the memo is looked at: new keys empty it
  return verify_jwt(token, known, now, memo_);
}

tl::expected<std::string_view, KeyRefusal> KeyView::verify_operator(std::string_view text, Timestamp now) {
  const auto unknown = tl::unexpected(KeyRefusal::kUnknown);
  const auto parts = parse_key(kOperatorPrefix, text);
  if (!parts) return unknown;
  const auto& operators = keys().records.operators;
  const auto key =
      std::find_if(operators.begin(), operators.end(), [&](const OperatorKey& each) { return each.id == parts->id; });
  if (key == operators.end()) return unknown;
  if (!key->proved) {
    const Proof proof = store_.prove_operator(parts->id, parts->secret, now);
    if (!proof) return tl::unexpected(proof.error());
  } else if (!equal_in_constant_time(*key->proved, sha256(as_bytes(parts->secret)))) {
    return unknown;
  }
  return key->id;
}

}  // namespace doorbuster::auth
