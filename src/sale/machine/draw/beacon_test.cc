#include "sale/machine/draw/beacon.h"

#include <gtest/gtest.h>

namespace doorbuster::sale {
namespace {

TEST(BeaconValue, is_none_until_it_has_bytes_and_zeros_are_bytes) {
  const BeaconValue zero(as_bytes(std::string_view("\0", 1)));
  EXPECT_TRUE(BeaconValue().empty());
  EXPECT_FALSE(zero.empty());
  EXPECT_NE(zero, BeaconValue());
  EXPECT_NE(zero, BeaconValue(as_bytes("1")));
  EXPECT_EQ(zero, BeaconValue(zero.bytes()));
}

TEST(BeaconSource, is_a_short_word_without_capitals) {
  EXPECT_TRUE(is_beacon_source("drand-quicknet"));
  EXPECT_TRUE(is_beacon_source("a.9"));
  EXPECT_TRUE(is_beacon_source(std::string(64, 'z')));
  EXPECT_FALSE(is_beacon_source(std::string(65, 'z')));
  for (const char* wrong : {"", "A", "a b", "a_b", "{", "/", ":"}) EXPECT_FALSE(is_beacon_source(wrong)) << wrong;
}

}  // namespace
}  // namespace doorbuster::sale
