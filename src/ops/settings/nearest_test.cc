#include "ops/settings/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace doorbuster::ops {
namespace {

const std::vector<std::string> kKnown = {"listen", "http.body_bytes", "http.header_bytes", "limits.holds"};

TEST(Nearest, finds_what_was_mistyped) {
  EXPECT_EQ(nearest("lissten", kKnown), "listen");
  EXPECT_EQ(nearest("http.body_byte", kKnown), "http.body_bytes");
  EXPECT_EQ(nearest("http.header-bytes", kKnown), "http.header_bytes");
}

TEST(Nearest, finds_what_stands_in_the_wrong_section) {
  EXPECT_EQ(nearest("body_bytes", kKnown), "http.body_bytes");
  EXPECT_EQ(nearest("http.holds", kKnown), "limits.holds");
}

TEST(Nearest, is_silent_when_nothing_is_near) {
  EXPECT_EQ(nearest("colour", kKnown), "");
  EXPECT_EQ(nearest("", kKnown), "");
  EXPECT_EQ(nearest(std::string(10'000, 'x'), kKnown), "");
}

}  // namespace
}  // namespace doorbuster::ops
