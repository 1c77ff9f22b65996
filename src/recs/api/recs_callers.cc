#include "recs/api/recs_callers.h"

#include "platform/api/problems.h"

namespace doorbuster::recs {

using platform::Call;

std::optional<RecsCaller> RecsCallers::caller_of(const Call& call, platform::Action action) {
  if (operators_.presents_credentials(call)) {
    const auto actor = operators_.operator_of(call);
    if (!actor) return std::nullopt;
    return RecsCaller{.kind = RecsCaller::Kind::kOperator, .actor = *actor};
  }
  auto caller = call.request.has(net::Known::kAuthorization) ? customer_of(call) : RecsCaller();
  if (!caller) return std::nullopt;
  platform::Asker asker;
  if (caller->kind == RecsCaller::Kind::kCustomer)
    asker = {.kind = platform::Asker::Kind::kCustomer, .id = caller->user.high};
  if (!gate_.pass(call, {.action = action, .scope = "recs", .asker = asker, .can_work = false})) return std::nullopt;
  return caller;
}

std::optional<RecsCaller> RecsCallers::customer_of(const Call& call) {
  const auto claims = keys_.verify_token(platform::bearer_of(call.request), call.now);
  if (claims) return RecsCaller{.kind = RecsCaller::Kind::kCustomer, .user = names_.user(claims->sub.view())};
  platform::respond_unauthorized(call, "invalid-token", auth::explain(claims.error()));
  return std::nullopt;
}

}  // namespace doorbuster::recs
