#include "recs/models/ranking_network.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kInputs = 5, kCandidates = 16;

float uniform(Prng& prng) { return static_cast<float>(prng.below(2'001)) / 1'000 - 1; }

// What is chosen is the candidate whose first feature is nearest to its second: no sum of the two tells.
RankingLists nearest_lists(size_t count, uint64_t seed) {
  RankingLists lists(kInputs, kCandidates);
  Prng prng(seed);
  for (size_t i = 0; i < count; ++i) {
    const std::span<float> features = lists.add(kCandidates - 3);
    for (float& feature : features) feature = uniform(prng);
    size_t best = 0;
    const auto distance = [&](size_t c) { return std::abs(features[c] - features[kCandidates + c]); };
    for (size_t c = 1; c < kCandidates - 3; ++c) best = distance(c) < distance(best) ? c : best;
    for (size_t f = 0; f < kInputs; ++f) std::swap(features[f * kCandidates], features[f * kCandidates + best]);
  }
  return lists;
}

double share_right(const RankingNetwork& network, const RankingLists& lists) {
  size_t right = 0;
  std::vector<float> scores(kCandidates);
  for (size_t i = 0; i < lists.size(); ++i) {
    network.score(lists[i], kCandidates, scores);
    right += std::max_element(scores.begin(), scores.begin() + kCandidates - 3) == scores.begin() ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(lists.size());
}

TEST(RankingNetwork, learns_what_no_weighted_sum_of_features_tells) {
  RankingNetwork network(kInputs, 1);
  const RankingLists test = nearest_lists(1'000, 2);
  EXPECT_LT(share_right(network, test), 0.2);
  train_ranking(network, nearest_lists(6'000, 1), {.epochs = 10});
  EXPECT_GT(share_right(network, test), 0.7);
}

TEST(RankingNetwork, is_the_same_to_the_last_digit_when_learnt_again) {
  const RankingLists lists = nearest_lists(500, 3);
  RankingNetwork first(kInputs, 1), second(kInputs, 1);
  EXPECT_EQ(train_ranking(first, lists, {.epochs = 2}), train_ranking(second, lists, {.epochs = 2}));
  std::vector<float> ours(kCandidates), theirs(kCandidates);
  first.score(lists[7], kCandidates, ours);
  second.score(lists[7], kCandidates, theirs);
  EXPECT_EQ(ours, theirs);
}

TEST(RankingNetwork, scores_a_candidate_alike_beside_any_others) {
  const RankingNetwork network(kInputs, 1);
  const RankingLists lists = nearest_lists(1, 3);
  std::vector<float> alone(kInputs * 8), scores(kCandidates), one(8);
  for (size_t f = 0; f < kInputs; ++f) alone[f * 8 + 3] = lists[0][f * kCandidates + 9];
  network.score(lists[0], kCandidates, scores);
  network.score(alone, 8, one);
  EXPECT_EQ(one[3], scores[9]);
}

}  // namespace
}  // namespace doorbuster::recs
