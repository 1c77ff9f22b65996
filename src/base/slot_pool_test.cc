#include "base/slot_pool.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "base/prng.h"

namespace doorbuster {
namespace {

TEST(SlotPool, knows_what_is_in_it_by_number) {
  SlotPool<std::string> pool;
  const uint32_t one = pool.put("one");
  const uint32_t two = pool.put("two");
  EXPECT_EQ(pool[one], "one");
  EXPECT_EQ(pool[two], "two");
  EXPECT_EQ(pool.size(), 2U);
  EXPECT_FALSE(pool.contains(7));
}

TEST(SlotPool, gives_the_number_of_what_has_gone_to_what_comes_next) {
  SlotPool<std::string> pool;
  const uint32_t one = pool.put("one");
  pool.put("two");
  pool.remove(one);
  EXPECT_FALSE(pool.contains(one));
  EXPECT_EQ(pool.put("three"), one);
  EXPECT_EQ(pool[one], "three");
  EXPECT_EQ(pool.size(), 2U);
}

TEST(SlotPool, lets_go_of_what_is_taken_out) {
  SlotPool<std::shared_ptr<int>> pool;
  const auto value = std::make_shared<int>(7);
  pool.remove(pool.put(value));
  EXPECT_EQ(value.use_count(), 1);
}

TEST(SlotPool, does_what_a_map_would_do_and_takes_no_more_numbers_than_there_are_at_once) {
  Prng prng(20261128);
  SlotPool<uint64_t> pool;
  std::map<uint32_t, uint64_t> expected;
  size_t most = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (expected.empty() || prng.below(2) == 0) {
      const uint64_t value = prng.below(1'000'000);
      EXPECT_TRUE(expected.emplace(pool.put(value), value).second);
      most = std::max(most, expected.size());
      EXPECT_LT(expected.rbegin()->first, most);
    } else {
      const auto gone = std::next(expected.begin(), static_cast<ptrdiff_t>(prng.below(expected.size())));
      pool.remove(gone->first);
      expected.erase(gone);
    }
    EXPECT_EQ(pool.size(), expected.size());
    for (const auto& [slot, value] : expected) ASSERT_EQ(pool[slot], value);
  }
}

TEST(SlotPoolDeathTest, ends_the_process_when_asked_for_what_is_not_there) {
  SlotPool<int> pool;
  const uint32_t slot = pool.put(1);
  pool.remove(slot);
  EXPECT_DEATH(pool[slot] = 2, "contains\\(slot\\)");
  EXPECT_DEATH(pool.remove(slot), "contains\\(slot\\)");
}

}  // namespace
}  // namespace doorbuster
