// Tells a link's visitors from each other without knowing who they are: a keyed hash (SipHash-2-4) of the network that
// they come from (an IPv4 address, or the 64 bits of an IPv6 address that one customer has) and of their user agent.
//
// The key is derived from the server's master key for each day in UTC, so that nobody can be followed from one day to
// the next by what the log holds: who comes on two days counts as two. Two who share an address and a user agent count
// as one.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/crypto.h"
#include "base/siphash.h"
#include "base/time.h"
#include "net/peer_address.h"

namespace doorbuster::links {

class VisitorHasher {
 public:
  explicit VisitorHasher(Bytes master_key);

  // Of a user agent, for of(): it is the same on all days, and stands nowhere.
  [[nodiscard]] uint64_t agent_hash(std::string_view user_agent) const;
  // Never kNoVisitorHash.
  [[nodiscard]] uint64_t of(const net::PeerAddress& sender, uint64_t agent_hash, Timestamp now);

 private:
  const Digest key_;
  const SipHash agents_;
  int64_t day_ = INT64_MIN;  // since 1970
  SipHash visitors_{0, 0};   // of that day
};

}  // namespace doorbuster::links
