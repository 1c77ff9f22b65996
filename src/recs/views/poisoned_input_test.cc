// What somebody can do to others' answers, and to memory, who sends whatever they like: each test says the bound.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/prng.h"
#include "recs/views/recommender.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kNowOfPoison = Timestamp::from_micros(1'795'773'600'000'000);
constexpr size_t kKept = 100;  // recs.history
// With sanitizers a tenth says the same.
#ifdef NDEBUG
constexpr uint32_t kEventsOfOne = 1'000'000;
#else
constexpr uint32_t kEventsOfOne = 100'000;
#endif
// What one visitor's history can add to how popular things are: all of it purchases.
constexpr uint64_t kPopularityOfOneMax = kKept * 10;

NameHash poison_hash(uint64_t number) { return {.high = mixed64(number), .low = mixed64(number ^ 0xABCD)}; }

class PoisonedInput : public ::testing::Test {
 protected:
  void name_items(uint32_t count) {
    while (tables.catalogue().size() < count) {
      const auto item = static_cast<uint32_t>(tables.catalogue().size());
      const std::string name = "i" + std::to_string(item);
      tables.note(ItemNamed{.item = item, .hash = poison_hash(item), .name = name}, kNowOfPoison);
    }
  }
  void name(VisitorKind kind, uint32_t visitor) {
    const NameHash hash = poison_hash(1'000'000 + 2 * visitor + static_cast<uint32_t>(kind));
    tables.note(VisitorNamed{.kind = kind, .visitor = visitor, .hash = hash}, kNowOfPoison);
  }
  void user_did(uint32_t user, EventKind kind, uint32_t item, Timestamp at = kNowOfPoison) {
    tables.note(Interaction{.kind = kind, .item = item, .user = user, .at = at}, kNowOfPoison);
  }
  void session_did(uint32_t session, EventKind kind, uint32_t item, Timestamp at = kNowOfPoison) {
    tables.note(Interaction{.kind = kind, .item = item, .session = session, .at = at}, kNowOfPoison);
  }
  [[nodiscard]] std::vector<uint32_t> beside(uint32_t item, size_t n, bool bought = true) const {
    const Question question{.n = n};
    std::vector<uint32_t> items;
    for (const Recommended& one : bought ? also_bought(tables, item, question) : also_viewed(tables, item, question))
      items.push_back(one.item);
    return items;
  }
  [[nodiscard]] uint64_t bytes() const {
    uint64_t all = 0;
    for (const uint64_t of_table : tables.usage().bytes) all += of_table;
    return all;
  }

  RecsTables tables{kKept};
};

