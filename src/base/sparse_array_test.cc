#include "base/sparse_array.h"

#include <gtest/gtest.h>

#include "base/testing/address_space.h"

namespace doorbuster {
namespace {

using Array = SparseArray<uint64_t, 4>;

TEST(SparseArray, has_zeroed_elements_anywhere) {
  Array array(10);
  EXPECT_EQ(array.find(9), nullptr);
  EXPECT_EQ(array[9], 0U);
  array[9] = 7;
  EXPECT_EQ(*array.find(9), 7U);
  EXPECT_EQ(*array.find(8), 0U);
  EXPECT_EQ(array.find(0), nullptr);
}

TEST(SparseArray, never_moves_its_elements) {
  Array array(1'000);
  const uint64_t* first = &array[500];
  for (size_t i = 0; i < array.size(); ++i) array[i] = i;
  EXPECT_EQ(first, &array[500]);
  for (size_t i = 0; i < array.size(); ++i) EXPECT_EQ(array[i], i);
}

TEST(SparseArray, takes_next_to_nothing_for_its_size) {
  const size_t before = address_space_bytes();
  SparseArray<uint64_t, 65'536> array(size_t{1} << 32);
  array[size_t{1} << 31] = 1;
  EXPECT_LT(address_space_bytes() - before, size_t{4} << 20);
}

TEST(SparseArrayDeathTest, ends_the_process_when_used_out_of_bounds) {
  Array array(2);
  EXPECT_DEATH(array[2] = 0, "index < size_");
  EXPECT_DEATH((void)array.find(2), "index < size_");
}

}  // namespace
}  // namespace doorbuster
