// /api/v1/users: who may make links without being an operator. What a user may ask of themselves, they ask at
// /api/v1/users/me.
#include "auth/api_key.h"
#include "links/api/allowance.h"
#include "links/api/link_calls.h"
#include "links/api/user_json.h"
#include "platform/api/etag.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using platform::Call;
using Deed = platform::OperatorAuthenticator::Deed;

constexpr std::string_view kMe = "me";
constexpr std::string_view kUsersPath = "/api/v1/users/";

std::nullopt_t respond_no_user(const Call& call) {
  platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "user-not-found",
                            "No such user", "GET /api/v1/users lists the users there are; a user is `me`.");
  return std::nullopt;
}

// Whether it stands in the audit trail; answers 503 otherwise: then it must not be done.
bool is_noted(const Call& call, LinkCallers& callers, std::string_view actor, std::string_view action,
              const std::string& detail) {
  const auto noted = callers.note(call, {.actor = actor, .action = action, .detail = detail});
  if (!noted) platform::respond_busy(call.exchange, call.request.path(), "audit-failed", noted.error().message);
  return noted.has_value();
}

void respond_user(net::Exchange& exchange, net::Status status, const User& user) {
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  write_user(json, user);
  const std::string location = status == net::Status::kCreated ? std::string(kUsersPath) + user_id(user.number) : "";
  platform::respond_json(exchange, status, body, location, {}, etag_of(user));
}

void respond_nothing(net::Exchange& exchange, const UserChange&) {
  exchange.respond(net::Response{.status = net::Status::kNoContent, .headers = {{"Cache-Control", "no-store"}}});
}

}  // namespace

std::optional<User> user_in_path(const Call& call, const LinkCaller& caller, const LinkStore& store) {
  const std::string_view id = call.parameter(0);
  const auto number = id == kMe && !caller.is_operator() ? std::optional(caller.user) : user_number(id);
  if (!number || (!caller.is_operator() && *number != caller.user)) return respond_no_user(call);
  auto user = store.find_user(*number);
  if (user && *user) return **std::move(user);
  if (user) return respond_no_user(call);
  respond_store_failed(call, user.error());
  return std::nullopt;
}

void create_user(const Call& call, LinkCallers& callers, UserChanges& changes) {
  const auto actor = callers.operator_of(call);
  if (!actor) return;
  const auto user = parse_new_user(call.request.body(), call.now);
  if (!user) return platform::respond_invalid(call.exchange, call.request.path(), user.error().message);
  if (!is_noted(call, callers, *actor, "user made", "user " + user_id(user->number))) return;
  changes.change(call, {.kind = UserChange::Kind::kMake, .user = *user},
                 [](net::Exchange& exchange, const UserChange& change) {
                   respond_user(exchange, net::Status::kCreated, change.user);
                 });
}

void list_users(const Call& call, LinkCallers& callers, const LinkStore& store) {
  if (!callers.operator_of(call)) return;
  const auto cursor = call.request.query_parameter("cursor");
  const auto after = cursor ? user_number(*cursor) : std::optional<uint64_t>(0);
  if (!after)
    return platform::respond_invalid(call.exchange, call.request.path(),
                                     "cursor is what `next` of the page before said.");
  const auto limit = platform::number_in_query(call, "limit", kLinksAPage, platform::kPageMax);
  if (!limit) return;
  const auto users = store.list_users(*after, *limit);
  if (!users) return respond_store_failed(call, users.error());
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("users").begin_array();
  for (const User& user : *users) write_user(json, user);
  const bool may_be_more = !users->empty() && users->size() == *limit;
  json.end_array().member("next", may_be_more ? std::optional(user_id(users->back().number)) : std::nullopt);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void show_user(const Call& call, LinkCallers& callers, const LinkStore& store) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  if (const auto user = user_in_path(call, *caller, store)) respond_user(call.exchange, net::Status::kOk, *user);
}

void change_user(const Call& call, LinkCallers& callers, const LinkStore& store, UserChanges& changes) {
  const auto actor = callers.operator_of(call);
  if (!actor) return;
  const auto user = user_in_path(call, {.id = *actor}, store);
  if (!user) return;
  const auto expected = call.request.header("If-Match");
  if (user->state == UserState::kLeaving || (expected && !platform::names_etag(*expected, etag_of(*user)))) {
    return platform::respond_problem(call.exchange, call.request.path(), net::Status::kPreconditionFailed,
                                     "user-changed", "The user is not as you read them",
                                     "They were changed meanwhile, or are leaving. Read them again.");
  }
  auto changed = parse_user_change(call.request.body(), *user);
  if (!changed) return platform::respond_invalid(call.exchange, call.request.path(), changed.error().message);
  const std::string detail = "user " + user_id(changed->number) + ": " +
                             std::string(kPlanNames[static_cast<size_t>(changed->plan)]) + ", " +
                             std::to_string(changed->monthly_limit) + " links a month, " +
                             std::string(kUserStateNames[static_cast<size_t>(changed->state)]);
  if (!is_noted(call, callers, *actor, "user changed", detail)) return;
  changes.change(
      call, {.kind = UserChange::Kind::kReplace, .user = *std::move(changed)},
      [](net::Exchange& exchange, const UserChange& change) { respond_user(exchange, net::Status::kOk, change.user); });
}

