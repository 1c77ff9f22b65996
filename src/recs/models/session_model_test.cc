#include "recs/models/session_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/prng.h"
#include "recs/models/session_training.h"

namespace doorbuster::recs {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr size_t kItems = 60;

SessionModel unlearnt(SessionPrior prior = kUsualPrior) {
  SessionModel model{.options = {}, .embeddings = nullptr, .network = std::nullopt};
  model.options.prior = prior;
  return model;
}

void add(SessionIndex& index, uint32_t time, const std::vector<ItemNumber>& items) {
  const SessionNumber session = index.start(time);
  for (const ItemNumber item : items) ASSERT_TRUE(index.add(session, item));
}

std::vector<ItemNumber> items_for(const SessionIndex& index, const SessionModel& model,
                                  const std::vector<ItemNumber>& session, const ItemFilter& filter = {}) {
  SessionRecommender recommender;
  std::vector<ItemNumber> items;
  for (const SessionRecommendation& shown : recommender.recommend(index, model, session, 20, filter))
    items.push_back(shown.item);
  return items;
}

// A ring of items, each of which is followed by the next, or at times by any.
TimedSessions ring_sessions(size_t count, uint64_t seed) {
  TimedSessions sessions;
  Prng prng(seed);
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t item = prng.below(kItems);
    for (uint64_t left = 2 + prng.below(6); left > 0; --left) {
      sessions.sessions.items.push_back(static_cast<ItemNumber>(item));
      item = prng.chance(8) ? prng.below(kItems) : (item + 1) % kItems;
    }
    sessions.sessions.end_list();
    sessions.times.push_back(i);
  }
  return sessions;
}

TEST(SessionModel, knows_a_click_at_once) {
  SessionIndex index({.items = kItems, .sessions = 10, .clicks = 100});
  EXPECT_THAT(items_for(index, unlearnt(only(SessionSource::kNext)), {1}), IsEmpty());
  const SessionNumber session = index.start(0);
  ASSERT_TRUE(index.add(session, 1));
  ASSERT_TRUE(index.add(session, 2));
  EXPECT_EQ(items_for(index, unlearnt(only(SessionSource::kNext)), {1}), std::vector<ItemNumber>{2});
}

