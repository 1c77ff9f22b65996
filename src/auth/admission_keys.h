// The keys by which the server signs admissions (admission.h), and their rotation: publish, sign, retire.
//
// Every key is derived from the master key and a number, so nothing secret is kept beside it: the first needs no file
// at all, and admission-keys.json, made by the first rotation, only says which numbers count and when. A key is
// published as soon as it is made, signs from a moment on that leaves others time to see it, and is published until the
// last token that it signed is over. Nothing has to run for that: what a set does follows from the time.
// docs/formats/keys.md has the file.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/ed25519.h"
#include "auth/jwt.h"
#include "base/result.h"

namespace doorbuster::auth {

// Told of a key's id once a change is found good, before it is made; what it says no to is not done.
using KeyWitness = std::function<Result<void>(std::string_view id)>;

// How long others may keep the published keys, and how long a new key is published before it signs.
inline constexpr Duration kJwksMaxAge = Duration::seconds(300);
inline constexpr Duration kAdmissionKeyLead = kJwksMaxAge * 2;
inline constexpr Duration kAdmissionLifeMax = Duration::seconds(86'400);
inline constexpr size_t kAdmissionKeysMax = 16;

struct AdmissionKeyRecord {
  uint32_t generation = 1;
  Timestamp signs_from;
  std::optional<Timestamp> retires_at;  // none: of the newest
};

// Oldest first; they sign one after another, and only the last does not retire.
using AdmissionKeyRecords = std::vector<AdmissionKeyRecord>;

[[nodiscard]] std::string encode_admission_keys(const AdmissionKeyRecords& records);
// kInvalid with what is wrong and where.
[[nodiscard]] Result<AdmissionKeyRecords> decode_admission_keys(std::string_view text);

struct AdmissionKey {
  AdmissionKeyRecord record;
  std::string id;  // the thumbprint of the public key (RFC 7638), in base64url
  Ed25519PublicKey public_key;
  JwtSigner signer;
};

// All keys at one moment. Never changed once made; for any number of threads.
class AdmissionKeySet {
 public:
  AdmissionKeySet(Bytes master_key, const AdmissionKeyRecords& records);

  [[nodiscard]] const AdmissionKey& signing_at(Timestamp now) const;
  [[nodiscard]] const std::vector<AdmissionKey>& keys() const { return keys_; }
  // What tokens may be signed with that still count.
  [[nodiscard]] std::vector<JwtKey> verifying_at(Timestamp now) const;
  // The published keys as a JWK Set (RFC 7517 section 5, RFC 8037 section 2).
  [[nodiscard]] std::string jwks_at(Timestamp now) const;

 private:
  std::vector<AdmissionKey> keys_;
};

enum class RotationHaste {
  kNone,          // the new key is published now and signs in kAdmissionKeyLead
  kKeyIsExposed,  // it signs now, and what others have signed counts no more
};

class AdmissionKeys {
 public:
  // Reads the folder's file, if there is one. kInvalid names it, and what to do.
  [[nodiscard]] static Result<std::unique_ptr<AdmissionKeys>> open(const std::filesystem::path& folder,
                                                                   const Digest& master_key);

  // Makes a key, which is on the disk before the call returns; the id of the new one. The keys before it stay published
  // for as long as their tokens live, at most `life_max` from when the new one signs. kLimit beyond kAdmissionKeysMax.
  // The witness is told of the new one's id.
  [[nodiscard]] Result<std::string> rotate(Timestamp now, Duration life_max, RotationHaste haste,
                                           const KeyWitness& witness = {});

  [[nodiscard]] std::shared_ptr<const AdmissionKeySet> snapshot() const;
  // Grows with every rotation.
  [[nodiscard]] uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  AdmissionKeys(std::filesystem::path file, const Digest& master_key, AdmissionKeyRecords records);

  const std::filesystem::path file_;
  const Digest master_;
  std::mutex changes_;           // one rotation at a time
  AdmissionKeyRecords records_;  // under changes_
  mutable std::mutex guard_;
  std::shared_ptr<const AdmissionKeySet> set_;  // under guard_
  std::atomic<uint64_t> version_{1};
};

}  // namespace doorbuster::auth
