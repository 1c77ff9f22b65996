#include "links/api/link_callers.h"

#include "auth/api_key.h"
#include "base/siphash.h"
#include "links/api/allowance.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

using platform::Call;

std::optional<LinkCaller> refuse_key(const Call& call) {
  platform::respond_unauthorized(call, "unknown-user-key", "This key is not one of a user here, or was taken away.");
  return std::nullopt;
}

}  // namespace

std::optional<LinkCaller> LinkCallers::caller_of(const Call& call) {
  const std::string_view token = platform::bearer_of(call.request);
  if (token.starts_with(auth::kUserPrefix)) return user_of(call, token);
  const auto id = operators_.operator_of(call);
  return id ? std::optional(LinkCaller{.id = *id}) : std::nullopt;
}

// Secrets are 256 random bits, so whoever has none cannot find one by asking, and a plain hash is enough to compare.
std::optional<LinkCaller> LinkCallers::user_of(const Call& call, std::string_view token) {
  const auto parts = auth::parse_key(auth::kUserPrefix, token);
  if (!parts) return refuse_key(call);
  const auto key = store_.find_user_key(parts->id);
  const auto user = key && *key ? store_.find_user((*key)->user) : Result<std::optional<User>>(std::nullopt);
  if (!key || !user) {
    platform::respond_busy(call.exchange, call.request.path(), "store-failed",
                           key ? user.error().message : key.error().message);
    return std::nullopt;
  }
  if (!*key || !*user || !equal_in_constant_time((*key)->hash, sha256(as_bytes(parts->secret))))
    return refuse_key(call);
  if ((*user)->state != UserState::kActive) {
    respond_no_owner(call.exchange, call.request.path());
    return std::nullopt;
  }
  const platform::Asker asker{.kind = platform::Asker::Kind::kCustomer, .id = SipHash(0, 0)(as_bytes(parts->id))};
  const bool looks = call.request.method() == net::Method::kGet || call.request.method() == net::Method::kHead;
  const auto action = looks ? platform::Action::kPoll : platform::Action::kChange;
  if (!gate_.pass(call, {.action = action, .scope = "links", .asker = asker})) return std::nullopt;
  return LinkCaller{.id = user_id((*user)->number), .user = (*user)->number};
}

}  // namespace doorbuster::links
