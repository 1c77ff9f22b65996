#include "base/reserved_array.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace doorbuster {
namespace {

TEST(ReservedArray, grows_by_zeroed_elements_up_to_its_capacity) {
  ReservedArray<uint64_t> array(3);
  EXPECT_EQ(array.size(), 0U);
  EXPECT_EQ(array.grow(), 0U);
  EXPECT_EQ(array[0], 0U);
  array[0] = 7;
  array.grow_to(3);
  EXPECT_TRUE(array.full());
  EXPECT_EQ(array[0], 7U);
  EXPECT_EQ(array[2], 0U);
}

TEST(ReservedArray, never_moves_its_elements) {
  ReservedArray<uint32_t> array(1'000'000);
  array.grow();
  const uint32_t* first = &array[0];
  array.grow_to(1'000'000);
  EXPECT_EQ(&array[0], first);
  array[999'999] = 5;
  EXPECT_EQ(array[999'999], 5U);
}

TEST(ReservedArray, reserves_far_more_than_there_is_memory_for) {
  ReservedArray<uint64_t> array(size_t{1} << 36);  // half a tebibyte of addresses
  array.grow();
  array[0] = 1;
  EXPECT_EQ(array[0], 1U);
}

TEST(ReservedArrayDeathTest, ends_the_process_when_used_out_of_bounds) {
  ReservedArray<uint64_t> array(2);
  array.grow();
  EXPECT_DEATH(array[1] = 0, "index < size_");
  EXPECT_DEATH(array.grow_to(3), "size <= capacity_");
  array.grow();
  EXPECT_DEATH(array.grow(), "full");
}

TEST(ReservedArrayDeathTest, more_addresses_than_the_system_gives_end_the_process_in_words) {
  EXPECT_EXIT(ReservedArray<uint64_t>(size_t{1} << 56), ::testing::ExitedWithCode(1),
              "the system refuses this process more memory");
}

}  // namespace
}  // namespace doorbuster
