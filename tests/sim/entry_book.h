// What became of every entry in a log, by the plainest bookkeeping there is: its state from each change on.
#pragma once

#include <map>
#include <vector>

#include "base/strong.h"
#include "sale/machine/events.h"

namespace doorbuster::sim {

class EntryBook {
 public:
  struct Change {
    Sequence at;
    sale::EntryState to{};
  };
  using Changes = std::vector<Change>;

  // Of one cell, from its first event on.
  void hear(const sale::Enrolled& event, Sequence at) { arrive(event.sale, event.entry, at); }
  void hear(const sale::Joined& event, Sequence at) { arrive(event.sale, event.entry, at); }
  void hear(const sale::JoinDelayed& event, Sequence at) { arrive(event.sale, event.entry, at); }
  void hear(const sale::Offered& event, Sequence at) { move(event.entry, sale::EntryState::kOffered, at); }
  void hear(const sale::OfferLapsed& event, Sequence at) { move(event.entry, sale::EntryState::kLapsed, at); }
  void hear(const sale::EntryLeft& event, Sequence at) { move(event.entry, sale::EntryState::kLeft, at); }
  void hear(const sale::EntryRemoved& event, Sequence at) { move(event.entry, sale::EntryState::kRemoved, at); }
  void hear(const sale::Held& event, Sequence at);
  void hear(const sale::HoldReleased& event, Sequence at) { settle(event.hold, sale::EntryState::kLeft, at); }
  void hear(const sale::HoldExpired& event, Sequence at) { settle(event.hold, sale::EntryState::kLapsed, at); }
  void hear(const sale::PaymentStarted& event, Sequence at) { settle(event.hold, sale::EntryState::kPaying, at); }
  void hear(const sale::PaymentSucceeded& event, Sequence at) { settle(event.hold, sale::EntryState::kBought, at); }
  void hear(const sale::PaymentFailed& event, Sequence at);
  void hear(const sale::SaleMoved& event, Sequence at);
  template <class Other>
  void hear(const Other&, Sequence) {}

  // Nothing if the log knows of no such entry.
  [[nodiscard]] const Changes* changes_of(sale::EntryNumber entry) const;

 private:
  struct Known {
    sale::SaleNumber sale;
    Changes changes;
    [[nodiscard]] sale::EntryState state() const { return changes.back().to; }
  };

  void arrive(sale::SaleNumber sale, sale::EntryNumber entry, Sequence at);
  void move(sale::EntryNumber entry, sale::EntryState to, Sequence at);
  void settle(sale::HoldNumber hold, sale::EntryState to, Sequence at);

  std::map<sale::EntryNumber, Known> entries_;
  std::map<sale::HoldNumber, sale::EntryNumber> claimed_by_;
};

// Nothing will change any more.
[[nodiscard]] constexpr bool is_over(sale::EntryState state) { return state >= sale::EntryState::kBought; }

}  // namespace doorbuster::sim
