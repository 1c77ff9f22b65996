// An operator's session in a browser: log in with the key, see who is logged in, log out.
#include "base/json.h"
#include "base/json_writer.h"
#include "sale/api/calls.h"
#include "sale/api/operators.h"
#include "sale/api/refusals.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {
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

void respond_session(Desk& desk, const Call& call, net::Status status, const Shown& shown,
                     std::string_view set_cookie) {
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_session(json, desk.shared().sessions, shown);
  net::HeaderList headers{{"Cache-Control", "no-store"}};
  if (!set_cookie.empty()) headers.add({"Set-Cookie", set_cookie});
  call.exchange.respond(
      net::Response{.status = status, .content_type = "application/json", .body = body, .headers = headers});
}

}  // namespace

void open_session(Desk& desk, const Call& call) {
  OperatorDoor& door = desk.operators();
  if (!door.is_open_to(call) || !door.is_from_here(call)) return;
  const auto key = parse_key(call.request.body());
  if (!key) return respond_invalid(call.exchange, call.request.path(), key.error().message);
  const auto id = door.prove(call, *key);
  if (!id) return;
  const Shown shown = {.key = door.key_named(*id), .session = auth::OperatorSessions::begin(*id, call.now)};
  const std::string cookie = desk.shared().sessions.set_cookie(*shown.session);
  respond_session(desk, call, net::Status::kCreated, shown, cookie);
}

void show_session(Desk& desk, const Call& call) {
  OperatorDoor& door = desk.operators();
  if (!door.is_open_to(call)) return;
  const auto session = door.session_of(call);
  if (!session) return respond_session(desk, call, net::Status::kOk, {}, {});
  respond_session(desk, call, net::Status::kOk, {.key = door.key_named(session->key_id), .session = *session}, {});
}

void close_session(Desk& desk, const Call& call) {
  OperatorDoor& door = desk.operators();
  if (!door.operator_of(call)) return;
  if (const auto session = door.session_of(call)) desk.shared().sessions.end(*session, call.now);
  const std::string cookie = desk.shared().sessions.clear_cookie();
  call.exchange.respond(net::Response{.status = net::Status::kNoContent,
                                      .headers = {{"Cache-Control", "no-store"}, {"Set-Cookie", cookie}}});
}

}  // namespace doorbuster::sale
