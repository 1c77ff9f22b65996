// What a sale came to: how many joined, held, paid and gave up, and how fast the units went.
#pragma once

#include <map>
#include <vector>

#include "sale/views/projection.h"

namespace doorbuster::sale {

// How fast units went, from the opening on.
struct Velocity {
  uint64_t units = 0;
  uint32_t best_second = 0;  // units in the best second so far
  Timestamp last_at;         // 0: none yet
  // One more, at a time that is not before the last.
  void note(Timestamp opened_at, Timestamp at);

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.units, self.best_second, self.last_at, self.second_, self.in_second_);
  }

 private:
  int64_t second_ = -1;  // since the opening, of the last unit
  uint32_t in_second_ = 0;
};

struct SaleReport {
  uint64_t joined = 0;
  uint64_t left = 0;
  uint64_t removed = 0;
  uint64_t offers = 0;
  uint64_t offers_lapsed = 0;
  uint64_t holds = 0;
  uint64_t claims = 0;  // holds of what was offered
  uint64_t holds_released = 0;
  uint64_t holds_expired = 0;
  uint64_t payments_started = 0;
  uint64_t payments_succeeded = 0;
  uint64_t payments_failed = 0;
  uint64_t payments_late = 0;
  uint64_t refunds_done = 0;
  Timestamp opened_at;  // 0: not yet
  Timestamp closed_at;  // 0: not yet
  // Units held and sold in each of the first seconds after the opening; what comes later is not listed.
  static constexpr size_t kSecondsMax = 3'600;
  std::vector<uint32_t> held_in_second;
  std::vector<uint32_t> sold_in_second;
  Velocity held;
  Velocity sold;
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.joined, self.left, self.removed, self.offers, self.offers_lapsed, self.holds, self.claims,
            self.holds_released, self.holds_expired, self.payments_started, self.payments_succeeded,
            self.payments_failed, self.payments_late, self.refunds_done, self.opened_at, self.closed_at,
            self.held_in_second, self.sold_in_second, self.held, self.sold);
  }
};

class Reports final : public SavedProjection<Reports> {
 public:
  using Projection::on;
  void on(const SaleMoved& event, const EventPlace& place) override;
  void on(const Joined& event, const EventPlace& place) override;
  void on(const Enrolled& event, const EventPlace& place) override;
  void on(const JoinDelayed& event, const EventPlace& place) override;
  void on(const Offered& event, const EventPlace& place) override;
  void on(const OfferLapsed& event, const EventPlace& place) override;
  void on(const EntryLeft& event, const EventPlace& place) override;
  void on(const EntryRemoved& event, const EventPlace& place) override;
  void on(const Held& event, const EventPlace& place) override;
  void on(const HoldReleased& event, const EventPlace& place) override;
  void on(const HoldExpired& event, const EventPlace& place) override;
  void on(const PaymentStarted& event, const EventPlace& place) override;
  void on(const PaymentSucceeded& event, const EventPlace& place) override;
  void on(const PaymentFailed& event, const EventPlace& place) override;
  void on(const PaymentLate& event, const EventPlace& place) override;
  void on(const MoneyReturned& event, const EventPlace& place) override;
  void on(const RefundDone& event, const EventPlace& place) override;

  [[nodiscard]] SaleReport of(SaleNumber sale) const;

  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  std::map<SaleNumber, SaleReport> sales_;
};

}  // namespace doorbuster::sale
