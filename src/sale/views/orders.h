// The orders of each sale: holds for which a payment was started, and what became of them. For the shop's staff.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sale/views/projection.h"

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
  Timestamp settled_at;   // 0: not yet
  std::string reference;  // the provider's, of the payment that bought the unit, or else of the last one to refund
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.hold, self.sale, self.customer, self.state, self.refund, self.attempts, self.refunds_due,
            self.started_at, self.settled_at, self.reference);
  }
};

class Orders final : public SavedProjection<Orders> {
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

  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  struct Book {
    std::vector<Order> orders;
    std::map<uint64_t, uint32_t> by_hold;  // where in them
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      archive(self.orders, self.by_hold);
    }
  };
  // Null for a hold that no payment was started for.
  Order* find(SaleNumber sale, HoldNumber hold);
  void settle(SaleNumber sale, HoldNumber hold, HoldState state, const EventPlace& place);

  std::map<SaleNumber, Book> sales_;
};

}  // namespace doorbuster::sale
