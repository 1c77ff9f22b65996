// Who calls by the API of another product: an operator, by a key in the field that its clients use. Nothing is answered
// here, as each of those APIs says no in its own way.
#pragma once

#include <optional>
#include <string>

#include "auth/aws_signature.h"
#include "base/crypto.h"
#include "platform/operators/operator_authenticator.h"

namespace doorbuster::recs {

enum class CompatRefusal : uint8_t {
  kMissing,    // there is no key
  kElsewhere,  // operators' calls are taken at another address
  kUnknown,    // no key of this server
  kTooOften,
  kSignature,
  kTime,
};
[[nodiscard]] std::string_view explain(CompatRefusal refusal);

class CompatCallers {
 public:
  using Actor = tl::expected<std::string, CompatRefusal>;

  CompatCallers(platform::OperatorAuthenticator& operators, Bytes master_key);

  // X-API-Key: an operator's key.
  [[nodiscard]] Actor by_api_key(const platform::Call& call);
  // Signature Version 4 with the id of an operator's key and the secret below; or the key itself as a bearer token.
  [[nodiscard]] Actor by_signature(const platform::Call& call);
  // By a key or a session, as everywhere; answers by itself when it returns nothing.
  [[nodiscard]] std::optional<std::string> operator_of(const platform::Call& call) {
    return operators_.operator_of(call);
  }
  // To the audit trail.
  [[nodiscard]] Result<void> note_credentials(const platform::Call& call, std::string_view actor) {
    return operators_.note(call, {.actor = actor, .action = "signing secret shown", .detail = {}});
  }
  // What stands for an operator's key where AWS's clients sign: made of the master key and the key's id, so nothing is
  // kept of it, and it ends with the key.
  [[nodiscard]] std::string signing_secret(std::string_view key_id) const;

 private:
  [[nodiscard]] Actor by_key(const platform::Call& call, std::string_view key);

  platform::OperatorAuthenticator& operators_;
  const HmacSha256 secrets_;
};

}  // namespace doorbuster::recs
