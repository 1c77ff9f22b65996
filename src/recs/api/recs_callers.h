// Who asks for recommendations, or tells of events: an operator, a customer by a token of the shop, or anybody.
//
// Anybody may ask what everybody may know, and for the session that they name; what is known of a user is for operators
// and for the user. All but operators pass the gate.
#pragma once

#include <optional>
#include <string>

#include "auth/keys.h"
#include "platform/api/gate.h"
#include "platform/operators/operator_authenticator.h"
#include "recs/api/names.h"

namespace doorbuster::recs {

struct RecsCaller {
  enum class Kind : uint8_t { kPublic, kCustomer, kOperator };
  Kind kind = Kind::kPublic;
  std::string actor = {};  // the operator's key
  NameHash user = {};      // the customer
  [[nodiscard]] bool is_operator() const { return kind == Kind::kOperator; }
  // Whether they may ask about this user, and tell of what they do.
  [[nodiscard]] bool may_name(const NameHash& whom) const {
    return is_operator() || (kind == Kind::kCustomer && user == whom);
  }
};

class RecsCallers {
 public:
  // All outlive it.
  RecsCallers(platform::OperatorAuthenticator& operators, auth::KeyStore& keys, platform::Gate& gate,
              const Names& names)
      : operators_(operators), keys_(keys), gate_(gate), names_(names) {}

  // Those answer by themselves when they return nothing.
  [[nodiscard]] std::optional<RecsCaller> caller_of(const platform::Call& call, platform::Action action);
  [[nodiscard]] std::optional<std::string> operator_of(const platform::Call& call) {
    return operators_.operator_of(call);
  }

 private:
  [[nodiscard]] std::optional<RecsCaller> customer_of(const platform::Call& call);
  [[nodiscard]] platform::Asker asker_of(const platform::Call& call, const RecsCaller& caller) const;

  platform::OperatorAuthenticator& operators_;
  auth::KeyView keys_;
  platform::Gate& gate_;
  const Names& names_;
};

}  // namespace doorbuster::recs
