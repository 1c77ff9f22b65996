#include "links/store/user.h"

#include <chrono>

#include "base/crockford.h"

namespace doorbuster::links {
namespace {

constexpr uint8_t kUserFormat = 1;
constexpr uint8_t kUserKeyFormat = 1;
constexpr size_t kIdLength = 12;
constexpr unsigned kIdBits = 5;
constexpr uint32_t kMonthsAYear = 12;

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::kCorrupt, std::string(what) + " is damaged, or was stored by a later version");
}

}  // namespace

std::string user_id(uint64_t number) {
  std::string id(kIdLength, kCrockford[0]);
  for (size_t i = kIdLength; i-- > 0; number >>= kIdBits) id[i] = kCrockford[number % kCrockford.size()];
  return id;
}

std::optional<uint64_t> user_number(std::string_view id) {
  if (id.size() != kIdLength) return std::nullopt;
  uint64_t number = 0;
  for (const char c : id) {
    const size_t digit = kCrockford.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    number = number << kIdBits | digit;
  }
  return number == 0 ? std::nullopt : std::optional(number);
}

uint64_t fresh_user_number() {
  uint64_t number = 0;
  while (number == 0) {
    fill_random(std::as_writable_bytes(std::span(&number, 1)));
    number >>= 64 - kIdLength * kIdBits;
  }
  return number;
}

Month month_of(Timestamp at) {
  const std::chrono::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds(at.micros())};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(moment)};
  return static_cast<Month>(static_cast<int>(day.year())) * kMonthsAYear + static_cast<unsigned>(day.month()) - 1;
}

Timestamp begin_of(Month month) {
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(month / kMonthsAYear)),
                                        std::chrono::month(month % kMonthsAYear + 1), std::chrono::day(1)};
  const std::chrono::sys_time<std::chrono::microseconds> moment{std::chrono::sys_days(day)};
  return Timestamp::from_micros(moment.time_since_epoch().count());
}

std::string text_of_month(Month month) {
  constexpr size_t kYearAndMonth = 7;
  return format_rfc3339(begin_of(month)).substr(0, kYearAndMonth);
}

std::vector<std::byte> encode_user(const User& user) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  writer.integer(kUserFormat);
  writer.integer(static_cast<uint8_t>(user.plan));
  writer.integer(static_cast<uint8_t>(user.state));
  writer.integer(user.monthly_limit);
  writer.integer(user.created_at.micros());
  writer.integer(user.version);
  writer.raw(as_bytes(user.name));
  return out;
}

Result<User> decode_user(uint64_t number, Bytes stored) {
  ByteReader reader(stored);
  const bool is_known = reader.integer<uint8_t>() == kUserFormat;
  User user{.number = number};
  const auto plan = reader.integer<uint8_t>();
  const auto state = reader.integer<uint8_t>();
  user.monthly_limit = reader.integer<uint64_t>();
  user.created_at = Timestamp::from_micros(reader.integer<int64_t>());
  user.version = reader.integer<uint32_t>();
  user.name = as_text(reader.raw(reader.left()));
  if (!is_known || !reader.ok() || plan >= kPlanNames.size() || state >= kUserStateNames.size())
    return damaged("the user " + user_id(number));
  user.plan = static_cast<Plan>(plan);
  user.state = static_cast<UserState>(state);
  return user;
}

std::vector<std::byte> encode_user_key(const UserKey& key) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  writer.integer(kUserKeyFormat);
  writer.integer(key.user);
  writer.integer(key.created_at.micros());
  writer.raw(key.hash);
  writer.raw(as_bytes(key.name));
  return out;
}

Result<UserKey> decode_user_key(std::string_view id, Bytes stored) {
  ByteReader reader(stored);
  const bool is_known = reader.integer<uint8_t>() == kUserKeyFormat;
  UserKey key{.id = std::string(id)};
  key.user = reader.integer<uint64_t>();
  key.created_at = Timestamp::from_micros(reader.integer<int64_t>());
  const Bytes hash = reader.raw(key.hash.size());
  key.name = as_text(reader.raw(reader.left()));
  if (!is_known || !reader.ok()) return damaged("the key " + key.id + " of a user");
  std::ranges::copy(hash, key.hash.begin());
  return key;
}

}  // namespace doorbuster::links
