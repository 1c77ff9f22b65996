#include "auth/keys.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "auth/api_key.h"
#include "base/bug_zoo.h"
#include "base/encoding.h"
#include "base/file.h"

namespace doorbuster::auth {
namespace {

namespace fs = std::filesystem;

using Proof = tl::expected<void, KeyRefusal>;

constexpr mode_t kPrivate = 0600;
constexpr const char* kRestoreKeys =
    "Restore it from a backup. Only if there is none, move it away and start once with --keys-allow-new: new "
    "operators' and shops' keys are made, and all others are gone";
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

Result<Digest> load_master(const fs::path& folder, const KeySurroundings& around) {
  const fs::path path = folder / "master.key";
  Result<Digest> master = read_master(path);
  if (master || master.error().code != ErrorCode::kNotFound) return master;
  const bool is_first_start = !around.has_history && !fs::exists(folder / "keys.json");
  if (!is_first_start) {
    return fail(ErrorCode::kNotFound, path.string() +
                                          " is missing though this folder is in use: restore it from a backup; "
                                          "customers and ids depend on it");
  }
  master.emplace();
  fill_random(*master);
  return master;
}

OperatorKey operator_record(const Digest& master, KeyParts parts, std::string_view name, Timestamp now) {
  return {.id = std::string(parts.id),
          .name = std::string(name),
          .created_at = now,
          .hash = hash_secret(parts.secret),
          .check = secret_check(master, parts.secret),
          .proved = sha256(as_bytes(parts.secret))};
}

// keys.json comes last: without it a start that was cut short is simply made again.
Result<KeyRecords> make_first_keys(const fs::path& folder, const Digest& master, Timestamp now) {
  const std::string id = fresh_key_id();
  const std::string secret = fresh_secret();
  const std::string shop_id = fresh_key_id();
  const std::string shop_secret = key_text(kShopPrefix, {.id = shop_id, .secret = fresh_secret()});
  KeyRecords records;
  records.operators.push_back(operator_record(master, {.id = id, .secret = secret}, "first start", now));
  records.shops.push_back({.id = shop_id,
                           .name = "first start",
                           .created_at = now,
                           .algorithm = JwtAlgorithm::kHs256,
                           .material = shop_secret});
  records = sealed(std::move(records), master);
  TRY(replace_file(folder / "master.key", as_text(master), kPrivate));
  TRY(replace_file(folder / "operator.key", key_text(kOperatorPrefix, {.id = id, .secret = secret}), kPrivate));
  TRY(replace_file(folder / "shop.key", shop_secret, kPrivate));
  TRY(replace_file(folder / "keys.json", encode_keys(records), kPrivate));
  return records;
}

// Nothing: there are none yet, and there may be.
Result<std::optional<KeyRecords>> load_keys(const fs::path& folder, const KeySurroundings& around) {
  const fs::path path = folder / "keys.json";
  const Result<std::string> text = read_private(path, kKeysFileBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    if (!around.has_history || around.allow_new) return std::optional<KeyRecords>();
    return fail(ErrorCode::kNotFound,
                path.string() +
                    " is missing though this folder is in use: restore it from a backup. Only if there is none, start "
                    "once with --keys-allow-new: new operators' and shops' keys are made, and all others are gone");
  }
  if (!text) return tl::unexpected(text.error());
  Result<KeyRecords> records = decode_keys(*text);
  if (records) return std::optional(*std::move(records));
  return fail(ErrorCode::kInvalid,
              path.string() + " is damaged: " + records.error().message + ". " + std::string(kRestoreKeys));
}

Result<void> check_log(const fs::path& folder, const KeySurroundings& around, const Digest& master) {
  if (bug_planted(Bug::kKeysOfAnotherLog)) return {};
  if (!around.log_keys || equal_in_constant_time(*around.log_keys, fingerprint_of(master))) return {};
  return fail(ErrorCode::kInvalid,
              (folder / "master.key").string() + " is damaged, or of another server than " + (folder / "log").string() +
                  ": with it no customer would be known again. Restore the one that belongs to this log, or the log "
                  "that belongs to it, from the same backup");
}

// The log comes first: where it knows the master key, that one is right.
Result<void> check_fit(const fs::path& folder, const KeySurroundings& around, const Digest& master,
                       const KeyRecords& records) {
  const std::string keys = (folder / "keys.json").string();
  const std::string log = (folder / "log").string();
  const bool is_old = records.mac.empty();
  if (!is_old && !is_sealed(records, master)) {
    return fail(ErrorCode::kInvalid,
                keys + " is damaged, or of another server than master.key beside it. " + std::string(kRestoreKeys));
  }
  if (!around.must_have_log) return {};
  if (!around.has_log && (is_old || records.log)) {
    return fail(ErrorCode::kNotFound, log + " is missing though " + keys +
                                          " is of a server that has one: restore it from a backup. To begin an empty "
                                          "shop, choose an empty folder with --data");
  }
  if (records.log && around.log != records.log) {
    return fail(ErrorCode::kInvalid, log + " is not the log that " + keys +
                                         " belongs to: restore both from the same backup, or give each server a folder "
                                         "of its own with --data");
  }
  return {};
}

Result<void> check_admission_keys(const fs::path& folder, const KeyRecords& records, const AdmissionKeys& keys) {
  if (keys.snapshot()->keys().back().record.generation >= records.admission_generation) return {};
  return fail(ErrorCode::kInvalid, (folder / "admission-keys.json").string() +
                                       " is missing, or older than keys.json: the server would sign with a key that "
                                       "was retired. Restore both from the same backup");
}

template <class Key>
auto find_id(std::vector<Key>& keys, std::string_view id) {
  return std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.id == id; });
}

