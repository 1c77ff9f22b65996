// What every store of links promises of users: who they are, their keys, and how many links they may make.
#include <gtest/gtest.h>

#include <thread>

#include "links/store/store_twins.h"

namespace doorbuster::links {
namespace {

using Kind = UserChange::Kind;
using Outcome = UserChange::Outcome;

constexpr Month kMonth = 2026 * 12 + 10;

User user_of(uint64_t number, uint64_t limit = 3) {
  return {.number = number,
          .name = "shop " + std::to_string(number),
          .plan = Plan::kPro,
          .monthly_limit = limit,
          .created_at = Timestamp::from_micros(1'800'000'000'000'000)};
}

class UserContract : public StoreContract {
 protected:
  Outcome change(Kind kind, User user, UserKey key = {}) {
    UserChange change{.kind = kind, .user = std::move(user), .key = std::move(key)};
    EXPECT_TRUE(store_->change_user(change).has_value());
    return change.outcome;
  }
  Change claim(uint64_t owner, uint64_t number, Month month = kMonth) {
    Change one{.link = link_of(number, "c" + std::to_string(number)), .month = month};
    one.link.owner = owner;
    return one;
  }
  Change claimed(uint64_t owner, uint64_t number, Month month = kMonth) {
    Change one = claim(owner, number, month);
    EXPECT_TRUE(store_->change({&one, 1}).has_value());
    return one;
  }
};

TEST_P(UserContract, keeps_users_as_they_were_last_said_to_be) {
  User user = user_of(7);
  EXPECT_EQ(change(Kind::kMake, user), Outcome::kDone);
  EXPECT_EQ(change(Kind::kMake, user_of(7, 9)), Outcome::kTaken);
  EXPECT_EQ(store_->find_user(7).value(), user);
  user.state = UserState::kSuspended;
  user.version = 2;
  EXPECT_EQ(change(Kind::kReplace, user), Outcome::kDone);
  EXPECT_EQ(change(Kind::kReplace, user), Outcome::kOutdated) << "somebody was quicker";
  EXPECT_EQ(store_->find_user(7).value(), user);
  EXPECT_EQ(change(Kind::kReplace, user_of(8)), Outcome::kMissing);
  for (const uint64_t number : {9U, 3U, 300U}) change(Kind::kMake, user_of(number));
  const auto numbers = [&](uint64_t after, size_t limit) {
    std::vector<uint64_t> found;
    const auto users = store_->list_users(after, limit).value();
    for (const User& each : users) found.push_back(each.number);
    return found;
  };
  EXPECT_EQ(numbers(0, 10), (std::vector<uint64_t>{3, 7, 9, 300}));
  EXPECT_EQ(numbers(3, 2), (std::vector<uint64_t>{7, 9}));
  EXPECT_EQ(numbers(UINT64_MAX, 2), std::vector<uint64_t>());
}

TEST_P(UserContract, keeps_keys_and_no_more_of_them_than_there_may_be) {
  change(Kind::kMake, user_of(7));
  change(Kind::kMake, user_of(8));
  UserKey key{.id = "abc", .user = 7, .name = "office", .created_at = Timestamp::from_micros(5), .hash = {}};
  key.hash.fill(std::byte{9});
  EXPECT_EQ(change(Kind::kAddKey, user_of(6), key), Outcome::kMissing) << "there is no such user";
  EXPECT_EQ(change(Kind::kAddKey, user_of(7), key), Outcome::kDone);
  EXPECT_EQ(change(Kind::kAddKey, user_of(7), key), Outcome::kTaken);
  EXPECT_EQ(store_->find_user_key("abc").value(), key);
  EXPECT_EQ(store_->find_user_key("abd").value(), std::nullopt);
  EXPECT_EQ(store_->keys_of(7).value(), std::vector{key});
  EXPECT_EQ(store_->keys_of(8).value(), std::vector<UserKey>());
  EXPECT_EQ(change(Kind::kRemoveKey, user_of(8), key), Outcome::kMissing) << "it is another's";
  EXPECT_EQ(change(Kind::kRemoveKey, user_of(7), key), Outcome::kDone);
  EXPECT_EQ(store_->find_user_key("abc").value(), std::nullopt);
  EXPECT_EQ(store_->keys_of(7).value(), std::vector<UserKey>());
  for (size_t i = 0; i < kUserKeysMax; ++i)
    EXPECT_EQ(change(Kind::kAddKey, user_of(7), {.id = "k" + std::to_string(i), .user = 7}), Outcome::kDone);
  EXPECT_EQ(change(Kind::kAddKey, user_of(7), {.id = "more", .user = 7}), Outcome::kFull);
}

TEST_P(UserContract, counts_links_against_the_limit_of_the_month) {
  change(Kind::kMake, user_of(7));
  EXPECT_EQ(claimed(7, 1).outcome, Change::Outcome::kDone);
  Change taken = claim(7, 1);
  taken.link.number = 2;
  ASSERT_TRUE(store_->change({&taken, 1}).has_value());
  EXPECT_EQ(taken.outcome, Change::Outcome::kTaken);
  EXPECT_EQ(store_->used_in(7, kMonth).value(), 1U) << "what could not be made is not counted";
  std::vector<Change> many = {claim(7, 3), claim(7, 4), claim(7, 5), claim(0, 6)};
  ASSERT_TRUE(store_->change(many).has_value());
  EXPECT_EQ(many[1].outcome, Change::Outcome::kDone);
  EXPECT_EQ(many[1].allowance, (Allowance{.limit = 3, .used = 3}));
  EXPECT_EQ(many[2].outcome, Change::Outcome::kOverLimit);
  EXPECT_EQ(find("c5"), std::nullopt);
  EXPECT_EQ(many[3].outcome, Change::Outcome::kDone) << "an operator's has no limit";
  EXPECT_EQ(claimed(7, 8).outcome, Change::Outcome::kOverLimit);
  EXPECT_EQ(claimed(7, 9, kMonth + 1).outcome, Change::Outcome::kDone) << "a new month";
  EXPECT_EQ(store_->usage_of(7).value(),
            (std::vector<Usage>{{.month = kMonth, .links = 3}, {.month = kMonth + 1, .links = 1}}));
  User more = user_of(7, 4);
  more.version = 2;
  change(Kind::kReplace, more);
  EXPECT_EQ(claimed(7, 10).outcome, Change::Outcome::kDone);
  EXPECT_EQ(store_->allowance_of(7, kMonth).value(), (Allowance{.limit = 4, .used = 4}));
}

TEST_P(UserContract, counts_nothing_where_all_or_nothing_was_nothing) {
  change(Kind::kMake, user_of(7));
  std::vector<Change> many = {claim(7, 1), claim(7, 2), claim(7, 3), claim(7, 4)};
  Together together{.changes = many, .all_or_nothing = true};
  ASSERT_TRUE(store_->change_together(together).has_value());
  EXPECT_EQ(many[0].outcome, Change::Outcome::kLeftOut);
  EXPECT_EQ(many[3].outcome, Change::Outcome::kOverLimit);
  EXPECT_EQ(store_->used_in(7, kMonth).value(), 0U);
}

TEST_P(UserContract, makes_no_links_for_who_may_not) {
  EXPECT_EQ(claimed(7, 1).outcome, Change::Outcome::kNoOwner);
  User user = user_of(7);
  change(Kind::kMake, user);
  for (const UserState state : {UserState::kSuspended, UserState::kLeaving}) {
    user.state = state;
    ++user.version;
    change(Kind::kReplace, user);
    EXPECT_EQ(claimed(7, 1).outcome, Change::Outcome::kNoOwner);
  }
  EXPECT_EQ(change(Kind::kAddKey, user, {.id = "k", .user = 7}), Outcome::kMissing) << "they are leaving";
}

TEST_P(UserContract, lists_the_links_of_one_user) {
  change(Kind::kMake, user_of(7));
  change(Kind::kMake, user_of(8));
  for (uint64_t number = 1; number <= 3; ++number) claimed(7, number);
  claimed(8, 4);
  claimed(0, 5);
  const auto numbers = [&](uint64_t owner, const Place& before) {
    std::vector<uint64_t> found;
    const auto links = store_->list_of_owner(owner, before, 10).value();
    for (const Link& link : links) found.push_back(link.number);
    return found;
  };
  EXPECT_EQ(numbers(7, {}), (std::vector<uint64_t>{3, 2, 1}));
  EXPECT_EQ(numbers(7, place_of(link_of(3, ""))), (std::vector<uint64_t>{2, 1}));
  Change gone = claim(7, 2);
  gone.kind = Change::Kind::kErase;
  gone.link.version = 2;
  ASSERT_TRUE(store_->change({&gone, 1}).has_value());
  EXPECT_EQ(numbers(7, {}), (std::vector<uint64_t>{3, 1}));
  EXPECT_EQ(numbers(8, {}), std::vector<uint64_t>{4});
  EXPECT_EQ(store_->used_in(7, kMonth).value(), 3U) << "a link that is gone was made all the same";
}

TEST_P(UserContract, erases_all_of_a_user) {
  change(Kind::kMake, user_of(7));
  change(Kind::kMake, user_of(8));
  change(Kind::kAddKey, user_of(7), {.id = "a", .user = 7});
  change(Kind::kAddKey, user_of(8), {.id = "b", .user = 8});
  claimed(7, 1);
  claimed(8, 2);
  User leaving = user_of(7);
  EXPECT_EQ(change(Kind::kErase, leaving), Outcome::kOutdated);
  leaving.version = 2;
  EXPECT_EQ(change(Kind::kErase, leaving), Outcome::kDone);
  EXPECT_EQ(store_->find_user(7).value(), std::nullopt);
  EXPECT_EQ(store_->find_user_key("a").value(), std::nullopt);
  EXPECT_EQ(store_->usage_of(7).value(), std::vector<Usage>());
  EXPECT_TRUE(store_->find_user_key("b").value().has_value());
  EXPECT_EQ(store_->used_in(8, kMonth).value(), 1U);
}

TEST_P(UserContract, has_users_after_a_restart) {
  if (!GetParam().lasts) GTEST_SKIP();
  change(Kind::kMake, user_of(7));
  change(Kind::kAddKey, user_of(7), {.id = "a", .user = 7});
  claimed(7, 1);
  claimed(0, 2);
  reopen();
  EXPECT_EQ(store_->find_user(7).value(), user_of(7));
  EXPECT_TRUE(store_->find_user_key("a").value().has_value());
  EXPECT_EQ(claimed(7, 3).allowance, (Allowance{.limit = 3, .used = 2}));
  EXPECT_EQ(store_->size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(Twins, UserContract, ::testing::ValuesIn(twins()),
                         [](const auto& twin) { return twin.param.name; });

TEST(UserCodec, refuses_what_is_cut_off_or_of_a_later_version) {
  const auto user = encode_user(user_of(7));
  const auto key = encode_user_key({.id = "a", .user = 7});
  const size_t user_head = user.size() - user_of(7).name.size();
  for (size_t size = 0; size < user_head; ++size)
    EXPECT_FALSE(decode_user(7, Bytes(user).first(size)).has_value()) << size;
  for (size_t size = 0; size < key.size(); ++size)
    EXPECT_FALSE(decode_user_key("a", Bytes(key).first(size)).has_value()) << size;
  for (const size_t at : {0U, 1U, 2U}) {
    auto later = user;
    later[at] = std::byte{77};
    EXPECT_FALSE(decode_user(7, later).has_value()) << at;
  }
}

TEST(UserId, is_twelve_characters_and_back) {
  EXPECT_EQ(user_id(1), "000000000001");
  EXPECT_EQ(user_number("000000000001"), 1U);
  EXPECT_EQ(user_number("000000000000"), std::nullopt);
  EXPECT_EQ(user_number("00000000000i"), std::nullopt);
  EXPECT_EQ(user_number("0000000000001"), std::nullopt);
  for (int i = 0; i < 1'000; ++i) {
    const uint64_t number = fresh_user_number();
    EXPECT_EQ(user_number(user_id(number)), number);
  }
}

TEST(MonthOf, counts_in_utc) {
  const auto at = [](std::string_view text) { return month_of(parse_rfc3339(text).value()); };
  EXPECT_EQ(at("2026-11-30T23:59:59Z"), kMonth);
  EXPECT_EQ(at("2026-12-01T00:00:00Z"), kMonth + 1);
  EXPECT_EQ(at("2026-12-01T00:00:00+01:00"), kMonth);
  EXPECT_EQ(format_rfc3339(begin_of(kMonth + 2)), "2027-01-01T00:00:00.000Z");
  EXPECT_EQ(text_of_month(kMonth), "2026-11");
}

}  // namespace
}  // namespace doorbuster::links
