#include "recs/api/gorse_answers.h"
#include "recs/api/gorse_calls.h"
#include "recs/api/gorse_rows.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

void respond_users_stored(net::Exchange& exchange, const RecsMachine::Reply& reply) {
  respond_rows_affected(exchange, reply.done);
}

struct NamedUser {
  std::string name;
  std::string content;
};

std::optional<NamedUser> gorse_user_in_path(const Call& call, CompatCallers& callers, const Names& names,
                                            const Freshness& freshness) {
  if (!gorse_caller(call, callers) || !gorse_has_caught_up(call, freshness)) return std::nullopt;
  auto name = gorse_name(call, 0);
  if (!name) return std::nullopt;
  auto content = freshness.view.look([&](const RecsTables& tables) -> std::optional<std::string> {
    const auto user = tables.find(VisitorKind::kUser, names.user(*name));
    if (!user) return std::nullopt;
    return std::string(tables.content_of_user(*user));
  });
  if (content) return NamedUser{.name = *std::move(name), .content = *std::move(content)};
  respond_gorse_error(call.exchange, net::Status::kNotFound, *name + ": user not found");
  return std::nullopt;
}

}  // namespace

void put_gorse_users(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names) {
  if (!gorse_caller(call, callers)) return;
  const auto texts = gorse_texts(call.request.body());
  if (!texts) return respond_gorse_invalid(call.exchange, texts.error().message);
  PutUsers command;
  for (const std::string_view text : *texts) {
    auto user = read_gorse_user(text);
    if (!user) {
      return respond_gorse_invalid(call.exchange,
                                   "user " + std::to_string(command.users.size()) + ": " + user.error().message);
    }
    command.users.push_back({.user = names.user(user->name), .content = std::move(user->content)});
  }
  if (command.users.empty()) return respond_rows_affected(call.exchange, 0);
  commands.ask(call, std::move(command), respond_users_stored, respond_gorse_busy);
}

void change_gorse_user(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                       const Freshness& freshness) {
  const auto known = gorse_user_in_path(call, callers, names, freshness);
  if (!known) return;
  auto content = read_gorse_user_patch(call.request.body(), known->content);
  if (!content) return respond_gorse_invalid(call.exchange, content.error().message);
  PutUsers command;
  command.users.push_back({.user = names.user(known->name), .content = *std::move(content)});
  commands.ask(call, std::move(command), respond_users_stored, respond_gorse_busy);
}

void remove_gorse_user(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names) {
  if (!gorse_caller(call, callers)) return;
  const auto name = gorse_name(call, 0);
  if (!name) return;
  commands.ask(call, ForgetUser{.user = names.user(*name)}, respond_users_stored, respond_gorse_busy);
}

void show_gorse_user(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness) {
  const auto known = gorse_user_in_path(call, callers, names, freshness);
  if (!known) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_gorse_user(json, known->name, known->content);
  respond_gorse(call.exchange, body);
}

}  // namespace doorbuster::recs