template <class Key>
bool has_id(std::vector<Key>& keys, std::string_view id) {
  return find_id(keys, id) != keys.end();
}

Result<void> tell(const KeyWitness& witness, std::string_view id) { return witness ? witness(id) : Result<void>(); }

Result<void> check_room(size_t count) {
  if (count < kKeysMax) return {};
  return fail(ErrorCode::kLimit, "there are 64 keys of this sort already: revoke one that is not used any more");
}

Result<void> check_shop_id(KeyRecords& records, std::string_view id) {
  TRY(check_key_id(id));
  if (has_id(records.shops, id) || has_id(records.operators, id)) {
    return fail(ErrorCode::kConflict,
                "there is a key '" + std::string(id) + "' already: choose another id, or revoke that one first");
  }
  return {};
}

}  // namespace

Digest fingerprint_of(Bytes master_key) { return derive_key(master_key, "doorbuster master fingerprint v1"); }

KeyStore::KeyStore(fs::path folder, const Digest& master, Start start, KeyRecords records,
                   std::unique_ptr<AdmissionKeys> admission_keys)
    : folder_(std::move(folder)),
      master_(master),
      start_(start),
      admission_keys_(std::move(admission_keys)),
      keys_(std::make_shared<const KeySet>(std::move(records))) {}

Result<std::unique_ptr<KeyStore>> KeyStore::open(const fs::path& folder, Timestamp now, const KeySurroundings& around) {
  const Digest master = TRY(load_master(folder, around));
  TRY(check_log(folder, around, master));
  std::optional<KeyRecords> records = TRY(load_keys(folder, around));
  auto admission_keys = TRY(AdmissionKeys::open(folder, master));
  if (records) TRY(check_fit(folder, around, master, *records));
  if (records) TRY(check_admission_keys(folder, *records, *admission_keys));
  const Start start = records ? Start::kAgain : Start::kFirst;
  if (!records) records = TRY(make_first_keys(folder, master, now));
  return std::unique_ptr<KeyStore>(new KeyStore(folder, master, start, *std::move(records), std::move(admission_keys)));
}

Result<void> KeyStore::bind(const LogId& log) {
  const std::lock_guard lock(changes_);
  KeyRecords records = copy_of_records();
  if (records.log == log && !records.mac.empty()) return {};
  records.log = log;
  records.admission_generation = admission_keys_->snapshot()->keys().back().record.generation;
  return save(std::move(records));
}