// A million events of one user are as many as are kept of anybody, and one basket: what others bought together stays
// what goes together.
TEST_F(PoisonedInput, a_million_events_of_one_user_are_one_history) {
  constexpr uint32_t kItems = 50;
  name_items(kItems);
  for (uint32_t user = 0; user < 12; ++user) name(VisitorKind::kUser, user);
  for (uint32_t user = 1; user < 12; ++user) {
    for (const uint32_t item : {1U, 2U}) user_did(user, EventKind::kPurchase, item);
  }
  const uint64_t popularity = tables.catalogue().popularity_of(3);
  uint64_t most = 0;
  for (uint32_t number = 0; number < kEventsOfOne; ++number) {
    user_did(0, EventKind::kPurchase, number % 2 == 0 ? 3 : 1 + number % (kItems - 1),
             kNowOfPoison + Duration::millis(number));
    if (number == 10'000) most = bytes();
  }
  const RecsTables::Usage usage = tables.usage();
  EXPECT_EQ(usage.interactions, kKept + 22);
  EXPECT_LE(tables.catalogue().popularity_of(3) - popularity, kPopularityOfOneMax);
  EXPECT_EQ(tables.catalogue()[3].bought_by, 1);
  EXPECT_LE(bytes(), 2 * most) << "memory after a million events, and after ten thousand";
  EXPECT_LE(usage.members[0], PairCounts::kMembersMax + 22);
  EXPECT_EQ(beside(1, 1), std::vector<uint32_t>{2}) << "eleven bought them together";
}

// An item that is in every session is in the rows of all others, and its own row has an end; what two other items have
// in common is worth more than it.
TEST_F(PoisonedInput, an_item_in_every_session_does_not_stand_before_what_goes_together) {
  constexpr uint32_t kSessions = 3'000;
  constexpr uint32_t kHub = 0;
  name_items(2 + kSessions);
  for (uint32_t session = 0; session < kSessions; ++session) {
    name(VisitorKind::kSession, session);
    session_did(session, EventKind::kView, kHub);
    session_did(session, EventKind::kView, 2 + session);
  }
  for (uint32_t session = 0; session < 5; ++session) {
    session_did(session, EventKind::kView, 10);
    session_did(session, EventKind::kView, 11);
  }
  EXPECT_EQ(beside(10, 1, false), std::vector<uint32_t>{11});
  const size_t row = tables.pairs(PairKind::kViewed).row_size(kHub);
  EXPECT_GT(row, 100);
  EXPECT_LE(row, CoOccurrenceOptions().baskets_a_row + 10);
}

// Thousands of sessions that look at two things say nothing of what is bought together, and can be as loud as the
// baskets that a row counts.
TEST_F(PoisonedInput, sessions_of_bots_do_not_change_what_is_bought_together) {
  name_items(4);
  for (uint32_t user = 0; user < 5; ++user) {
    name(VisitorKind::kUser, user);
    for (const uint32_t item : {1U, 2U}) user_did(user, EventKind::kPurchase, item);
  }
  const auto bought_before = beside(1, 3);
  const uint64_t weight_before = tables.pairs(PairKind::kBought).weight(1, 2);
  uint64_t once = 0;
  for (uint32_t session = 0; session < 5'000; ++session) {
    name(VisitorKind::kSession, session);
    for (const uint32_t item : {1U, 3U}) session_did(session, EventKind::kView, item);
    if (session == 0) once = tables.pairs(PairKind::kViewed).weight(1, 3);
  }
  EXPECT_EQ(beside(1, 1), std::vector<uint32_t>{bought_before.front()});
  EXPECT_EQ(tables.pairs(PairKind::kBought).weight(1, 2), weight_before);
  EXPECT_EQ(tables.pairs(PairKind::kBought).weight(1, 3), 0);
  EXPECT_EQ(tables.catalogue()[3].bought_by, 0);
  EXPECT_GT(once, 0);
  EXPECT_LE(tables.pairs(PairKind::kViewed).weight(1, 3), once * CoOccurrenceOptions().baskets_a_row);
}

TEST_F(PoisonedInput, vectors_that_are_none_are_refused_and_others_are_compared_with_their_like) {
  const auto with = [](const std::string& numbers) { return parse_content(R"({"vectors":{"v":[)" + numbers + "]}}"); };
  const auto repeated = [](const std::string& number, size_t times) {
    std::string all = number;
    while (--times > 0) all += "," + number;
    return all;
  };
  for (const std::string& none : {repeated("NaN", 8), repeated("null", 8), repeated("1e999", 8), repeated("1e31", 8),
                                  repeated("0", 8), repeated("1", 7), repeated("1", 1'025), repeated("\"1\"", 8)})
    EXPECT_FALSE(with(none)) << none.substr(0, 40);
  EXPECT_FALSE(
      parse_content(R"({"vectors":{"a":[)" + repeated("1", 1'000) + R"(],"b":[)" + repeated("1", 1'000) + "]}}"));

  // The largest and the smallest that there may be, and another number of dimensions.
  name_items(4);
  const std::array<std::string, 4> numbers = {repeated("1e30", 8), repeated("-1e30", 8), repeated("1e-38", 8),
                                              repeated("1", 16)};
  for (uint32_t item = 0; item < numbers.size(); ++item) {
    const std::string text = R"({"vectors":{"v":[)" + numbers[item] + "]}}";
    tables.note(ItemPut{.item = item, .content = as_bytes(text)}, kNowOfPoison);
    for (const Recommended& one : similar(tables, item, {.n = 10})) EXPECT_TRUE(std::isfinite(one.score));
  }
}

// The machine dates nothing after now. What is older than all says nothing of today, wherever it comes from.
TEST_F(PoisonedInput, events_of_long_ago_say_nothing_of_today) {
  name_items(5);
  for (uint32_t user = 0; user < 3; ++user) name(VisitorKind::kUser, user);
  for (const uint32_t item : {1U, 2U}) user_did(0, EventKind::kPurchase, item);
  const auto long_ago = {Timestamp::from_micros(INT64_MIN / 4), Timestamp::from_micros(-62'135'596'800'000'000),
                         Timestamp::from_micros(1)};
  for (const Timestamp at : long_ago) {
    for (uint32_t times = 0; times < 40; ++times) {
      user_did(1, EventKind::kPurchase, 1, at);
      user_did(1, EventKind::kPurchase, 3, at);
    }
  }
  EXPECT_EQ(tables.pairs(PairKind::kBought).weight(1, 3), 0);
  EXPECT_EQ(beside(1, 1), std::vector<uint32_t>{2});
  const auto trends = tables.recent().trending(Window::kWeek);
  for (const RecentCounts::Trend& trend : *trends) EXPECT_NE(trend.item, 3);
  EXPECT_EQ(tables.usage().interactions, 2 + kKept);
  // And they are forgotten as everything else.
  tables.note(VisitorForgotten{.kind = VisitorKind::kUser, .visitor = 1}, kNowOfPoison);
  EXPECT_EQ(tables.usage().interactions, 2);
  EXPECT_EQ(tables.catalogue()[3].bought_by, 0);
}

}  // namespace
}  // namespace doorbuster::recs
