// An operator's session in a browser: log in with the key, see who is logged in, log out.
#include "base/json.h"
#include "base/json_writer.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "platform/operators/operator_calls.h"

namespace doorbuster::platform {
namespace {

Result<std::string> parse_key(std::string_view body) {
  JsonDocument document(body);
  std::string key(document.root().required("key", "the operator's key, \"dbk_...\"").string({.max_bytes = 200}));
  TRY(document.finish());
  return key;
}

struct Shown {
  const auth::OperatorKey* key = nullptr;  // null: nobody
  std::optional<auth::OperatorSession> session;
};

void write_session(JsonWriter& json, const auth::OperatorSessions& sessions, const Shown& shown) {
  json.begin_object().key("operator");
  if (shown.key == nullptr) {
    json.value(nullptr);
  } else {
    json.begin_object().member("key", shown.key->id).member("name", shown.key->name).end_object();
  }
  const bool has_session = shown.key != nullptr && shown.session;
  json.member("expires_at", has_session ? std::optional(shown.session->expires_at) : std::nullopt);
  json.member("csrf_token", has_session ? std::optional(sessions.token(*shown.session)) : std::nullopt).end_object();
}

void respond_session(const auth::OperatorSessions& sessions, const Call& call, net::Status status, const Shown& shown,
                     std::string_view set_cookie = {}) {
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_session(json, sessions, shown);
  respond_json(call.exchange, status, body, {}, set_cookie);
}

void respond_unnoted(const Call& call, const Error& error) {
  respond_problem(call.exchange, call.request.path(), net::Status::kServiceUnavailable, "keys-unavailable",
                  "The audit trail can't be written", error.message);
}

}  // namespace

void open_session(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator) {
  if (!authenticator.is_served_here(call) || !authenticator.is_same_origin(call)) return;
  const auto key = parse_key(call.request.body());
  if (!key) return respond_invalid(call.exchange, call.request.path(), key.error().message);
  const auto id = authenticator.authenticate(call, *key);
  if (!id) return;
  const auto noted = authenticator.note(call, {.actor = *id, .action = "logged in", .detail = ""});
  if (!noted) return respond_unnoted(call, noted.error());
  const Shown shown = {.key = authenticator.key_named(*id), .session = auth::OperatorSessions::begin(*id, call.now)};
  const std::string cookie = access.sessions.set_cookie(*shown.session);
  respond_session(access.sessions, call, net::Status::kCreated, shown, cookie);
}

void show_session(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator) {
  if (!authenticator.is_served_here(call)) return;
  Shown shown;
  if (const auto session = authenticator.session_of(call))
    shown = {.key = authenticator.key_named(session->key_id), .session = *session};
  respond_session(access.sessions, call, net::Status::kOk, shown);
}

void close_session(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator) {
  const auto actor = authenticator.operator_of(call);
  if (!actor) return;
  const auto session = authenticator.session_of(call);
  // Whoever wants to be out is out, whether or not it can be written down.
  (void)authenticator.note(call, {.actor = *actor, .action = "logged out", .detail = ""});
  if (const auto ended = session ? access.sessions.end(*session) : Result<void>(); !ended) {
    return respond_problem(call.exchange, call.request.path(), net::Status::kServiceUnavailable, "keys-unavailable",
                           "Logged out until the next restart only", ended.error().message);
  }
  const std::string cookie = access.sessions.clear_cookie();
  call.exchange.respond(net::Response{.status = net::Status::kNoContent,
                                      .headers = {{"Cache-Control", "no-store"}, {"Set-Cookie", cookie}}});
}

}  // namespace doorbuster::platform
