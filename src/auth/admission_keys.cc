#include "auth/admission_keys.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::auth {
namespace {

constexpr std::string_view kAdmissionKeysFormat = "doorbuster-admission-keys";
constexpr std::string_view kFile = "admission-keys.json";
constexpr int64_t kAdmissionKeysVersion = 1;

Ed25519PrivateKey derive(Bytes master_key, uint32_t generation) {
  return Ed25519PrivateKey(derive_key(master_key, "doorbuster admission key v1 " + std::to_string(generation)));
}

// The members that RFC 7638 section 3.2 and RFC 8037 section 2 name, in their order and without spaces.
std::string thumbprint(const Ed25519PublicKey& key) {
  const std::string json = R"({"crv":"Ed25519","kty":"OKP","x":")" + to_base64url(key.bytes()) + R"("})";
  return to_base64url(sha256(as_bytes(json)));
}

AdmissionKey usable(Bytes master_key, const AdmissionKeyRecord& record) {
  Ed25519PrivateKey key = derive(master_key, record.generation);
  Ed25519PublicKey public_key = key.public_key();
  std::string id = thumbprint(public_key);
  JwtSigner signer = JwtSigner::ed25519(id, std::move(key));
  return {.record = record, .id = std::move(id), .public_key = std::move(public_key), .signer = std::move(signer)};
}

bool counts_at(const AdmissionKeyRecord& record, Timestamp now) {
  return !record.retires_at || now < *record.retires_at;
}

AdmissionKeyRecord read_record(const JsonObject& object) {
  AdmissionKeyRecord record;
  record.generation = static_cast<uint32_t>(object.required("generation").integer({.min = 1, .max = UINT32_MAX}));
  record.signs_from = object.required("signs_from").time();
  const JsonValue retires_at = object.required("retires_at");
  if (!retires_at.is_null()) record.retires_at = retires_at.time();
  return record;
}

bool is_in_order(const AdmissionKeyRecords& records) {
  if (records.empty() || records.back().retires_at) return false;
  for (size_t i = 1; i < records.size(); ++i) {
    const bool follows = records[i - 1].generation < records[i].generation && records[i - 1].retires_at &&
                         records[i - 1].signs_from <= records[i].signs_from;
    if (!follows) return false;
  }
  return true;
}

Result<AdmissionKeyRecords> load(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file, 65'536);
  if (!text && text.error().code == ErrorCode::kNotFound) return AdmissionKeyRecords(1);
  if (!text) return tl::unexpected(text.error());
  Result<AdmissionKeyRecords> records = decode_admission_keys(*text);
  if (records) return records;
  return fail(ErrorCode::kInvalid,
              file.string() + " is damaged: " + records.error().message +
                  ". Restore it from a backup; without it the server would sign with its first admission key again");
}

}  // namespace

std::string encode_admission_keys(const AdmissionKeyRecords& records) {
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .member("format", kAdmissionKeysFormat)
      .member("version", kAdmissionKeysVersion)
      .key("keys")
      .begin_array();
  for (const AdmissionKeyRecord& record : records) {
    json.begin_object().member("generation", record.generation).member("signs_from", record.signs_from);
    json.member("retires_at", record.retires_at).end_object();
  }
  json.end_array().end_object();
  return text + "\n";
}

Result<AdmissionKeyRecords> decode_admission_keys(std::string_view text) {
  JsonDocument document(text);
  const JsonObject root = document.root();
  const JsonValue format = root.required("format");
  if (format.present() && format.string() != kAdmissionKeysFormat) format.refuse("must be 'doorbuster-admission-keys'");
  (void)root.required("version").integer(
      {.min = kAdmissionKeysVersion, .max = kAdmissionKeysVersion, .needs = "this server reads version 1"});
  AdmissionKeyRecords records;
  root.required("keys").array(kAdmissionKeysMax).each([&](JsonValue item) {
    records.push_back(read_record(item.object()));
  });
  TRY(document.finish());
  if (!is_in_order(records))
    return fail(ErrorCode::kInvalid, "the keys do not follow one another, the newest last and without an end");
  return records;
}

