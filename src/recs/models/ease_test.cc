#include "recs/models/ease.h"

#include <gtest/gtest.h>

#include "recs/models/dense_test_helpers.h"

namespace doorbuster::recs {
namespace {

LinearAlgebra algebra() { return *LinearAlgebra::load(); }

// As the papers write it, in double precision.
Dense naive_ease(const Interactions& users, const std::vector<float>& weights, const EaseOptions& options) {
  const size_t n = users.items();
  Dense gram(n, std::vector<double>(n, 0));
  for (size_t user = 0; user < users.users(); ++user) {
    const double weight = std::pow(static_cast<double>(users[user].size()), -static_cast<double>(options.user_power)) *
                          static_cast<double>(weights[user]);
    for (const ItemNumber a : users[user]) {
      for (const ItemNumber b : users[user]) gram[a][b] += weight;
    }
  }
  const auto dropout = static_cast<double>(options.dropout);
  for (size_t i = 0; i < n; ++i) gram[i][i] += dropout / (1 - dropout) * gram[i][i] + static_cast<double>(options.l2);
  Dense weights_of = naive_inverse(gram);
  const Dense inverse = weights_of;
  const std::vector<uint32_t> popularity = users.popularity();
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      const double correction = std::pow(1.0 + popularity[j], -static_cast<double>(options.column_power));
      weights_of[i][j] = i == j ? 0 : -inverse[i][j] / inverse[j][j] * correction;
    }
  }
  return weights_of;
}

TEST(EaseTest, equals_the_closed_form_worked_out_naively) {
  const Interactions users = users_with_tastes(40, 12, 1);
  std::vector<float> weights;
  for (size_t i = 0; i < users.users(); ++i) weights.push_back(0.5F + static_cast<float>(i % 3));
  for (const EaseOptions& options : {EaseOptions{.l2 = 2, .dropout = 0, .user_power = 0, .column_power = 0},
                                     EaseOptions{.l2 = 5, .dropout = 0.4F, .user_power = 0.5F, .column_power = 0.3F}}) {
    const auto model = Ease::train(users, weights, options, algebra());
    ASSERT_TRUE(model.has_value());
    const Dense naive = naive_ease(users, weights, options);
    for (ItemNumber i = 0; i < users.items(); ++i) {
      for (size_t j = 0; j < users.items(); ++j) {
        EXPECT_NEAR(static_cast<double>(model->row(i)[j]), naive[i][j], 1e-4) << i << " " << j;
      }
    }
  }
}

TEST(EaseTest, a_history_scores_the_sum_of_its_items_and_unknown_ones_nothing) {
  const Interactions users = users_with_tastes(40, 12, 2);
  const auto model = Ease::train(users, {}, {.l2 = 3}, algebra());
  std::vector<float> scores(12, 0.0F);
  for (const ItemNumber item : {ItemNumber{1}, ItemNumber{4}, ItemNumber{99}}) model->add_scores(item, 2, scores);
  for (size_t i = 0; i < 12; ++i) EXPECT_FLOAT_EQ(scores[i], 2 * model->row(1)[i] + 2 * model->row(4)[i]);
}

TEST(EaseTest, a_user_with_more_items_than_are_looked_at_counts_with_the_newest) {
  Interactions users, newest;
  std::vector<ItemNumber> list;
  for (ItemNumber item = 0; item < Ease::kHistoryMax + 200; ++item) list.push_back(item);
  users.add_user(list);
  newest.add_user(std::span(list).last(Ease::kHistoryMax));
  EXPECT_EQ(weighted_gram(users, {}, 0.5F), weighted_gram(newest, {}, 0.5F));
}

TEST(EaseTest, a_catalogue_that_is_too_large_is_refused) {
  Interactions users;
  users.add_user(std::vector<ItemNumber>{1, 2});
  users.at_least_items(Ease::kItemsMax + 1);
  EXPECT_EQ(Ease::train(users, {}, {}, algebra()).error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace doorbuster::recs
