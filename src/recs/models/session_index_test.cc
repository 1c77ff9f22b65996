#include "recs/models/session_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::vector<SessionNumber> newest(const SessionIndex& index, ItemNumber item, size_t count = 1'000) {
  std::vector<SessionNumber> sessions(count);
  sessions.resize(index.newest_sessions_of(item, sessions));
  return sessions;
}

SessionNumber add_session(SessionIndex& index, uint32_t time, const std::vector<ItemNumber>& items) {
  const SessionNumber session = index.start(time);
  for (const ItemNumber item : items) EXPECT_TRUE(index.add(session, item));
  return session;
}

TEST(SessionIndex, knows_the_newest_sessions_of_an_item_first) {
  SessionIndex index({.items = 100, .sessions = 1'000, .clicks = 10'000});
  for (uint32_t i = 0; i < 500; ++i) add_session(index, i, {7, i % 2, 7});
  EXPECT_THAT(newest(index, 7, 3), ElementsAre(499, 498, 497));
  EXPECT_EQ(newest(index, 7).size(), 500U) << "twice in a session is one session";
  EXPECT_EQ(newest(index, 0).back(), 0U);
  EXPECT_EQ(index.sessions_of(1), 250U);
  EXPECT_THAT(newest(index, 99), IsEmpty());
  EXPECT_THAT(index.clicks_of(498), ElementsAre(7, 0, 7));
  EXPECT_EQ(index.time_of(498), 498U);
}

