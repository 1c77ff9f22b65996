// Who has to go when there is no room for others: whoever has more than a fair share of the connections or of the
// buffers, and can do without what they have.
//
// A share is a network's (PeerAddress::network), so whoever fills the reactor pays for it alone. Looking for them reads
// every connection: it is done for many newcomers at once, and not again soon if it was in vain.
#include <algorithm>

#include "net/reactor.h"

namespace doorbuster::net {
namespace {

constexpr int64_t kAgainUs = 10'000;

// How many make room together, of so many connections.
size_t newcomers_at_once(size_t connections) { return std::clamp<size_t>(connections / 128, 1, 64); }

// One of `parts` equal ones, and never nothing.
uint64_t share_of(uint64_t whole, size_t parts) { return std::max<uint64_t>(whole / parts, 1); }

}  // namespace

// Those for which `is_asked(channel)` holds: what can be done without most easily first, and of that the oldest.
template <class IsAsked>
std::vector<uint32_t> Reactor::dispensable(const IsAsked& is_asked) {
  struct Candidate {
    Dispensable kind;
    int64_t since_us;
    uint32_t slot;
    auto operator<=>(const Candidate&) const = default;
  };
  std::vector<Candidate> candidates;
  for (uint32_t slot = 0; slot < connections_.size(); ++slot) {
    const Channel& channel = connections_[slot].channel;
    if (channel.is_open() && is_asked(channel)) {
      candidates.push_back({channel.dispensable(), channel.waits_since_us(), slot});
    }
  }
  std::sort(candidates.begin(), candidates.end());
  std::vector<uint32_t> slots;
  for (const Candidate& candidate : candidates) slots.push_back(candidate.slot);
  return slots;
}

void Reactor::evict(uint32_t slot) {
  shared_.metrics.connections_evicted.add(1);
  close(connections_[slot], slot);
}

bool Reactor::has_room_for(const PeerAddress& peer) const {
  if (free_slots_.empty()) return false;
  const auto found = per_network_.find(peer.network());
  return found == per_network_.end() || found->second < shared_.limits.connections_per_address;
}

bool Reactor::find_room_for(const PeerAddress& peer) {
  if (has_room_for(peer)) return true;
  if (shared_.now_us < look_for_room_us_) return false;
  make_room_for(peer.network());
  if (has_room_for(peer)) return true;
  look_for_room_us_ = shared_.now_us + kAgainUs;
  return false;
}

void Reactor::make_room_for(const PeerAddress::Network& newcomer) {
  const auto own = per_network_.find(newcomer);
  if (own != per_network_.end() && own->second >= shared_.limits.connections_per_address) {
    const auto is_own = [&](const Channel& one) {
      return one.dispensable() == Dispensable::kIdle && one.peer().network() == newcomer;
    };
    return evict_some(dispensable(is_own));
  }
  const size_t networks = per_network_.size() + (own == per_network_.end() ? 1 : 0);
  const uint64_t share = share_of(connections_.size(), networks);
  const auto has_too_many = [&](const Channel& one) { return per_network_.at(one.peer().network()) > share; };
  const auto slots =
      dispensable([&](const Channel& one) { return one.dispensable() != Dispensable::kNo && has_too_many(one); });
  if (slots.empty()) {
    return evict_some(dispensable([](const Channel& one) { return one.dispensable() == Dispensable::kIdle; }));
  }
  size_t evicted = 0;
  for (const uint32_t slot : slots) {
    if (evicted == newcomers_at_once(connections_.size())) break;
    if (!has_too_many(connections_[slot].channel)) continue;
    evict(slot);
    ++evicted;
  }
}

void Reactor::evict_some(const std::vector<uint32_t>& slots) {
  for (size_t i = 0; i < std::min(slots.size(), newcomers_at_once(connections_.size())); ++i) evict(slots[i]);
}

// What nobody reads is all that buffers hold for long. Half of the budget is there for those who do read.
void Reactor::relieve_buffers() {
  const uint64_t bound = shared_.limits.buffer_bytes / 2;
  if (shared_.pool.lent_bytes() <= bound || shared_.now_us < relieve_buffers_us_) return;
  std::unordered_map<PeerAddress::Network, uint64_t, NetworkHash> held;
  const auto slots = dispensable([&](const Channel& one) {
    if (one.held_bytes() > 0) held[one.peer().network()] += one.held_bytes();
    return one.is_unread();
  });
  // As if there were one more, who is to have room.
  const uint64_t share = share_of(bound, held.size() + 1);
  for (const uint32_t slot : slots) {
    const Channel& one = connections_[slot].channel;
    uint64_t& of_network = held.at(one.peer().network());
    if (of_network <= share) continue;
    of_network -= one.held_bytes();
    evict(slot);
  }
  relieve_buffers_us_ = shared_.now_us + kAgainUs;
}

// FNV-1a; the keys are bounded in number, and a flood of chosen ones costs only the flooder's own accepts.
size_t Reactor::NetworkHash::operator()(const PeerAddress::Network& network) const {
  uint64_t hash = 0xcbf29ce484222325;
  for (const uint8_t byte : network) hash = (hash ^ byte) * 0x100000001b3;
  return static_cast<size_t>(hash);
}

}  // namespace doorbuster::net
