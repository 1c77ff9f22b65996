#include "links/api/user_json.h"

#include <array>

#include "base/json.h"

namespace doorbuster::links {
namespace {

// Users go by a call of their own, so nobody is made "leaving".
constexpr std::array kStatesToSet = {kUserStateNames[0], kUserStateNames[1]};

void read_name(const JsonValue& value, User& user) {
  if (value.present()) user.name = value.string({.min_bytes = 1, .max_bytes = kUserNameBytesMax});
}

void read_plan(const JsonObject& root, User& user) {
  const JsonValue plan = root.optional("plan_type");
  if (plan.present()) {
    user.plan = plan.one_of(kPlanNames, user.plan);
    user.monthly_limit = kPlanLimits[static_cast<size_t>(user.plan)];
  }
  const JsonValue limit = root.optional("monthly_limit");
  if (limit.present())
    user.monthly_limit =
        static_cast<uint64_t>(limit.integer({.min = 0, .max = static_cast<int64_t>(kMonthlyLimitMax)}));
}

}  // namespace

Result<User> parse_new_user(std::string_view body, Timestamp now) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  User user{.created_at = now};
  read_name(root.required("name", "what operators call the user"), user);
  read_plan(root, user);
  TRY(document.finish());
  user.number = fresh_user_number();
  return user;
}

Result<User> parse_user_change(std::string_view body, const User& user) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  User changed = user;
  read_name(root.optional("name"), changed);
  read_plan(root, changed);
  changed.state = root.optional("state").one_of(kStatesToSet, changed.state);
  TRY(document.finish());
  ++changed.version;
  return changed;
}

Result<std::string> parse_new_user_key(std::string_view body) {
  JsonDocument document(body);
  const std::string name(
      document.root().required("name", "what the key is for").string({.min_bytes = 1, .max_bytes = kUserNameBytesMax}));
  TRY(document.finish());
  return name;
}

void write_user(JsonWriter& json, const User& user) {
  json.begin_object().member("id", user_id(user.number)).member("name", user.name);
  json.member("plan_type", kPlanNames[static_cast<size_t>(user.plan)]).member("monthly_limit", user.monthly_limit);
  json.member("state", kUserStateNames[static_cast<size_t>(user.state)]).member("created_at", user.created_at);
  json.end_object();
}

void write_user_key(JsonWriter& json, const UserKey& key) {
  json.begin_object().member("id", key.id).member("name", key.name).member("created_at", key.created_at).end_object();
}

std::string etag_of(const User& user) {
  return "\"" + user_id(user.number) + "-" + std::to_string(user.version) + "\"";
}

}  // namespace doorbuster::links
