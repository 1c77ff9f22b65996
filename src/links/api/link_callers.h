// Who asks about links: an operator, or a user by a key of theirs (dbu_...). A user sees what is theirs; what is
// somebody else's is "not found".
#pragma once

#include <optional>
#include <string>

#include "links/store/link_store.h"
#include "platform/api/gate.h"
#include "platform/operators/operator_authenticator.h"

namespace doorbuster::links {

struct LinkCaller {
  std::string id = {};  // of an operator's key, or of the user
  uint64_t user = 0;    // 0: an operator
  [[nodiscard]] bool is_operator() const { return user == 0; }
  [[nodiscard]] bool owns(const Link& link) const { return is_operator() || link.owner == user; }
  // For logs: operators by their key, users by what they are.
  [[nodiscard]] std::string actor() const { return is_operator() ? id : "user " + id; }
};

class LinkCallers {
 public:
  // All outlive it.
  LinkCallers(platform::OperatorAuthenticator& operators, const LinkStore& store, platform::Gate& gate)
      : operators_(operators), store_(store), gate_(gate) {}

  // Answers by itself when it returns nothing.
  [[nodiscard]] std::optional<LinkCaller> caller_of(const platform::Call& call);
  // An operator; a user is told that they are none.
  [[nodiscard]] std::optional<std::string> operator_of(const platform::Call& call) {
    return operators_.operator_of(call);
  }
  [[nodiscard]] Result<void> note(const platform::Call& call, platform::OperatorAuthenticator::Deed deed) {
    return operators_.note(call, std::move(deed));
  }

 private:
  [[nodiscard]] std::optional<LinkCaller> user_of(const platform::Call& call, std::string_view token);

  platform::OperatorAuthenticator& operators_;
  const LinkStore& store_;
  platform::Gate& gate_;
};

}  // namespace doorbuster::links
