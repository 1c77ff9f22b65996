// The orders of one sale, in the order in which they were started, and how they are found: by their hold, by the shop's
// reference, by state, by time.
//
// Nothing that is asked for looks at every order. Time is a range of them, found by halving. Of each state there is a
// bit an order, so that a page and the number of all there are cost some microseconds for a million. Of a reference
// there is the list of those who have it: as much work as there are of those, which should be few.
#pragma once

#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/annotations.h"
#include "sale/machine/records.h"

namespace doorbuster::sale {

struct Order {
  HoldNumber hold;
  SaleNumber sale;
  CustomerHash customer;
  HoldState state = HoldState::kPaying;
  RefundState refund = RefundState::kNone;
  uint8_t attempts = 0;
  uint8_t refunds_due = 0;  // bit i: of payment i + 1
  Timestamp started_at;
  Timestamp settled_at;        // 0: not yet
  std::string reference;       // the provider's, of the payment that bought the unit, or else of the last one to refund
  AnnotationsBox annotations;  // of its hold
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.hold, self.sale, self.customer, self.state, self.refund, self.attempts, self.refunds_due,
            self.started_at, self.settled_at, self.reference, self.annotations);
  }
};

// Which orders: those to which all of it applies.
struct OrderFilter {
  std::string client_reference;  // empty: any
  std::optional<HoldState> state;
  Timestamp from;                 // started then or later
  std::optional<Timestamp> to{};  // and before that
};

struct OrderPage {
  std::vector<Order> orders;
  size_t total = 0;  // on all pages
};

class OrderBook {
 public:
  [[nodiscard]] size_t size() const { return orders_.size(); }
  // Null for a hold that no payment was started for. Its state is changed by move() only.
  [[nodiscard]] Order* find(HoldNumber hold);
  // Started now, or before.
  Order& start(const Order& order);
  void move(Order& order, HoldState to);

  // Up to `limit` of them in their order, from the `offset`-th.
  [[nodiscard]] OrderPage page(const OrderFilter& filter, size_t offset, size_t limit) const;

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.orders_);
    if constexpr (Archive::kLoads) self.index_all();
  }

 private:
  // Of a bit an order.
  using Bits = std::vector<uint64_t>;
  struct Range {
    size_t first;
    size_t last;  // behind it
  };

  void index_all();
  void index(size_t at);
  [[nodiscard]] Bits& in_state(HoldState state) { return in_state_[static_cast<size_t>(state)]; }
  [[nodiscard]] const Bits& in_state(HoldState state) const { return in_state_[static_cast<size_t>(state)]; }
  [[nodiscard]] Range started_in(const OrderFilter& filter) const;
  [[nodiscard]] OrderPage with_reference(const OrderFilter& filter, Range range, size_t offset, size_t limit) const;
  [[nodiscard]] OrderPage in_state(HoldState state, Range range, size_t offset, size_t limit) const;

  std::vector<Order> orders_;
  std::map<uint64_t, uint32_t> by_hold_;                            // where in them
  std::unordered_map<size_t, std::vector<uint32_t>> by_reference_;  // by its hash
  std::array<Bits, static_cast<size_t>(last_of(HoldState{})) + 1> in_state_;
};

}  // namespace doorbuster::sale
