#include "base/strong.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace doorbuster {
namespace {

static_assert(!std::is_convertible_v<uint64_t, Sequence>, "a number becomes an id only on purpose");
static_assert(!std::is_convertible_v<Sequence, uint64_t>, "an id becomes a number only on purpose");
static_assert(!std::is_constructible_v<Sequence, Epoch>, "one kind of id is never another");

TEST(Strong, starts_at_zero_and_compares_like_its_number) {
  EXPECT_EQ(Sequence().value(), 0U);
  EXPECT_LT(Sequence(1), Sequence(2));
  EXPECT_EQ(Sequence(7), Sequence(7));
  EXPECT_NE(Sequence(7), Sequence(8));
}

TEST(Strong, counts_up) {
  Epoch epoch(41);
  EXPECT_EQ(++epoch, Epoch(42));
  EXPECT_EQ(Sequence(10) + 5, Sequence(15));
}

TEST(Strong, can_be_a_key_of_a_hash_table) {
  const std::unordered_set<CellId> cells = {CellId(1), CellId(2), CellId(1)};
  EXPECT_EQ(cells.size(), 2U);
  EXPECT_TRUE(cells.contains(CellId(2)));
}

}  // namespace
}  // namespace doorbuster
