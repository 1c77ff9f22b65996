// Users of short links as the API reads and writes them (docs/api/openapi.yaml).
#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"
#include "links/store/user.h"

namespace doorbuster::links {

// kInvalid: what is wrong, and where.
[[nodiscard]] Result<User> parse_new_user(std::string_view body, Timestamp now);
// The user as they are once what the body names is changed. With another plan comes its limit, unless the body says
// another one.
[[nodiscard]] Result<User> parse_user_change(std::string_view body, const User& user);
// The name of a new key.
[[nodiscard]] Result<std::string> parse_new_user_key(std::string_view body);

void write_user(JsonWriter& json, const User& user);
// Without the secret.
void write_user_key(JsonWriter& json, const UserKey& key);

// With its quotes: another one after each change.
[[nodiscard]] std::string etag_of(const User& user);

}  // namespace doorbuster::links