TEST(SessionModel, leads_from_the_camera_to_the_card_and_not_back) {
  SessionIndex index({.items = kItems, .sessions = 100, .clicks = 1'000});
  for (uint32_t i = 0; i < 20; ++i) add(index, i, {1, 2});
  EXPECT_EQ(items_for(index, unlearnt(only(SessionSource::kNext)), {1}), std::vector<ItemNumber>{2});
  EXPECT_THAT(items_for(index, unlearnt(only(SessionSource::kNext)), {2}), IsEmpty());
  EXPECT_EQ(items_for(index, unlearnt(only(SessionSource::kBefore)), {2}), std::vector<ItemNumber>{1});
}

TEST(SessionModel, finds_what_comes_behind_that_in_a_second_hop) {
  SessionIndex index({.items = kItems, .sessions = 100, .clicks = 1'000});
  add(index, 0, {1, 2});
  add(index, 1, {2, 3});
  EXPECT_THAT(items_for(index, unlearnt(only(SessionSource::kNext)), {1}), Not(Contains(3)));
  EXPECT_THAT(items_for(index, unlearnt(only(SessionSource::kSecondHop)), {1}), Contains(3));
}

TEST(SessionModel, recommends_only_what_passes_the_filter) {
  SessionIndex index({.items = kItems, .sessions = 100, .clicks = 1'000});
  for (uint32_t i = 0; i < 40; ++i) add(index, i, {1, 2 + i});
  const auto is_even = [](ItemNumber item) { return item % 2 == 0; };
  const std::vector<ItemNumber> items = items_for(index, unlearnt(), {1}, is_even);
  EXPECT_EQ(items.size(), 20U);
  EXPECT_TRUE(std::ranges::all_of(items, is_even));
}

TEST(SessionModel, answers_for_items_that_nobody_has_seen) {
  const SessionIndex index({.items = kItems, .sessions = 10, .clicks = 100});
  EXPECT_EQ(items_for(index, unlearnt(), {7, 9}), (std::vector<ItemNumber>{9, 7})) << "the session's own";
}

// Whatever is asked: after sessions were forgotten the answers are those of an index that never saw them.
TEST(SessionModel, answers_after_forgetting_as_if_the_session_had_never_been) {
  const TimedSessions sessions = ring_sessions(1'500, 1);
  const TrainedSessions trained =
      train_sessions(sessions, {.items = kItems, .threads = 1, .embedding_epochs = 2, .ranking_epochs = 2});
  ASSERT_TRUE(trained.model.network.has_value());
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Prng prng(seed);
    SessionIndex index(limits_for(sessions, kItems)), untouched(limits_for(sessions, kItems));
    std::vector<SessionNumber> leaving;
    const size_t last = sessions.sessions.size() - 1;
    for (size_t i = 0; i <= last; ++i) {
      const bool stays = i == last || prng.below(4) > 0;
      const SessionNumber session = index.start(sessions.times[i]);
      const SessionNumber counterpart = untouched.start(sessions.times[i]);
      for (const ItemNumber item : sessions.sessions[i]) {
        ASSERT_TRUE(index.add(session, item));
        if (stays) {
          ASSERT_TRUE(untouched.add(counterpart, item));
        }
      }
      if (!stays) leaving.push_back(session);
    }
    for (const SessionNumber session : leaving) index.forget(session);
    SessionRecommender one, other;
    for (int i = 0; i < 50; ++i) {
      std::vector<ItemNumber> session(1 + prng.below(5));
      for (ItemNumber& item : session) item = static_cast<ItemNumber>(prng.below(kItems));
      const auto ours = one.recommend(index, trained.model, session, 20);
      const auto theirs = other.recommend(untouched, trained.model, session, 20);
      ASSERT_TRUE(std::ranges::equal(
          ours, theirs,
          [](const auto& a, const auto& b) { return a.item == b.item && a.score == b.score && a.source == b.source; }))
          << "seed " << seed;
    }
  }
}

TEST(SessionModel, works_no_longer_for_an_item_that_is_in_every_session) {
  SessionIndex index({.items = 100'000, .sessions = 100'000, .clicks = 300'000});
  for (uint32_t i = 0; i < 100'000; ++i) add(index, i, {0, 1 + i % 99'999});
  const SessionModel model = unlearnt();
  SessionRecommender recommender;
  EXPECT_EQ(recommender.recommend(index, model, std::vector<ItemNumber>{0}, 20).size(), 20U);
  const SessionWalkOptions& walk = model.options.walk;
  EXPECT_LE(recommender.work().sessions, walk.sessions_of_last + walk.hops * walk.sessions_of_hop);
  std::vector<ItemNumber> long_session(1'000'000, 0);
  for (size_t i = 0; i < long_session.size(); ++i) long_session[i] = static_cast<ItemNumber>(i % 100'000);
  EXPECT_FALSE(recommender.recommend(index, model, long_session, 20).empty());
  EXPECT_LE(recommender.work().sessions,
            walk.sessions_of_last + walk.items * walk.sessions_of_earlier + walk.hops * walk.sessions_of_hop);
}

TEST(SessionTraining, is_the_same_whatever_the_number_of_threads) {
  const TimedSessions sessions = ring_sessions(1'200, 2);
  const TrainedSessions one =
      train_sessions(sessions, {.items = kItems, .threads = 1, .embedding_epochs = 2, .ranking_epochs = 2});
  const TrainedSessions four =
      train_sessions(sessions, {.items = kItems, .threads = 4, .embedding_epochs = 2, .ranking_epochs = 2});
  EXPECT_EQ(one.chosen, four.chosen);
  SessionIndex index(limits_for(sessions, kItems));
  add_sessions(index, sessions, {.begin = 0, .end = sessions.sessions.size()});
  SessionRecommender first, second;
  for (ItemNumber item = 0; item < kItems; ++item) {
    const auto ours = first.recommend(index, one.model, std::vector<ItemNumber>{item}, 20);
    const auto theirs = second.recommend(index, four.model, std::vector<ItemNumber>{item}, 20);
    ASSERT_TRUE(std::ranges::equal(
        ours, theirs, [](const auto& a, const auto& b) { return a.item == b.item && a.score == b.score; }));
  }
}

TEST(SessionTraining, learns_more_than_the_best_source_alone_and_keeps_to_the_budget) {
  const TimedSessions sessions = ring_sessions(2'000, 3);
  const TrainedSessions trained =
      train_sessions(sessions, {.items = kItems, .threads = 2, .embedding_epochs = 2, .ranking_epochs = 4});
  const SessionVariantResult& best = trained.tried[trained.chosen];
  EXPECT_TRUE(best.variant.is_learnt);
  for (const SessionVariantResult& result : trained.tried)
    EXPECT_GE(best.hit_rate + 2 * best.mrr, result.hit_rate + 2 * result.mrr);
  EXPECT_GT(best.mrr, 0.6) << "the next of the ring comes seven times of eight";
  const double middle = best.us_by_work * 0.7;
  const TrainedSessions cheaper = train_sessions(sessions, {.items = kItems,
                                                            .budget_us = static_cast<uint32_t>(middle),
                                                            .threads = 2,
                                                            .embedding_epochs = 2,
                                                            .ranking_epochs = 2});
  EXPECT_LE(cheaper.tried[cheaper.chosen].us_by_work, best.us_by_work);
}

TEST(SessionTraining, needs_no_more_than_one_session) {
  const TimedSessions sessions = ring_sessions(1, 4);
  const TrainedSessions trained = train_sessions(sessions, {.items = kItems});
  EXPECT_FALSE(trained.model.network.has_value());
  SessionIndex index(limits_for(sessions, kItems));
  add_sessions(index, sessions, {.begin = 0, .end = 1});
  SessionRecommender recommender;
  EXPECT_FALSE(recommender.recommend(index, trained.model, std::vector<ItemNumber>{0}, 20).empty());
}

TEST(ItemEmbeddings, see_that_items_of_one_kind_belong_together) {
  TimedSessions sessions;
  Prng prng(1);
  for (uint32_t i = 0; i < 2'000; ++i) {
    const uint64_t kind = prng.below(4);
    for (int click = 0; click < 4; ++click)
      sessions.sessions.items.push_back(static_cast<ItemNumber>(kind * 10 + prng.below(10)));
    sessions.sessions.end_list();
    sessions.times.push_back(i);
  }
  const ItemEmbeddings embeddings = train_embeddings(sessions, {.begin = 0, .end = 2'000}, 50, {.epochs = 4});
  std::vector<float> direction(ItemEmbeddings::kDimensions);
  embeddings.session_vector(std::vector<ItemNumber>{1, 2}, direction);
  EXPECT_GT(embeddings.cosine(direction, 7), embeddings.cosine(direction, 17) + 0.3F);
  EXPECT_EQ(embeddings.cosine(direction, 45), 0) << "an item that was in no session";
  EXPECT_EQ(embeddings.cosine(direction, 5'000), 0) << "an item that is newer than the vectors";
}

}  // namespace
}  // namespace doorbuster::recs
