// The orders of each sale: holds for which a payment was started, and what became of them. For the shop's staff.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sale/views/order_book.h"
#include "sale/views/projection.h"

namespace doorbuster::sale {

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
  void on(const MoneyUnexpected& event, const EventPlace& place) override;
  void on(const MoneyReturned& event, const EventPlace& place) override;

  // Up to `limit` orders of a sale in the order in which they were started, from the `offset`-th.
  [[nodiscard]] OrderPage page(SaleNumber sale, const OrderFilter& filter, size_t offset, size_t limit) const;
  [[nodiscard]] size_t count(SaleNumber sale) const;
  // Null for a hold that no payment was started for.
  [[nodiscard]] const Order* find(SaleNumber sale, HoldNumber hold) const {
    return const_cast<Orders*>(this)->find(sale, hold);
  }

  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.sales_, self.more_due_);
  }

 private:
  // Null for a hold that no payment was started for.
  Order* find(SaleNumber sale, HoldNumber hold);
  void owe(SaleNumber sale, HoldNumber hold, uint8_t attempt, const std::string& reference);
  void pay_back(SaleNumber sale, HoldNumber hold, uint8_t attempt);
  [[nodiscard]] bool has_paid_back_another(HoldNumber hold, uint8_t attempt);
  void settle(SaleNumber sale, HoldNumber hold, HoldState state, const EventPlace& place);

  std::map<SaleNumber, OrderBook> sales_;
  // By hold and attempt: refunds that are due beside the one of which the order says so.
  std::map<uint64_t, std::map<uint8_t, uint32_t>> more_due_;
};

}  // namespace doorbuster::sale
