#include "guard/network_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster::guard {
namespace {

using ::testing::HasSubstr;

NetworkLists lists(std::vector<std::string> data_centres, std::vector<std::string> mobiles = {}) {
  NetworkLists made;
  made[static_cast<size_t>(NetworkClass::kDataCentre)] = std::move(data_centres);
  made[static_cast<size_t>(NetworkClass::kMobile)] = std::move(mobiles);
  return made;
}
net::PeerAddress at(const std::string& text) { return net::parse_address(text).value(); }

TEST(NetworkMap, knows_what_lies_in_its_networks_and_nothing_else) {
  const NetworkMap map = NetworkMap::make(lists({"203.0.113.0/24", "2001:db8::/32"}, {"198.51.100.7"})).value();
  EXPECT_EQ(map.of(at("203.0.113.0")), NetworkClass::kDataCentre);
  EXPECT_EQ(map.of(at("203.0.113.255")), NetworkClass::kDataCentre);
  EXPECT_EQ(map.of(at("203.0.114.0")), NetworkClass::kUnknown);
  EXPECT_EQ(map.of(at("203.0.112.255")), NetworkClass::kUnknown);
  EXPECT_EQ(map.of(at("2001:db8:ffff::1")), NetworkClass::kDataCentre);
  EXPECT_EQ(map.of(at("2001:db9::")), NetworkClass::kUnknown);
  EXPECT_EQ(map.of(at("198.51.100.7")), NetworkClass::kMobile);
  EXPECT_EQ(map.of(at("198.51.100.8")), NetworkClass::kUnknown);
  EXPECT_EQ(NetworkMap().of(at("203.0.113.0")), NetworkClass::kUnknown);
}

TEST(NetworkMap, takes_the_smallest_of_networks_that_lie_in_one_another) {
  const NetworkMap map = NetworkMap::make(lists({"10.0.0.0/8", "10.1.2.0/24"}, {"10.1.0.0/16", "10.0.0.0/10"})).value();
  EXPECT_EQ(map.of(at("10.0.0.0")), NetworkClass::kMobile);
  EXPECT_EQ(map.of(at("10.1.1.255")), NetworkClass::kMobile);
  EXPECT_EQ(map.of(at("10.1.2.0")), NetworkClass::kDataCentre);
  EXPECT_EQ(map.of(at("10.1.3.0")), NetworkClass::kMobile);
  EXPECT_EQ(map.of(at("10.64.0.0")), NetworkClass::kDataCentre);
  EXPECT_EQ(map.of(at("11.0.0.0")), NetworkClass::kUnknown);
}

TEST(NetworkMap, reaches_to_the_last_address_there_is) {
  const NetworkMap map = NetworkMap::make(lists({"ffff::/16"}, {"::/0"})).value();
  EXPECT_EQ(map.of(at("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")), NetworkClass::kDataCentre);
  EXPECT_EQ(map.of(at("192.0.2.1")), NetworkClass::kMobile);
}

// Against a look at every network, for networks of few bits, so that they often lie in one another.
TEST(NetworkMap, says_what_a_naive_model_says) {
  Prng random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::pair<net::Network, NetworkClass>> model;
    NetworkLists listed;
    for (int i = 0; i < 12; ++i) {
      const auto length = static_cast<uint32_t>(random.below(9));
      const uint32_t bits = length == 0 ? 0 : static_cast<uint32_t>(random.below(256)) >> (8 - length) << (8 - length);
      const std::string text = "10.0.0." + std::to_string(bits) + "/" + std::to_string(24 + length);
      const auto of = static_cast<NetworkClass>(1 + random.below(5));
      const bool is_new =
          std::ranges::none_of(listed, [&](const auto& list) { return std::ranges::find(list, text) != list.end(); });
      if (!is_new) continue;
      listed[static_cast<size_t>(of)].push_back(text);
      model.emplace_back(net::parse_network(text).value(), of);
    }
    const NetworkMap map = NetworkMap::make(listed).value();
    for (uint32_t last = 0; last < 256; ++last) {
      const net::PeerAddress address = at("10.0.0." + std::to_string(last));
      NetworkClass wanted = NetworkClass::kUnknown;
      int smallest = -1;
      for (const auto& [network, of] : model) {
        const unsigned length = network.bits - 120U;
        const bool is_in = length == 0 || (network.bytes[15] ^ last) >> (8 - length) == 0;
        if (!is_in || static_cast<int>(network.bits) <= smallest) continue;
        smallest = network.bits;
        wanted = of;
      }
      ASSERT_EQ(map.of(address), wanted) << "round " << round << ", address 10.0.0." << last;
    }
  }
}

TEST(NetworkMap, knows_autonomous_systems_by_their_number) {
  const NetworkMap map = NetworkMap::make(lists({"AS64500"}, {"AS64501", "AS64501"})).value();
  EXPECT_TRUE(map.knows_systems());
  EXPECT_EQ(map.of_system(64500), NetworkClass::kDataCentre);
  EXPECT_EQ(map.of_system(64501), NetworkClass::kMobile);
  EXPECT_EQ(map.of_system(64502), NetworkClass::kUnknown);
  EXPECT_FALSE(NetworkMap().knows_systems());
}

TEST(NetworkMap, is_not_made_of_what_it_can_not_read_or_of_what_is_two_things) {
  EXPECT_THAT(NetworkMap::make(lists({"cloud"})).error().message, HasSubstr("'cloud'"));
  EXPECT_THAT(NetworkMap::make(lists({"AS64500"}, {"AS64500"})).error().message,
              HasSubstr("AS64500 is in two lists: "));
  EXPECT_THAT(NetworkMap::make(lists({"10.0.0.0/8"}, {"10.0.0.0/8"})).error().message,
              HasSubstr("10.0.0.0/8 is in two lists: "));
  EXPECT_TRUE(network_or_system("AS1").has_value());
  EXPECT_TRUE(network_or_system("10.0.0.0/8").has_value());
  EXPECT_THAT(network_or_system("AS0").error().message, HasSubstr("no autonomous system such as AS64500"));
  EXPECT_THAT(network_or_system("10.0.0.1/8").error().message, HasSubstr("bits set behind its length"));
}

}  // namespace
}  // namespace doorbuster::guard
