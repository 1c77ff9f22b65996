// Who may make links without being an operator: a user with a plan, who sees what is theirs and nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::links {

inline constexpr size_t kUserNameBytesMax = 100;
inline constexpr size_t kUserKeysMax = 16;
inline constexpr uint64_t kMonthlyLimitMax = 1'000'000'000;

// How many links a month a user may make where nothing else was agreed on with them.
enum class Plan : uint8_t { kFree, kPro, kBusiness };
inline constexpr std::array<std::string_view, 3> kPlanNames = {"free", "pro", "business"};
inline constexpr std::array<uint64_t, kPlanNames.size()> kPlanLimits = {1'000, 50'000, 1'000'000};

enum class UserState : uint8_t {
  kActive,
  kSuspended,  // may ask for nothing; their links stay
  kLeaving,    // all that is theirs is being erased
};
inline constexpr std::array<std::string_view, 3> kUserStateNames = {"active", "suspended", "leaving"};

struct User {
  uint64_t number = 0;  // 60 random bits
  std::string name = {};
  Plan plan = Plan::kFree;
  UserState state = UserState::kActive;
  uint64_t monthly_limit = kPlanLimits[0];  // of links made
  Timestamp created_at = {};
  uint32_t version = 1;  // one more with each change
  bool operator==(const User&) const = default;
};

// A user's number as the API writes it: 12 characters of Crockford's base32.
[[nodiscard]] std::string user_id(uint64_t number);
[[nodiscard]] std::optional<uint64_t> user_number(std::string_view id);
[[nodiscard]] uint64_t fresh_user_number();

// A key of a user: dbu_<id>_<secret> (auth/api_key.h). Its secret is random, so that a plain hash of it tells nothing.
struct UserKey {
  std::string id = {};
  uint64_t user = 0;
  std::string name = {};
  Timestamp created_at = {};
  Digest hash = {};  // SHA-256 of the secret
  bool operator==(const UserKey&) const = default;
};

// Months since January of the year 0, in UTC.
using Month = uint32_t;
[[nodiscard]] Month month_of(Timestamp at);
[[nodiscard]] Timestamp begin_of(Month month);
[[nodiscard]] std::string text_of_month(Month month);  // "2026-11"

struct Usage {
  Month month = 0;
  uint64_t links = 0;  // made in it
  bool operator==(const Usage&) const = default;
};

// Stored bytes of each, without what its key says. docs/formats/links-store.md
[[nodiscard]] std::vector<std::byte> encode_user(const User& user);
[[nodiscard]] Result<User> decode_user(uint64_t number, Bytes stored);
[[nodiscard]] std::vector<std::byte> encode_user_key(const UserKey& key);
[[nodiscard]] Result<UserKey> decode_user_key(std::string_view id, Bytes stored);

}  // namespace doorbuster::links
