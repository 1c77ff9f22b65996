#include "base/jump_hash.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/prng.h"

namespace doorbuster {
namespace {

// Of a published implementation: what is placed by it has to be found again for ever.
TEST(JumpHash, gives_what_it_always_gave) {
  EXPECT_EQ(jump_hash(1, 1), 0U);
  EXPECT_EQ(jump_hash(42, 57), 43U);
  EXPECT_EQ(jump_hash(0xDEAD10CC, 1), 0U);
  EXPECT_EQ(jump_hash(0xDEAD10CC, 666), 361U);
  EXPECT_EQ(jump_hash(256, 1024), 520U);
}

TEST(JumpHash, a_bucket_more_takes_from_all_others_and_moves_nothing_else) {
  Prng random(7);
  for (uint32_t buckets = 1; buckets < 20; ++buckets) {
    uint32_t moved = 0;
    constexpr uint32_t kKeys = 2'000;
    for (uint32_t i = 0; i < kKeys; ++i) {
      const uint64_t key = random.next();
      const uint32_t before = jump_hash(key, buckets);
      const uint32_t after = jump_hash(key, buckets + 1);
      ASSERT_TRUE(after == before || after == buckets);
      moved += after != before;
    }
    EXPECT_NEAR(moved, double{kKeys} / (buckets + 1), 5 * 45) << buckets;
  }
}

TEST(JumpHash, is_even) {
  Prng random(8);
  std::vector<uint32_t> counts(16);
  for (uint32_t i = 0; i < 16'000; ++i) ++counts[jump_hash(random.next(), 16)];
  for (const uint32_t count : counts) EXPECT_NEAR(count, 1'000, 160);
}

}  // namespace
}  // namespace doorbuster
