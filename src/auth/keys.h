// The key store of a server: who is an operator, which shops' tokens count, and the master key from which the rest is
// derived.
//
// It lives in a folder: master.key (32 random bytes), keys.json, admission-keys.json once there was a rotation, and,
// from the first start, operator.key and shop.key, which hold one key of each sort in plain for whoever set the server
// up. All have mode 0600; one that others may read is refused. A KeyStore is shared by all threads. Each thread that
// serves requests has a KeyView of its own, which reads an immutable snapshot and costs one atomic load unless keys
// were changed.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/admission_keys.h"
#include "auth/configured_keys.h"
#include "auth/key_set.h"
#include "base/crypto.h"
#include "base/result.h"

namespace doorbuster::auth {

// Why a text is not taken for an operator's key.
enum class KeyRefusal : uint8_t {
  kUnknown,   // no key of this server, or revoked, or another secret
  kTooOften,  // too many secrets were worked through for nothing: this one is looked at in a moment
};

// A key as it is shown once, to whoever made it.
struct FreshKey {
  std::string id;
  std::string text;
};

// What else lies in the data folder, which the keys have to fit.
struct KeySurroundings {
  bool has_history = false;             // of a server: keys are not made anew beside it
  bool allow_new = false;               // but for this: new operators' and shops' keys where keys.json is missing
  bool must_have_log = false;           // the log is on the disk; what follows says of which one
  std::optional<LogId> log = {};        // of the log that is there, if it says
  std::optional<Digest> log_keys = {};  // the fingerprint of the master key that it was written under
  bool has_log = false;                 // one is there, whether it says or not
};

// What a log remembers of a master key.
[[nodiscard]] Digest fingerprint_of(Bytes master_key);

class KeyStore {
 public:
  // What open() found: kFirst means that the keys were made just now and operator.key and shop.key were written.
  enum class Start { kFirst, kAgain };

  // Opens the folder, which must exist, and makes what is missing if this is a first start. Nothing is changed before
  // all of it fits. Errors: kInvalid names a damaged, too open or foreign file and what to do; kNotFound one that is
  // missing; kIo.
  [[nodiscard]] static Result<std::unique_ptr<KeyStore>> open(const std::filesystem::path& folder, Timestamp now,
                                                              const KeySurroundings& surroundings = {});
  // From now on the keys belong to that log, and none else fits.
  [[nodiscard]] Result<void> bind(const LogId& log);

  [[nodiscard]] Start start() const { return start_; }
  [[nodiscard]] Bytes master_key() const { return master_; }
  [[nodiscard]] AdmissionKeys& admission_keys() { return *admission_keys_; }
  // As AdmissionKeys::rotate(), and keys.json remembers that there is a newer one.
  [[nodiscard]] Result<std::string> rotate_admission_key(Timestamp now, Duration life_max, RotationHaste haste,
                                                         const KeyWitness& witness = {});

  // Each change is durable before the call returns. kLimit beyond kKeysMax, kInvalid for a bad name, id or key,
  // kConflict for an id that exists.
  [[nodiscard]] Result<FreshKey> add_operator_key(std::string_view name, Timestamp now, const KeyWitness& witness = {});
  // Its text is empty for an EdDSA key.
  [[nodiscard]] Result<FreshKey> add_shop_key(const NewShopKey& wanted, Timestamp now, const KeyWitness& witness = {});

  // At a start: makes the keys fit what the configuration names (configured_keys.h), and says what that changed.
  [[nodiscard]] Result<std::vector<ConfiguredKeyChange>> configure(const std::vector<NewShopKey>& configured,
                                                                   Timestamp now);

  // Tokens and requests under that key are refused from now on. kNotFound; kConflict for the last operator key, without
  // which nobody could make another.
  [[nodiscard]] Result<void> revoke(std::string_view id, const KeyWitness& witness = {});

  [[nodiscard]] std::shared_ptr<const KeySet> snapshot() const;
  // Grows with every change.
  [[nodiscard]] uint64_t version() const { return version_.load(std::memory_order_acquire); }

  // Runs argon2 (tens of milliseconds, one at a time) and remembers a success, so that it is run once a key and
  // process. Wrong secrets are told apart before it, whatever comes of them; of a key in a file of version 1 that has
  // not been proved since, failures are bounded: five at once, then one a second.
  [[nodiscard]] tl::expected<void, KeyRefusal> prove_operator(std::string_view id, std::string_view secret,
                                                              Timestamp now);

 private:
  KeyStore(std::filesystem::path folder, const Digest& master, Start start, KeyRecords records,
           std::unique_ptr<AdmissionKeys> admission_keys);
  [[nodiscard]] Result<void> write(KeyRecords& records) const;
  Result<void> save(KeyRecords records);
  void publish(KeyRecords records);
  [[nodiscard]] KeyRecords copy_of_records() const;

  const std::filesystem::path folder_;
  const Digest master_;
  const Start start_;
  const std::unique_ptr<AdmissionKeys> admission_keys_;
  std::mutex changes_;             // one change at a time
  std::mutex proofs_;              // one argon2 at a time: each takes 19 MiB
  Timestamp failures_paid_until_;  // under proofs_: a failure costs a second of it (GCRA)
  mutable std::mutex guard_;
  std::shared_ptr<const KeySet> keys_;  // under guard_
  std::atomic<uint64_t> version_{1};
};

// One thread's window on the store.
class KeyView {
 public:
  explicit KeyView(KeyStore& store) : store_(store) {}

  [[nodiscard]] const KeySet& keys();
  [[nodiscard]] tl::expected<JwtClaims, JwtRefusal> verify_token(std::string_view token, Timestamp now);
  // The id of the operator's key, valid until the next call of any member.
  [[nodiscard]] tl::expected<std::string_view, KeyRefusal> verify_operator(std::string_view text, Timestamp now);

 private:
  KeyStore& store_;
  std::shared_ptr<const KeySet> seen_;
  uint64_t version_ = 0;
  JwtHeaderMemo memo_;  // of seen_
};

}  // namespace doorbuster::auth
