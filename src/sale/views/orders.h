// The orders of each sale: holds for which a payment was started, and what became of them. For the shop's staff.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sale/views/follower.h"

namespace doorbuster::sale {

struct Order {
  HoldNumber hold;
  SaleNumber sale;
  CustomerHash customer;
  HoldState state = HoldState::kPaying;
  RefundState refund = RefundState::kNone;
  uint8_t attempts = 0;
  Timestamp started_at;
  Timestamp settled_at;   // 0: not yet
  std::string reference;  // the provider's, of the payment that bought the unit, or else of the last one to refund
};

class Orders final : public Projection {
 public:
  using Projection::on;
  void on(const HoldExpired& event, const EventPlace& place) override;
  void on(const HoldReleased& event, const EventPlace& place) override;
  void on(const PaymentStarted& event, const EventPlace& place) override;
  void on(const PaymentSucceeded& event, const EventPlace& place) override;
  void on(const PaymentFailed& event, const EventPlace& place) override;
  void on(const PaymentLate& event, const EventPlace& place) override;
  void on(const RefundDone& event, const EventPlace& place) override;

  // Up to `limit` orders of a sale in the order in which they were started, from the `offset`-th.
  [[nodiscard]] std::vector<Order> page(SaleNumber sale, size_t offset, size_t limit) const;
  [[nodiscard]] size_t count(SaleNumber sale) const;
  [[nodiscard]] const Order* find(HoldNumber hold) const;

  // Payments of which no result is known, and refunds that are due: what was under way when the server stopped.
  struct Open {
    HoldNumber hold;
    uint8_t attempt;
  };
  [[nodiscard]] const std::map<std::pair<uint64_t, uint8_t>, Open>& open_payments() const { return open_payments_; }
  [[nodiscard]] const std::map<std::pair<uint64_t, uint8_t>, Open>& due_refunds() const { return due_refunds_; }

 private:
  Order* known(HoldNumber hold);
  void settle(HoldNumber hold, HoldState state, const EventPlace& place);

  std::map<uint64_t, Order> orders_;
  std::map<SaleNumber, std::vector<uint64_t>> by_sale_;
  std::map<std::pair<uint64_t, uint8_t>, Open> open_payments_;
  std::map<std::pair<uint64_t, uint8_t>, Open> due_refunds_;
};

}  // namespace doorbuster::sale
