#include "links/api/visitor_hash.h"

#include <string>

#include "links/machine/click.h"

namespace doorbuster::links {

VisitorHasher::VisitorHasher(Bytes master_key)
    : key_(derive_key(master_key, "doorbuster link visitors v1")), agents_(derive_key(key_, "user agents")) {}

uint64_t VisitorHasher::agent_hash(std::string_view user_agent) const { return agents_(as_bytes(user_agent)); }

uint64_t VisitorHasher::of(const net::PeerAddress& sender, uint64_t agent_hash, Timestamp now) {
  constexpr int64_t kDaySeconds = 86'400;
  const int64_t day = now.micros() / 1'000'000 / kDaySeconds;
  if (day != day_) {
    day_ = day;
    visitors_ = SipHash(derive_key(key_, "day " + std::to_string(day)));
  }
  const net::PeerAddress::Network network = sender.network();
  std::array<std::byte, sizeof network + sizeof agent_hash> message;
  std::memcpy(message.data(), network.data(), sizeof network);
  std::memcpy(message.data() + sizeof network, &agent_hash, sizeof agent_hash);
  const uint64_t hash = visitors_(message);
  return hash == kNoVisitorHash ? 1 : hash;
}

}  // namespace doorbuster::links
