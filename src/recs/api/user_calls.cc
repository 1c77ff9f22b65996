#include "base/json.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "recs/api/recs_calls.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

// The user in the path, if the caller may ask about them.
std::optional<NameHash> user_in_path(const Call& call, RecsCallers& callers, const Names& names,
                                     platform::Action action) {
  const auto caller = callers.caller_of(call, action);
  if (!caller) return std::nullopt;
  const auto name = name_in_path(call, 0);
  if (!name) return std::nullopt;
  const NameHash user = names.user(*name);
  if (caller->may_name(user)) return user;
  platform::respond_unauthorized(call, "user-needs-key",
                                 "What is known of a user is for an operator's key, or the user's own token.");
  return std::nullopt;
}

void write_touch(JsonWriter& json, const Touch& touch, const RecsTables& tables) {
  const std::string_view own = tables.own_kinds().name(touch.word);
  json.begin_object().member("type", own.empty() ? kEventKindNames[static_cast<size_t>(touch.kind)] : own);
  json.member("item", tables.catalogue()[touch.item].name).member("at", touch.at);
  if (touch.quantity != 1) json.member("quantity", touch.quantity);
  if (touch.value_thousandths != 0) json.member("value", static_cast<double>(touch.value_thousandths) / 1e3);
  json.end_object();
}

}  // namespace

void put_user(const Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names) {
  if (!callers.operator_of(call)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  JsonDocument document(call.request.body(), {.max_bytes = kContentBytesMax});
  document.root().each([](std::string_view, const JsonValue&) {});
  if (const auto finished = document.finish(); !finished)
    return platform::respond_invalid(call.exchange, call.request.path(), finished.error().message);
  PutUsers command;
  command.users.push_back({.user = names.user(*name), .content = std::string(call.request.body())});
  commands.ask(call, std::move(command), [name = *name](net::Exchange& exchange, const RecsMachine::Reply& reply) {
    std::string& body = exchange.scratch();
    JsonWriter(body).begin_object().member("user", name).end_object();
    platform::respond_json(exchange, reply.is_known ? net::Status::kOk : net::Status::kCreated, body);
  });
}

// All that is kept of them.
void show_user(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness) {
  const auto hash = user_in_path(call, callers, names, platform::Action::kPoll);
  if (!hash || !has_caught_up(call, freshness.follower)) return;
  std::string& body = call.exchange.scratch();
  const bool is_known = freshness.view.look([&](const RecsTables& tables) {
    const auto user = tables.find(VisitorKind::kUser, *hash);
    if (!user) return false;
    JsonWriter json(body);
    const std::string_view content = tables.content_of_user(*user);
    json.begin_object().key("profile").raw(content.empty() ? "{}" : content).key("events").begin_array();
    for (const Touch& touch : tables.history_of(VisitorKind::kUser, *user).touches()) write_touch(json, touch, tables);
    json.end_array().end_object();
    return true;
  });
  if (!is_known) return respond_user_missing(call.exchange, call.request.path());
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void forget_user(const Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names) {
  const auto hash = user_in_path(call, callers, names, platform::Action::kChange);
  if (!hash) return;
  commands.ask(call, ForgetUser{.user = *hash},
               [instance = std::string(call.request.path())](net::Exchange& exchange, const RecsMachine::Reply& reply) {
                 if (!reply.is_known) return respond_user_missing(exchange, instance);
                 exchange.respond(net::Response{.status = net::Status::kNoContent});
               });
}

}  // namespace doorbuster::recs
