#include "recs/models/ials.h"

#include <gtest/gtest.h>

#include "recs/models/dense_test_helpers.h"

namespace doorbuster::recs {
namespace {

LinearAlgebra blas() { return *LinearAlgebra::load(); }

// (unobserved * V^T V + sum of v v^T of the list + regularization)^-1 * sum of v of the list.
std::vector<double> naive_factor(const TurnedFactors& fixed, const std::vector<ItemNumber>& list, double unobserved,
                                 double regularization) {
  const size_t n = fixed.dimensions;
  Dense system(n, std::vector<double>(n, 0));
  std::vector<double> right(n, 0), solved(n, 0);
  const auto add = [&](std::span<const float> row, double weight) {
    for (size_t a = 0; a < n; ++a) {
      for (size_t b = 0; b < n; ++b) system[a][b] += weight * static_cast<double>(row[a]) * static_cast<double>(row[b]);
    }
  };
  for (size_t i = 0; i < fixed.count(); ++i) add(fixed.row(i), unobserved);
  for (const ItemNumber item : list) {
    add(fixed.row(item), 1);
    for (size_t a = 0; a < n; ++a) right[a] += static_cast<double>(fixed.row(item)[a]);
  }
  for (size_t a = 0; a < n; ++a) system[a][a] += regularization;
  const Dense inverse = naive_inverse(system);
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = 0; b < n; ++b) solved[a] += inverse[a][b] * right[b];
  }
  return solved;
}

TEST(IalsTest, a_vector_equals_a_dense_solve_whether_its_list_is_shorter_than_the_dimensions_or_longer) {
  Prng random(3);
  std::vector<float> rows(30 * 8);
  for (float& value : rows) value = static_cast<float>(random.below(2'000)) / 1'000 - 1;
  const TurnedFactors fixed = *turned(rows, 8, blas());
  for (const size_t length : {size_t{1}, size_t{3}, size_t{8}, size_t{20}}) {
    std::vector<ItemNumber> list;
    for (ItemNumber i = 0; i < length; ++i) list.push_back(i + 5);
    std::vector<float> solved(8);
    ASSERT_TRUE(solve_factor(fixed, list, 0.2F, 0.7F, blas(), solved));
    const std::vector<double> naive = naive_factor(fixed, list, 0.2F, 0.7F);
    for (size_t d = 0; d < 8; ++d) EXPECT_NEAR(static_cast<double>(solved[d]), naive[d], 1e-4) << length;
  }
}

TEST(IalsTest, turning_changes_no_product) {
  Prng random(4);
  std::vector<float> rows(20 * 6);
  for (float& value : rows) value = static_cast<float>(random.below(2'000)) / 1'000 - 1;
  const TurnedFactors factors = *turned(rows, 6, blas());
  for (size_t a = 0; a < 20; ++a) {
    for (size_t b = 0; b < 20; ++b) {
      double before = 0, after = 0;
      for (size_t d = 0; d < 6; ++d) {
        before += static_cast<double>(rows[a * 6 + d]) * static_cast<double>(rows[b * 6 + d]);
        after += static_cast<double>(factors.row(a)[d]) * static_cast<double>(factors.row(b)[d]);
      }
      EXPECT_NEAR(before, after, 1e-5);
    }
  }
}

TEST(IalsTest, fold_in_gives_a_user_the_vector_that_training_would) {
  const Interactions users = users_with_tastes(80, 24, 5);
  const IalsOptions options{.dimensions = 8, .iterations = 4, .unobserved = 0.1F, .l2 = 0.01F};
  const auto model = Ials::train(users, options, blas(), 2);
  ASSERT_TRUE(model.has_value());
  for (size_t user = 0; user < 5; ++user) {
    const std::vector<ItemNumber> list(users[user].begin(), users[user].end());
    const double regularization = 0.01 * (static_cast<double>(list.size()) + 0.1 * 24);
    const std::vector<double> trained = naive_factor(model->items(), list, 0.1F, regularization);
    const std::vector<float> folded = model->fold_in(list);
    for (size_t d = 0; d < 8; ++d) EXPECT_NEAR(static_cast<double>(folded[d]), trained[d], 1e-3);
  }
  EXPECT_TRUE(model->fold_in({}).empty());
}

TEST(IalsTest, items_of_a_users_kind_score_more_than_others) {
  const Interactions users = users_with_tastes(200, 24, 6);
  const auto model = Ials::train(users, {.dimensions = 8, .iterations = 8}, blas(), 2);
  std::vector<float> scores(24, 0.0F);
  model->score(model->fold_in(std::vector<ItemNumber>{0, 4, 8}), scores);
  EXPECT_GT(scores[12], scores[13]);
  EXPECT_GT(scores[16], scores[18]);
}

TEST(IalsTest, however_many_threads_train_the_same_numbers_come_out) {
  const Interactions users = users_with_tastes(300, 40, 7);
  const IalsOptions options{.dimensions = 16, .iterations = 3};
  const auto one = Ials::train(users, options, blas(), 1), three = Ials::train(users, options, blas(), 3);
  EXPECT_EQ(one->items().rows, three->items().rows);
}

}  // namespace
}  // namespace doorbuster::recs