void erase_user(const Call& call, LinkCallers& callers, const LinkStore& store, UserChanges& changes,
                Departures& departures) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto user = user_in_path(call, *caller, store);
  if (!user) return;
  if (!is_noted(call, callers, caller->actor(), "user erased", "user " + user_id(user->number))) return;
  UserChange change{.kind = UserChange::Kind::kReplace, .user = *user};
  change.user.state = UserState::kLeaving;
  ++change.user.version;
  changes.change(call, std::move(change), [&departures](net::Exchange& exchange, const UserChange& leaving) {
    departures.add(leaving.user.number);
    respond_user(exchange, net::Status::kAccepted, leaving.user);
  });
}

void show_usage(const Call& call, LinkCallers& callers, const LinkStore& store) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto user = user_in_path(call, *caller, store);
  if (!user) return;
  const auto months = store.usage_of(user->number);
  const auto used = store.used_in(user->number, month_of(call.now));
  if (!months || !used) return respond_store_failed(call, months ? used.error() : months.error());
  const Allowance allowance{.limit = user->monthly_limit, .used = *used};
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("monthly_limit", allowance.limit).member("used", allowance.used);
  json.member("left", allowance.limit - std::min(allowance.limit, allowance.used));
  json.member("next_month", begin_of(month_of(call.now) + 1)).key("months").begin_array();
  for (const Usage& month : *months)
    json.begin_object().member("month", text_of_month(month.month)).member("links", month.links).end_object();
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void list_user_keys(const Call& call, LinkCallers& callers, const LinkStore& store) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto user = user_in_path(call, *caller, store);
  if (!user) return;
  const auto keys = store.keys_of(user->number);
  if (!keys) return respond_store_failed(call, keys.error());
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("keys").begin_array();
  for (const UserKey& key : *keys) write_user_key(json, key);
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void create_user_key(const Call& call, LinkCallers& callers, const LinkStore& store, UserChanges& changes) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto user = user_in_path(call, *caller, store);
  if (!user) return;
  const auto name = parse_new_user_key(call.request.body());
  if (!name) return platform::respond_invalid(call.exchange, call.request.path(), name.error().message);
  const auto keys = store.keys_of(user->number);
  if (!keys) return respond_store_failed(call, keys.error());
  if (keys->size() >= kUserKeysMax) return respond_too_many_keys(call.exchange, call.request.path());
  const std::string secret = auth::fresh_secret();
  const UserKey key{.id = auth::fresh_key_id(),
                    .user = user->number,
                    .name = *name,
                    .created_at = call.now,
                    .hash = sha256(as_bytes(secret))};
  const std::string detail = "key " + key.id + " of user " + user_id(key.user);
  if (!is_noted(call, callers, caller->actor(), "user key made", detail)) return;
  changes.change(call, {.kind = UserChange::Kind::kAddKey, .user = *user, .key = key},
                 [secret](net::Exchange& exchange, const UserChange& change) {
                   const std::string id = change.key.id;
                   std::string& body = exchange.scratch();
                   JsonWriter json(body);
                   json.begin_object().member("id", id).member("name", change.key.name);
                   json.member("created_at", change.key.created_at);
                   // Shown here and never again.
                   json.member("key", auth::key_text(auth::kUserPrefix, {.id = id, .secret = secret})).end_object();
                   platform::respond_json(exchange, net::Status::kCreated, body,
                                          std::string(kUsersPath) + user_id(change.user.number) + "/keys/" + id);
                 });
}

void remove_user_key(const Call& call, LinkCallers& callers, const LinkStore& store, UserChanges& changes) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto user = user_in_path(call, *caller, store);
  if (!user) return;
  const std::string id(call.parameter(1));
  const auto key = store.find_user_key(id);
  if (!key) return respond_store_failed(call, key.error());
  if (!*key || (*key)->user != user->number) {
    return platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "key-not-found",
                                     "No such key", "GET /api/v1/users/{user}/keys lists the keys there are.");
  }
  const std::string detail = "key " + id + " of user " + user_id(user->number);
  if (!is_noted(call, callers, caller->actor(), "user key revoked", detail)) return;
  changes.change(call, {.kind = UserChange::Kind::kRemoveKey, .user = *user, .key = {.id = id}}, &respond_nothing);
}

}  // namespace doorbuster::links