AdmissionKeySet::AdmissionKeySet(Bytes master_key, const AdmissionKeyRecords& records) {
  ASSERT(is_in_order(records));
  for (const AdmissionKeyRecord& record : records) keys_.push_back(usable(master_key, record));
}

const AdmissionKey& AdmissionKeySet::signing_at(Timestamp now) const {
  const auto newer = std::find_if(keys_.begin() + 1, keys_.end(),
                                  [&](const AdmissionKey& key) { return key.record.signs_from > now; });
  return *(newer - 1);
}

std::vector<JwtKey> AdmissionKeySet::verifying_at(Timestamp now) const {
  std::vector<JwtKey> verifying;
  for (const AdmissionKey& key : keys_) {
    if (counts_at(key.record, now))
      verifying.push_back(JwtKey::ed25519(key.id, Ed25519PublicKey(key.public_key.bytes())));
  }
  return verifying;
}

std::string AdmissionKeySet::jwks_at(Timestamp now) const {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("keys").begin_array();
  for (const AdmissionKey& key : keys_) {
    if (!counts_at(key.record, now)) continue;
    json.begin_object().member("kty", "OKP").member("crv", "Ed25519").member("alg", "EdDSA").member("use", "sig");
    json.member("kid", key.id).member("x", to_base64url(key.public_key.bytes())).end_object();
  }
  json.end_array().end_object();
  return text;
}

AdmissionKeys::AdmissionKeys(std::filesystem::path file, const Digest& master_key, AdmissionKeyRecords records)
    : file_(std::move(file)),
      master_(master_key),
      records_(std::move(records)),
      set_(std::make_shared<const AdmissionKeySet>(master_, records_)) {}

Result<std::unique_ptr<AdmissionKeys>> AdmissionKeys::open(const std::filesystem::path& folder,
                                                           const Digest& master_key) {
  const std::filesystem::path file = folder / kFile;
  AdmissionKeyRecords records = TRY(load(file));
  return std::unique_ptr<AdmissionKeys>(new AdmissionKeys(file, master_key, std::move(records)));
}

Result<std::string> AdmissionKeys::rotate(Timestamp now, Duration life_max, RotationHaste haste,
                                          const KeyWitness& witness) {
  ASSERT(life_max <= kAdmissionLifeMax);
  const std::lock_guard one_at_a_time(changes_);
  AdmissionKeyRecords records = records_;
  const bool is_exposed = haste == RotationHaste::kKeyIsExposed;
  const Timestamp signs_from = is_exposed ? now : std::max(now + kAdmissionKeyLead, records.back().signs_from);
  const uint32_t generation = records.back().generation + 1;
  records.back().retires_at = signs_from + life_max;
  std::erase_if(records, [&](const AdmissionKeyRecord& record) { return is_exposed || !counts_at(record, now); });
  records.push_back({.generation = generation, .signs_from = signs_from, .retires_at = {}});
  if (records.size() > kAdmissionKeysMax) {
    return fail(ErrorCode::kLimit,
                "the admission keys were rotated so often that 16 of them still count: wait until one is over");
  }
  auto fresh = std::make_shared<const AdmissionKeySet>(master_, records);
  std::string id = fresh->keys().back().id;
  if (witness) TRY(witness(id));
  TRY(replace_file(file_, encode_admission_keys(records), 0600));
  records_ = std::move(records);
  const std::lock_guard lock(guard_);
  set_ = std::move(fresh);
  version_.fetch_add(1, std::memory_order_release);
  return id;
}

std::shared_ptr<const AdmissionKeySet> AdmissionKeys::snapshot() const {
  const std::lock_guard lock(guard_);
  return set_;
}

}  // namespace doorbuster::auth
