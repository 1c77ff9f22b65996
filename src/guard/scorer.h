// What speaks for a bot in one request: reads the signals, counts what has to be counted, and sums up.
//
// Never blocks; counts lie in tables of a fixed size. Any thread.
#pragma once

#include <optional>

#include "guard/address_keys.h"
#include "guard/key_hasher.h"
#include "guard/network_map.h"
#include "guard/origins.h"
#include "guard/rate_table.h"
#include "guard/score_model.h"
#include "guard/scorecard.h"
#include "guard/timing_table.h"
#include "net/request.h"
#include "platform/api/gate.h"

namespace doorbuster::guard {

// So many customers of a shop share no household: what strangers at their address do says nothing of each of them.
inline constexpr uint32_t kCustomersOfSharedAddress = 20;

// What is known of a request before it is scored.
struct Requester {
  const net::Request& request;
  const platform::Asker& asker;
  net::PeerAddress address;
  Origin origin;
  bool has_tool_fingerprint = false;
  // Of the shop, in the last hour, other than young accounts; not of a customer's own.
  uint32_t customers_at_address = 0;
  // By the session or customer, and by strangers at the address, in the windows of their signals, this one among them;
  // nothing where nobody counts.
  std::optional<uint64_t> session_requests = {};
  std::optional<uint64_t> address_requests = {};
  Timestamp now;
};

struct Scored {
  Assessment assessment;
  Evidence evidence;
};

class Scorer {
 public:
  // The hasher and the table, in which it keeps keys of its own, outlive it. Even intervals are looked for among so
  // many who act.
  Scorer(const KeyHasher& hasher, RateTable& table, size_t actors, Timestamp start);

  // Fetches what will be looked at for somebody who asks, or wants to take something: all at once, since none of it
  // lies in a cache.
  void prefetch(const Requester& requester, bool takes) const;

  // Notes that a customer of the shop wants to take something where they are.
  void note_customer(const Requester& requester, const Scorecard& card);
  // How many have been at the address lately, without young accounts, up to a thousand: a household has a few, a
  // carrier hundreds. Who goes from one address to another counts at the first. They are forgotten one by one, within
  // the day.
  [[nodiscard]] uint32_t customers_at(const net::PeerAddress& address, Timestamp now) const;

  // Whether this stranger is one of those who come with the customers of an address that very many share, and notes
  // them if so: one for each five customers.
  [[nodiscard]] bool comes_with_customers(const Requester& requester);

  // Notes that somebody has asked, whatever for: how fast they are.
  void note_request(Requester& requester, const Scorecard& card);
  // Scores somebody who wants to take something.
  [[nodiscard]] Scored assess(const Requester& requester, const Scorecard& card, const ScoreModel& model);

 private:
  void look_at_account(const Requester& requester, const Scorecard& card, Evidence& evidence);
  void look_at_address(const Requester& requester, const Scorecard& card, Evidence& evidence);
  void look_at_page(const Requester& requester, const Scorecard& card, Evidence& evidence);
  void look_at_timing(const Requester& requester, const Scorecard& card, Evidence& evidence);

  // What the customers at an address are counted by.
  [[nodiscard]] Charge customers_charge(const net::PeerAddress& address) const;
  [[nodiscard]] uint64_t customers_key(const AddressKeys& keys) const;

  enum class Counting : bool { kLook, kCount };
  // How many there are by this key, one more than the rule's limit at most; nothing where the rule has no points, and
  // nobody counts.
  std::optional<uint64_t> count(const SignalRule& rule, uint64_t key, Timestamp now, Counting counting);
  // The same, where each `member` counts once.
  std::optional<uint64_t> count_once(const SignalRule& rule, uint64_t key, uint64_t member, Timestamp now);
  [[nodiscard]] uint64_t key_of(Signal signal, uint64_t high, uint64_t low) const;

  const KeyHasher& hasher_;
  const Price customers_price_;
  RateTable& table_;
  TimingTable timing_;
};

}  // namespace doorbuster::guard
