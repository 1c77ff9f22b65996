// Who stands in a sale's line, for the operator: by the order of arrival, with what was thought of each when they came,
// and what became of them.
//
// Entries are kept by their slot, as the machine keeps them, so what the machine has forgotten and used again is
// forgotten here, too. A sale's list holds 4 bytes for each arrival and drops those at its front that are forgotten.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "sale/views/projection.h"

namespace doorbuster::sale {

struct LineEntry {
  CustomerHash customer;
  EntryNumber number;
  uint32_t arrival = 0;  // 1 is the first; but for a draw, the position too; 0: delayed, and not placed yet
  SaleNumber sale;
  Timestamp joined_at;
  Assessment assessment;
  CustomerKind kind{};
  EntryState state = EntryState::kFree;
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.customer, self.number, self.arrival, self.sale, self.joined_at, self.assessment,
            self.assessment.is_delayed, self.kind, self.state);
  }
};

class Line final : public SavedProjection<Line> {
 public:
  using Projection::on;
  void on(const SaleMoved& event, const EventPlace& place) override;
  void on(const SaleArchived& event, const EventPlace& place) override;
  void on(const Joined& event, const EventPlace& place) override;
  void on(const Enrolled& event, const EventPlace& place) override;
  void on(const JoinDelayed& event, const EventPlace& place) override;
  void on(const EntryPlaced& event, const EventPlace& place) override;
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

  // How many have arrived.
  [[nodiscard]] uint32_t arrivals(SaleNumber sale) const;
  // The one that came as the `arrival`-th, from 1; nothing if it is forgotten, or nobody has.
  [[nodiscard]] std::optional<LineEntry> at(SaleNumber sale, uint32_t arrival) const;
  // All of a customer that are remembered, oldest first. Looks at everybody in the line, and at who waits for a place.
  [[nodiscard]] std::vector<LineEntry> of(SaleNumber sale, const CustomerHash& customer) const;

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.sales_, self.entries_, self.of_hold_);
  }
  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  struct List {
    std::deque<uint32_t> slots;    // by arrival
    std::deque<uint32_t> delayed;  // who waits for a place, and who has gone meanwhile
    uint32_t dropped = 0;          // arrivals before the first of `slots`
    bool is_closed = false;
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      archive(self.slots, self.delayed, self.dropped, self.is_closed);
    }
  };
  template <class E>
  void come(const E& event, Timestamp at);
  void arrive(SaleNumber sale, EntryNumber entry, uint32_t arrival);
  void settle(HoldNumber hold, EntryState state);
  void end(HoldNumber hold, EntryState state);
  [[nodiscard]] bool is_remembered(SaleNumber sale, uint32_t slot, uint32_t arrival) const;
  [[nodiscard]] LineEntry shown(const List& list, uint32_t slot) const;

  static constexpr uint32_t kNobody = UINT32_MAX;
  std::map<SaleNumber, List> sales_;
  std::vector<LineEntry> entries_;  // by slot
  std::vector<uint32_t> of_hold_;   // by the slot of a hold: its entry's, or kNobody
};

}  // namespace doorbuster::sale
