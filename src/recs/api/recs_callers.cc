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
  if (!gate_.pass(call, {.action = action, .scope = "recs", .asker = asker_of(call, *caller), .can_work = false}))
    return std::nullopt;
  return caller;
}

// Strangers of one address share what one session may have, and nothing of it is taken from what that address may have
// of anything else: who looks around can still join.
platform::Asker RecsCallers::asker_of(const Call& call, const RecsCaller& caller) const {
  if (caller.kind == RecsCaller::Kind::kCustomer)
    return {.kind = platform::Asker::Kind::kCustomer, .id = caller.user.high};
  const net::PeerAddress::Network network = gate_.sender_of(call.request).network();
  const uint64_t writes = call.request.method() == net::Method::kPost ? 1 : 0;
  return {.kind = platform::Asker::Kind::kSession, .id = names_.network(std::as_bytes(std::span(network))) ^ writes};
}

std::optional<RecsCaller> RecsCallers::customer_of(const Call& call) {
  const auto claims = keys_.verify_token(platform::bearer_of(call.request), call.now);
  if (claims) return RecsCaller{.kind = RecsCaller::Kind::kCustomer, .user = names_.user(claims->sub.view())};
  platform::respond_unauthorized(call, "invalid-token", auth::explain(claims.error()));
  return std::nullopt;
}

}  // namespace doorbuster::recs
