// Keys are rare and their changes slow (argon2, fsync): they are made on the reactor's thread, at the price of a pause
// of some tens of milliseconds for this reactor's connections.
#include <array>

#include "base/json.h"
#include "base/json_writer.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "platform/operators/operator_calls.h"

namespace doorbuster::platform {
namespace {

enum class KeyKind { kOperator, kShop };
constexpr std::array<std::string_view, 2> kKeyKindNames = {"operator", "shop"};

struct WantedKey {
  KeyKind kind = KeyKind::kShop;
  auth::NewShopKey key;
};

Result<WantedKey> parse_wanted_key(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  WantedKey wanted;
  wanted.kind = root.required("kind", "\"operator\" or \"shop\"").one_of(kKeyKindNames, KeyKind::kShop);
  wanted.key.name =
      root.required("name", "what the key is for").string({.min_bytes = 1, .max_bytes = auth::kKeyNameBytesMax});
  wanted.key.id = root.optional("id").string({.max_bytes = auth::kKeyIdBytesMax});
  wanted.key.public_key = root.optional("public_key").string({.max_bytes = 1'024});
  wanted.key.secret = root.optional("secret").string({.max_bytes = auth::kShopSecretBytesMax});
  TRY(document.finish());
  const bool shop_only = !wanted.key.id.empty() || !wanted.key.public_key.empty() || !wanted.key.secret.empty();
  if (wanted.kind == KeyKind::kOperator && shop_only) {
    return fail(ErrorCode::kInvalid,
                "id, public_key and secret are for shop keys; an operator's key is made by the server");
  }
  return wanted;
}

void respond_failed(const Call& call, const Error& error) {
  const auto [status, slug] = [&]() -> std::pair<net::Status, std::string_view> {
    switch (error.code) {
      case ErrorCode::kInvalid:
        return {net::Status::kBadRequest, "invalid-request"};
      case ErrorCode::kNotFound:
        return {net::Status::kNotFound, "not-found"};
      case ErrorCode::kConflict:
      case ErrorCode::kLimit:
        return {net::Status::kConflict, "key-conflict"};
      default:
        return {net::Status::kServiceUnavailable, "keys-unavailable"};
    }
  }();
  respond_problem(call.exchange, call.request.path(), status, slug, "The key was not changed", error.message);
}

template <class Key>
void write_key(JsonWriter& json, const Key& key, KeyKind kind, auth::KeyOrigin origin) {
  json.begin_object().member("id", key.id).member("kind", kKeyKindNames[static_cast<size_t>(kind)]);
  json.member("name", key.name).member("created_at", key.created_at);
  json.member("origin", auth::kKeyOriginNames[static_cast<size_t>(origin)]).end_object();
}

}  // namespace

void list_keys(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator) {
  if (!authenticator.operator_of(call)) return;
  const auto set = access.keys.snapshot();
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("keys").begin_array();
  for (const auth::OperatorKey& key : set->records.operators)
    write_key(json, key, KeyKind::kOperator, auth::KeyOrigin::kApi);
  for (const auth::ShopKey& key : set->records.shops) write_key(json, key, KeyKind::kShop, key.origin);
  json.end_array().end_object();
  respond_json(call.exchange, net::Status::kOk, body);
}

void create_key(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator) {
  const auto actor = authenticator.operator_of(call);
  if (!actor) return;
  const auto wanted = parse_wanted_key(call.request.body());
  if (!wanted) return respond_failed(call, wanted.error());
  const bool is_operators = wanted->kind == KeyKind::kOperator;
  const auto note = [&](std::string_view id) {
    const std::string what = is_operators ? "operator key " : "shop key ";
    return authenticator.note(
        call, {.actor = *actor, .action = "key made", .detail = what + std::string(id) + ": " + wanted->key.name});
  };
  const auto made = is_operators ? access.keys.add_operator_key(wanted->key.name, call.now, note)
                                 : access.keys.add_shop_key(wanted->key, call.now, note);
  if (!made) return respond_failed(call, made.error());
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("id", made->id).member("kind", kKeyKindNames[static_cast<size_t>(wanted->kind)]);
  json.member("name", wanted->key.name);
  // Shown here and never again.
  json.member("key", made->text.empty() ? std::optional<std::string>() : std::optional(made->text)).end_object();
  respond_json(call.exchange, net::Status::kCreated, body, "/api/v1/keys/" + made->id);
}

void revoke_key(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator) {
  const auto actor = authenticator.operator_of(call);
  if (!actor) return;
  const auto revoked = access.keys.revoke(call.parameter(0), [&](std::string_view id) {
    return authenticator.note(call, {.actor = *actor, .action = "key revoked", .detail = "key " + std::string(id)});
  });
  if (!revoked) return respond_failed(call, revoked.error());
  call.exchange.respond(net::Response{.status = net::Status::kNoContent});
}

}  // namespace doorbuster::platform
