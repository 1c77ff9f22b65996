#include "base/assert.h"

#include <gtest/gtest.h>

namespace doorbuster {
namespace {

TEST(Assert, lets_what_is_true_pass) {
  int evaluations = 0;
  ASSERT(++evaluations == 1);
  EXPECT_EQ(evaluations, 1);
}

TEST(Assert, ends_the_process_and_says_what_and_where) {
  const int units = -1;
  EXPECT_DEATH(ASSERT(units >= 0), "assert_test.cc:[0-9]+: assertion failed: units >= 0");
}

}  // namespace
}  // namespace doorbuster
