#include "sale/machine/draw/draw.h"

#include <gtest/gtest.h>

#include <map>

#include "base/encoding.h"

namespace doorbuster::sale {
namespace {

Digest filled(int byte) {
  Digest digest;
  digest.fill(std::byte(byte));
  return digest;
}

Digest counting() {
  Digest digest;
  for (size_t i = 0; i < digest.size(); ++i) digest[i] = std::byte(i);
  return digest;
}

// docs/formats/draw.md, whose values another program made.
TEST(Draw, has_the_documented_commitment_and_leaves) {
  EXPECT_EQ(to_hex(draw_commitment(counting())), "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
  EXPECT_EQ(to_hex(draw_leaf(0, std::string(26, 'a'), {})),
            "fcde0ad1c746e3ce39412305308955ca60873dab91290d8480fb5de90a69297b");
  EXPECT_EQ(to_hex(draw_leaf(2, std::string(26, 'c'), counting())),
            "80d3c7c268800267c2fb1cee63baa4a5238eba8bfee67162aa0bed7b49bf54a3");
}

TEST(Draw, has_the_documented_positions) {
  const std::map<uint64_t, std::vector<uint64_t>> kDocumented = {
      {1, {1}},
      {2, {2, 1}},
      {3, {3, 1, 2}},
      {4, {4, 1, 2}},
      {5, {5, 3, 1}},
      {16, {8, 10, 16}},
      {17, {1, 8, 12}},
      {1'000, {511, 805, 79}},
      {1'000'000, {886'117, 716'541, 187'964}},
  };
  for (const auto& [count, positions] : kDocumented) {
    const DrawPermutation permutation(filled(7), count);
    for (uint64_t i = 0; i < positions.size(); ++i) EXPECT_EQ(permutation.position_of(i) + 1, positions[i]) << count;
  }
}

TEST(Draw, is_a_permutation_with_its_inverse_for_any_count) {
  for (uint64_t count = 0; count <= 300; ++count) {
    const DrawPermutation permutation(filled(3), count);
    std::vector<bool> taken(count);
    for (uint64_t index = 0; index < count; ++index) {
      const uint64_t position = permutation.position_of(index);
      ASSERT_LT(position, count);
      ASSERT_FALSE(taken[position]) << count;
      taken[position] = true;
      ASSERT_EQ(permutation.index_at(position), index);
    }
  }
}

TEST(Draw, ten_millions_are_permuted_one_to_one) {
  constexpr uint64_t kCount = 10'000'000;
  const DrawPermutation permutation(filled(9), kCount);
  std::vector<bool> taken(kCount);
  for (uint64_t index = 0; index < kCount; ++index) {
    const uint64_t position = permutation.position_of(index);
    ASSERT_LT(position, kCount);
    ASSERT_FALSE(taken[position]);
    taken[position] = true;
  }
  EXPECT_EQ(permutation.index_at(permutation.position_of(kCount - 1)), kCount - 1);
}

TEST(Draw, the_largest_draw_has_positions_too) {
  const DrawPermutation permutation(filled(1), kDrawEntriesMax);
  for (const uint64_t index : {uint64_t{0}, uint64_t{1}, kDrawEntriesMax - 1}) {
    EXPECT_EQ(permutation.index_at(permutation.position_of(index)), index);
  }
}

// Pearson's chi-square over how often each index reached each place: 6! orders would be too many to count, the 36
// places are enough to see a bias. 25 degrees of freedom: above 60 with a chance of 1 in 10,000, and the keys are
// fixed.
TEST(Draw, every_index_reaches_every_place_equally_often) {
  constexpr uint64_t kEntries = 6;
  constexpr int kDraws = 6'000;
  std::array<std::array<int, kEntries>, kEntries> reached{};
  for (int draw = 0; draw < kDraws; ++draw) {
    const DrawPermutation permutation(sha256(as_bytes("draw " + std::to_string(draw))), kEntries);
    for (uint64_t index = 0; index < kEntries; ++index) ++reached[index][permutation.position_of(index)];
  }
  double chi_square = 0;
  const double expected = double{kDraws} / kEntries;
  for (const auto& row : reached) {
    for (const int count : row) chi_square += (count - expected) * (count - expected) / expected;
  }
  EXPECT_LT(chi_square, 60);
}

TEST(Draw, each_part_of_the_key_changes_it) {
  const Digest key = draw_key(filled(1), filled(2), 3, {});
  EXPECT_NE(draw_key(filled(9), filled(2), 3, {}), key);
  EXPECT_NE(draw_key(filled(1), filled(9), 3, {}), key);
  EXPECT_NE(draw_key(filled(1), filled(2), 9, {}), key);
  EXPECT_NE(draw_key(filled(1), filled(2), 3, as_bytes("beacon")), key);
}

}  // namespace
}  // namespace doorbuster::sale