Result<std::string> KeyStore::rotate_admission_key(Timestamp now, Duration life_max, RotationHaste haste,
                                                   const KeyWitness& witness) {
  const std::string id = TRY(admission_keys_->rotate(now, life_max, haste, witness));
  const std::lock_guard lock(changes_);
  KeyRecords records = copy_of_records();
  records.admission_generation = admission_keys_->snapshot()->keys().back().record.generation;
  TRY(save(std::move(records)));
  return id;
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

Result<void> KeyStore::write(KeyRecords& records) const {
  records = sealed(std::move(records), master_);
  const auto written = replace_file(folder_ / "keys.json", encode_keys(records), kPrivate);
  return written ? written : fail(ErrorCode::kIo, written.error().message);
}

Result<void> KeyStore::save(KeyRecords records) {
  TRY(write(records));
  publish(std::move(records));
  return {};
}

Result<FreshKey> KeyStore::add_operator_key(std::string_view name, Timestamp now, const KeyWitness& witness) {
  TRY(check_key_name(name));
  const std::string id = fresh_key_id();
  const std::string secret = fresh_secret();
  OperatorKey key = operator_record(master_, {.id = id, .secret = secret}, name, now);
  const std::lock_guard lock(changes_);
  KeyRecords records = copy_of_records();
  TRY(check_room(records.operators.size()));
  records.operators.push_back(std::move(key));
  TRY(tell(witness, id));
  TRY(save(std::move(records)));
  return FreshKey{.id = id, .text = key_text(kOperatorPrefix, {.id = id, .secret = secret})};
}

Result<FreshKey> KeyStore::add_shop_key(const NewShopKey& wanted, Timestamp now, const KeyWitness& witness) {
  TRY(check_key_name(wanted.name));
  const std::lock_guard lock(changes_);
  KeyRecords records = copy_of_records();
  const std::string id = wanted.id.empty() ? fresh_key_id() : wanted.id;
  TRY(check_room(records.shops.size()));
  TRY(check_shop_id(records, id));
  ShopKey key = TRY(make_shop_key(wanted, id, now));
  const std::string shown = key.algorithm == JwtAlgorithm::kHs256 ? key.material : "";
  records.shops.push_back(std::move(key));
  TRY(tell(witness, id));
  TRY(save(std::move(records)));
  return FreshKey{.id = id, .text = shown};
}

Result<std::vector<ConfiguredKeyChange>> KeyStore::configure(const std::vector<NewShopKey>& configured, Timestamp now) {
  const std::lock_guard lock(changes_);
  ConfiguredKeys keys = TRY(apply_configured(copy_of_records(), configured, now));
  if (keys.is_changed) TRY(save(std::move(keys.records)));
  return std::move(keys.changes);
}

Result<void> KeyStore::revoke(std::string_view id, const KeyWitness& witness) {
  const std::lock_guard lock(changes_);
  KeyRecords records = copy_of_records();
  if (const auto shop = find_id(records.shops, id); shop != records.shops.end()) {
    TRY(tell(witness, id));
    note_revoked(records, *shop);
    records.shops.erase(shop);
    return save(std::move(records));
  }
  const auto found = find_id(records.operators, id);
  if (found == records.operators.end())
    return fail(ErrorCode::kNotFound, "there is no key of this id: list the keys to see which there are");
  if (records.operators.size() == 1) {
    return fail(ErrorCode::kConflict, "this is the last operator key: make another one first, or nobody could");
  }
  TRY(tell(witness, id));
  records.operators.erase(found);
  return save(std::move(records));
}

// Wrong secrets end at the check (decision 0068): argon2, and the bound on how often it runs for nothing, are left for
// those that have it right by chance, and for keys of older files, which get theirs with their first proof.
Proof KeyStore::prove_operator(std::string_view id, std::string_view secret, Timestamp now) {
  const Proof unknown = tl::unexpected(KeyRefusal::kUnknown);
  const std::lock_guard one_at_a_time(proofs_);
  const Digest digest = sha256(as_bytes(secret));
  const std::shared_ptr<const KeySet> before = snapshot();
  const auto& operators = before->records.operators;
  const auto key = std::ranges::find(operators, id, &OperatorKey::id);
  if (key == operators.end()) return unknown;
  if (key->proved) return equal_in_constant_time(*key->proved, digest) ? Proof() : unknown;
  const uint32_t check = secret_check(master_, secret);
  if (key->check && *key->check != check) return unknown;
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
  if (!std::exchange(found->check, check)) (void)write(records);  // or else at the next proof
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
