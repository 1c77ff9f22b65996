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

#include "auth/admission_keys.h"
#include "auth/key_set.h"
#include "base/crypto.h"
#include "base/result.h"

namespace doorbuster::auth {

// Why a text is not taken for an operator's key.
enum class KeyRefusal : uint8_t {
  kUnknown,   // no key of this server, or revoked, or another secret
  kTooOften,  // other secrets came for this key: it is not looked at before a moment has passed
};

// A key as it is shown once, to whoever made it.
struct FreshKey {
  std::string id;
  std::string text;
};

struct NewShopKey {
  std::string name;
  std::string id = {};          // made up when empty
  std::string public_key = {};  // PEM or base64url makes it an EdDSA key; empty makes an HS256 key
  std::string secret = {};      // HS256 only: the shop's own secret of at least 32 bytes; made up when empty
};

class KeyStore {
 public:
  // What open() found: kFirst means that the keys were made just now and operator.key and shop.key were written.
  enum class Start { kFirst, kAgain };

  // Opens the folder, which must exist, and makes what is missing. Errors: kInvalid names a damaged or too open file
  // and what to do; kNotFound when keys.json is there but the master key is gone (nothing can replace it: restore it);
  // kIo.
  [[nodiscard]] static Result<std::unique_ptr<KeyStore>> open(const std::filesystem::path& folder, Timestamp now);

  [[nodiscard]] Start start() const { return start_; }
  [[nodiscard]] Bytes master_key() const { return master_; }
  [[nodiscard]] AdmissionKeys& admission_keys() { return *admission_keys_; }

  // Each change is durable before the call returns. kLimit beyond kKeysMax, kInvalid for a bad name, id or key,
  // kConflict for an id that exists.
  [[nodiscard]] Result<FreshKey> add_operator_key(std::string_view name, Timestamp now);
  [[nodiscard]] Result<FreshKey> add_shop_key(const NewShopKey& wanted,
                                              Timestamp now);  // text is empty for an EdDSA key

  // Tokens and requests under that key are refused from now on. kNotFound; kConflict for the last operator key, without
  // which nobody could make another.
  [[nodiscard]] Result<void> revoke(std::string_view id);

  [[nodiscard]] std::shared_ptr<const KeySet> snapshot() const;
  // Grows with every change.
  [[nodiscard]] uint64_t version() const { return version_.load(std::memory_order_acquire); }

  // Runs argon2 (tens of milliseconds, one at a time) and remembers a success, so that it is run once a key and
  // process. Failures are bounded: five at once, then one a second.
  [[nodiscard]] tl::expected<void, KeyRefusal> prove_operator(std::string_view id, std::string_view secret,
                                                              Timestamp now);

 private:
  KeyStore(std::filesystem::path folder, const Digest& master, Start start, KeyRecords records,
           std::unique_ptr<AdmissionKeys> admission_keys);
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