TEST(SessionIndex, takes_clicks_of_many_open_sessions_by_turns) {
  SessionIndex index({.items = 100, .sessions = 10, .clicks = 1'000});
  for (int i = 0; i < 10; ++i) index.start(1);
  for (ItemNumber item = 0; item < 40; ++item)
    for (SessionNumber session = 0; session < 10; ++session) ASSERT_TRUE(index.add(session, item));
  for (SessionNumber session = 0; session < 10; ++session) {
    ASSERT_EQ(index.clicks_of(session).size(), 40U);
    EXPECT_EQ(index.clicks_of(session)[39], 39U);
  }
}

TEST(SessionIndex, learns_no_more_from_a_session_with_a_million_clicks_than_from_its_first_64) {
  SessionIndex index({.items = 1'000, .sessions = 10, .clicks = 1'000});
  const SessionNumber session = index.start(0);
  for (uint32_t i = 0; i < 1'000'000; ++i) ASSERT_TRUE(index.add(session, i % 1'000));
  EXPECT_EQ(index.clicks(), kSessionClicksMax);
  EXPECT_EQ(index.sessions_of(63), 1U);
  EXPECT_EQ(index.sessions_of(64), 0U);
}

TEST(SessionIndex, says_that_it_is_full_and_changes_nothing) {
  SessionIndex index({.items = 10, .sessions = 3, .clicks = 4});
  add_session(index, 0, {1, 2, 3, 4});
  const SessionNumber session = index.start(0);
  EXPECT_FALSE(index.add(session, 1));
  EXPECT_THAT(newest(index, 1), ElementsAre(0));
  EXPECT_THAT(index.clicks_of(session), IsEmpty());
  index.forget_oldest();
  EXPECT_TRUE(index.add(session, 1));
  EXPECT_THAT(newest(index, 1), ElementsAre(session));
}

TEST(SessionIndex, goes_on_for_ever_by_forgetting_the_oldest) {
  SessionIndex index({.items = 50, .sessions = 100, .clicks = 600});
  Prng prng(1);
  for (uint32_t i = 0; i < 20'000; ++i) {
    if (index.sessions_full()) index.forget_oldest();
    const SessionNumber session = index.start(i);
    for (uint64_t clicks = 1 + prng.below(10); clicks > 0; --clicks) {
      while (!index.add(session, static_cast<ItemNumber>(prng.below(50)))) index.forget_oldest();
    }
  }
  EXPECT_LE(index.clicks(), 600U);
  EXPECT_LT(index.bytes(), 600U * 40) << "blocks that were freed are used again";
}

// What is kept after sessions were forgotten, whenever that was, is what an index keeps that never saw them.
TEST(SessionIndex, forgets_a_session_as_if_it_had_never_been) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Prng prng(seed);
    const SessionIndexLimits limits{.items = 40, .sessions = 2'000, .clicks = 20'000};
    SessionIndex index(limits), untouched(limits);
    std::map<SessionNumber, SessionNumber> counterpart;  // of a session that stays, in the index that saw no others
    std::deque<SessionNumber> leaving;
    for (uint32_t i = 0; i < 400; ++i) {
      const SessionNumber session = index.start(i);
      const bool stays = prng.below(3) > 0;
      if (stays)
        counterpart[session] = untouched.start(i);
      else
        leaving.push_back(session);
      for (uint64_t clicks = prng.below(12); clicks > 0; --clicks) {
        const auto item = static_cast<ItemNumber>(prng.below(1 + prng.below(40)));
        ASSERT_TRUE(index.add(session, item));
        if (stays) {
          ASSERT_TRUE(untouched.add(counterpart[session], item));
        }
      }
      while (leaving.size() > prng.below(50)) {
        index.forget(leaving.front());
        leaving.pop_front();
      }
    }
    for (const SessionNumber session : leaving) index.forget(session);
    ASSERT_EQ(index.clicks(), untouched.clicks());
    for (ItemNumber item = 0; item < 40; ++item) {
      std::vector<SessionNumber> sessions = newest(index, item);
      for (SessionNumber& session : sessions) {
        ASSERT_THAT(index.clicks_of(session), ElementsAreArray(untouched.clicks_of(counterpart.at(session))));
        session = counterpart.at(session);
      }
      ASSERT_EQ(sessions, newest(untouched, item)) << "item " << item << ", seed " << seed;
    }
  }
}

TEST(SessionIndex, has_room_for_one_item_in_every_session) {
  SessionIndex index({.items = 10, .sessions = 300'000, .clicks = 300'000});
  for (uint32_t i = 0; i < 300'000; ++i) add_session(index, i, {3});
  EXPECT_EQ(index.sessions_of(3), 300'000U);
  index.forget(0);
  index.forget(150'000);
  EXPECT_EQ(index.sessions_of(3), 299'998U);
  EXPECT_EQ(newest(index, 3, 300'000).back(), 1U);
}

// Whatever came and went, in whatever order: it is as one that was filled with what is left.
TEST(SessionIndex, is_a_function_of_the_sessions_that_were_put_into_it) {
  constexpr SessionIndexLimits kLimits{.items = 30, .sessions = 400, .clicks = 10'000};
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Prng random(seed);
    SessionIndex index(kLimits);
    struct Put {
      uint32_t time = 0;
      std::vector<ItemNumber> clicks;
    };
    std::map<SessionNumber, Put> sessions;
    for (int step = 0; step < 4'000; ++step) {
      const auto number = static_cast<SessionNumber>(random.below(400));
      Put& session = sessions[number];
      if (random.chance(10)) {
        session = {};
      } else if (random.chance(5) && !session.clicks.empty()) {
        session.clicks.erase(session.clicks.begin());
        session.time += session.clicks.empty() ? 0 : 1;
      } else if (session.clicks.size() < kSessionClicksMax) {
        if (session.clicks.empty()) session.time = static_cast<uint32_t>(random.below(1'000));
        session.clicks.push_back(static_cast<ItemNumber>(random.chance(2) ? random.below(3) : random.below(30)));
      }
      ASSERT_TRUE(index.put(number, session.clicks.empty() ? 0 : session.time, session.clicks));
    }
    SessionIndex again(kLimits);
    for (const auto& [number, session] : sessions)
      ASSERT_TRUE(again.put(number, session.clicks.empty() ? 0 : session.time, session.clicks));
    EXPECT_TRUE(index.same_as(again)) << "seed " << seed;
    EXPECT_GT(index.sessions_of(0), 50U) << "several blocks";
    const auto newest_of_0 = newest(index, 0);
    for (size_t i = 1; i < newest_of_0.size(); ++i)
      ASSERT_GE(index.time_of(newest_of_0[i - 1]), index.time_of(newest_of_0[i]));
    ASSERT_TRUE(again.put(newest_of_0[0], 2'000, std::vector<ItemNumber>{0}));
    EXPECT_FALSE(index.same_as(again));
  }
}

TEST(SessionIndex, keeps_nothing_of_a_session_for_which_there_is_no_room) {
  SessionIndex index({.items = 10, .sessions = 4, .clicks = 5});
  ASSERT_TRUE(index.put(0, 1, std::vector<ItemNumber>{1, 2, 3}));
  EXPECT_FALSE(index.put(1, 2, std::vector<ItemNumber>{1, 2, 3}));
  EXPECT_FALSE(index.put(4, 2, std::vector<ItemNumber>{1}));
  EXPECT_FALSE(index.put(2, 2, std::vector<ItemNumber>{10}));
  EXPECT_THAT(newest(index, 1), ElementsAre(0));
  EXPECT_EQ(index.clicks(), 3U);
  ASSERT_TRUE(index.put(1, 2, std::vector<ItemNumber>{1, 2}));
  EXPECT_THAT(newest(index, 1), ElementsAre(1, 0));
}

}  // namespace
}  // namespace doorbuster::recs
