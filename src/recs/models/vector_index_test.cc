#include "recs/models/vector_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

using Vector = std::vector<float>;
using Vectors = std::map<ItemNumber, Vector>;

constexpr size_t kDimensions = 128;

float between(Prng& random, float least, float most) {
  return least + (most - least) * static_cast<float>(random.below(1'000'001)) / 1e6F;
}

// Near one of some places, as what a model makes of items of some kinds.
Vector some_vector(Prng& random, size_t dimensions) {
  Prng place(random.below(400));
  Vector vector;
  for (size_t d = 0; d < dimensions; ++d) vector.push_back(between(place, -1, 1) + between(random, -0.5F, 0.5F));
  return vector;
}

double cosine_by_hand(const Vector& a, const Vector& b) {
  double product = 0, of_a = 0, of_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    product += x * y;
    of_a += x * x;
    of_b += y * y;
  }
  return product / std::sqrt(of_a * of_b);
}

std::vector<ItemNumber> nearest_by_hand(const Vectors& vectors, const Vector& query, size_t n,
                                        const VectorIndex::Accept& accept) {
  std::vector<std::pair<double, ItemNumber>> all;
  for (const auto& [item, vector] : vectors) {
    if (accept(item)) all.emplace_back(-cosine_by_hand(vector, query), item);
  }
  std::ranges::sort(all);
  std::vector<ItemNumber> items;
  for (const auto& [score, item] : std::span(all).first(std::min(n, all.size()))) items.push_back(item);
  return items;
}

std::vector<ItemNumber> items_of(const std::vector<ScoredItem>& scored) {
  std::vector<ItemNumber> items;
  for (const ScoredItem& each : scored) items.push_back(each.item);
  return items;
}

bool accept_all(ItemNumber) { return true; }

double recall_of(const VectorIndex& index, const Vectors& vectors, Prng& random, const VectorIndex::Accept& accept) {
  constexpr size_t kQueries = 20, kNearest = 20;
  size_t hits = 0;
  for (size_t i = 0; i < kQueries; ++i) {
    const Vector query = some_vector(random, kDimensions);
    const auto right = nearest_by_hand(vectors, query, kNearest, accept);
    const auto found = index.near(query, kNearest, accept);
    EXPECT_EQ(found.size(), std::min(kNearest, right.size()));
    for (const ScoredItem& each : found) {
      EXPECT_TRUE(accept(each.item));
      EXPECT_NEAR(static_cast<double>(each.score), cosine_by_hand(vectors.at(each.item), query), 1e-4);
      hits += static_cast<size_t>(std::ranges::count(right, each.item));
    }
  }
  return static_cast<double>(hits) / static_cast<double>(kQueries * kNearest);
}

TEST(VectorIndex, finds_of_few_exactly_the_nearest_that_are_accepted) {
  Prng random(1);
  for (const size_t dimensions : {8U, 9U, 33U, 1'024U}) {
    VectorIndex index(dimensions);
    Vectors vectors;
    for (int step = 0; step < 300; ++step) {
      const auto item = static_cast<ItemNumber>(random.below(100));
      if (vectors.contains(item) && random.chance(3)) {
        index.remove(item);
        vectors.erase(item);
      } else {
        vectors[item] = some_vector(random, dimensions);
        index.put(item, vectors[item]);
      }
    }
    EXPECT_EQ(index.size(), vectors.size());
    const auto is_even = [](ItemNumber item) { return item % 2 == 0; };
    const Vector query = some_vector(random, dimensions);
    EXPECT_EQ(items_of(index.near(query, 7, is_even)), nearest_by_hand(vectors, query, 7, is_even));
    EXPECT_EQ(items_of(index.near(query, 500, accept_all)), nearest_by_hand(vectors, query, 500, accept_all));
  }
}

// Beyond what is all looked at: with changes and removals in between.
TEST(VectorIndex, finds_of_many_nearly_all_of_the_nearest_and_nothing_that_is_gone) {
  Prng random(2);
  VectorIndex index(kDimensions);
  Vectors vectors;
  while (vectors.size() < 12'000) {
    const auto item = static_cast<ItemNumber>(random.below(40'000));
    if (vectors.contains(item) && random.chance(2)) {
      index.remove(item);
      vectors.erase(item);
      continue;
    }
    vectors[item] = some_vector(random, kDimensions);
    index.put(item, vectors[item]);
    if (vectors.size() % 1'000 == 0) {
      const auto found = index.near(vectors[item], 1, accept_all);
      ASSERT_EQ(found.size(), 1U);
      EXPECT_EQ(found.front().item, item);
    }
  }
  EXPECT_GT(index.lists(), 50U);
  EXPECT_EQ(index.size(), vectors.size());
  EXPECT_GE(recall_of(index, vectors, random, accept_all), 0.9);
  EXPECT_GE(recall_of(index, vectors, random, [](ItemNumber item) { return item % 100 == 7; }), 0.9);
  const auto is_one = [&](ItemNumber item) { return item == vectors.begin()->first; };
  EXPECT_EQ(index.near(vectors.rbegin()->second, 20, is_one).size(), 1U);
  while (!vectors.empty()) {
    index.remove(vectors.begin()->first);
    vectors.erase(vectors.begin());
  }
  EXPECT_EQ(index.size(), 0U);
  EXPECT_TRUE(index.near(some_vector(random, kDimensions), 20, accept_all).empty());
}

TEST(VectorIndex, learns_codes_anew_as_it_grows_and_finds_as_well_meanwhile) {
  Prng random(3);
  VectorIndex index(kDimensions);
  Vectors vectors;
  for (ItemNumber item = 0; item < 34'000; ++item) {
    vectors[item] = some_vector(random, kDimensions);
    index.put(item, vectors[item]);
  }
  EXPECT_GE(recall_of(index, vectors, random, accept_all), 0.9);
}

TEST(VectorIndex, is_the_same_after_the_same_changes) {
  VectorIndex first(kDimensions), second(kDimensions);
  for (VectorIndex* index : {&first, &second}) {
    Prng random(4);
    for (ItemNumber item = 0; item < 10'000; ++item) index->put(item, some_vector(random, kDimensions));
    for (ItemNumber item = 0; item < 10'000; item += 3) index->remove(item);
  }
  Prng random(5);
  for (int i = 0; i < 20; ++i) {
    const Vector query = some_vector(random, kDimensions);
    EXPECT_EQ(first.near(query, 20, accept_all), second.near(query, 20, accept_all));
  }
}

TEST(VectorIndex, takes_vectors_that_are_all_the_same) {
  VectorIndex index(kDimensions);
  const Vector same(kDimensions, 0.5F);
  for (ItemNumber item = 0; item < 9'000; ++item) index.put(item, same);
  EXPECT_EQ(index.near(same, 20, accept_all).size(), 20U);
  for (ItemNumber item = 0; item < 9'000; ++item) index.remove(item);
  EXPECT_EQ(index.size(), 0U);
}

TEST(VectorIndex, keeps_vectors_in_a_file_as_well_as_in_memory) {
  VectorIndex in_file(16, testing::TempDir()), in_memory(16);
  Prng random(6);
  for (ItemNumber item = 0; item < 3'000; ++item) {
    const Vector vector = some_vector(random, 16);
    // With holes, so that pieces lie apart.
    in_file.put(item * 100, vector);
    in_memory.put(item * 100, vector);
  }
  const Vector query = some_vector(random, 16);
  EXPECT_EQ(in_file.near(query, 20, accept_all), in_memory.near(query, 20, accept_all));
}

}  // namespace
}  // namespace doorbuster::recs
