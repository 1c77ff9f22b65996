#include "links/api/visitor_hash.h"

#include <gtest/gtest.h>

#include <set>

#include "links/machine/click.h"

namespace doorbuster::links {
namespace {

constexpr Timestamp kMorning = Timestamp::from_micros(1'795'773'600'000'000);  // 2026-11-27T10:00:00Z
const Digest kMaster = sha256(as_bytes("a master key"));

net::PeerAddress v4(uint8_t last) {
  return {.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, last}, .port = 443};
}

TEST(VisitorHasher, is_the_same_for_the_same_visitor_for_a_day_and_across_a_restart) {
  VisitorHasher hasher(kMaster);
  const uint64_t agent = hasher.agent_hash("Firefox/150.0");
  const uint64_t hash = hasher.of(v4(1), agent, kMorning);
  EXPECT_NE(hash, kNoVisitorHash);
  net::PeerAddress other_port = v4(1);
  other_port.port = 1;
  EXPECT_EQ(hasher.of(other_port, agent, kMorning + Duration::seconds(13 * 3'600)), hash);
  VisitorHasher restarted(kMaster);
  EXPECT_EQ(restarted.of(v4(1), restarted.agent_hash("Firefox/150.0"), kMorning), hash);
}

TEST(VisitorHasher, is_another_one_for_other_visitors_days_and_servers) {
  VisitorHasher hasher(kMaster);
  VisitorHasher elsewhere(sha256(as_bytes("another key")));
  const uint64_t agent = hasher.agent_hash("Firefox/150.0");
  std::set<uint64_t> hashes;
  for (uint8_t i = 0; i < 100; ++i) hashes.insert(hasher.of(v4(i), agent, kMorning));
  hashes.insert(hasher.of(v4(1), hasher.agent_hash("Firefox/151.0"), kMorning));
  hashes.insert(hasher.of(v4(1), agent, kMorning + Duration::seconds(14 * 3'600)));
  hashes.insert(elsewhere.of(v4(1), elsewhere.agent_hash("Firefox/150.0"), kMorning));
  EXPECT_EQ(hashes.size(), 103U);
}

TEST(VisitorHasher, takes_a_customers_whole_ipv6_network_for_one) {
  VisitorHasher hasher(kMaster);
  net::PeerAddress one{.bytes = {0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 1, 1, 2, 3}, .port = 1};
  net::PeerAddress same = one;
  same.bytes[15] = 9;
  net::PeerAddress next = one;
  next.bytes[7] = 2;
  EXPECT_EQ(hasher.of(one, 5, kMorning), hasher.of(same, 5, kMorning));
  EXPECT_NE(hasher.of(one, 5, kMorning), hasher.of(next, 5, kMorning));
}

}  // namespace
}  // namespace doorbuster::links
