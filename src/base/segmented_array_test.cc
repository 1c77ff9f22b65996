#include "base/segmented_array.h"

#include <gtest/gtest.h>

namespace doorbuster {
namespace {

using Array = SegmentedArray<uint64_t, 4>;

TEST(SegmentedArray, grows_by_zeroed_elements_up_to_its_capacity) {
  Array array(6);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_FALSE(array.full());
    EXPECT_EQ(array.grow(), i);
    EXPECT_EQ(array[i], 0U);
    array[i] = i + 1;
  }
  EXPECT_TRUE(array.full());
  const Array& read = array;
  for (size_t i = 0; i < 6; ++i) EXPECT_EQ(read[i], i + 1);
}

TEST(SegmentedArray, never_moves_its_elements) {
  Array array(1'000);
  array.grow_to(1);
  const uint64_t* first = &array[0];
  array.grow_to(1'000);
  EXPECT_EQ(first, &array[0]);
  EXPECT_EQ(array.size(), 1'000U);
}

TEST(SegmentedArray, takes_nothing_for_its_limit) {
  Array array(size_t{1} << 60);
  array.grow();
  EXPECT_EQ(array.size(), 1U);
}

TEST(SegmentedArrayDeathTest, ends_the_process_when_used_out_of_bounds) {
  Array array(2);
  array.grow();
  EXPECT_DEATH((void)array[1], "index < size_");
  array.grow();
  EXPECT_DEATH(array.grow(), "full");
}

}  // namespace
}  // namespace doorbuster
