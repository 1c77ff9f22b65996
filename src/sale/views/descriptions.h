// What the operator has said of each sale, and the few of its public numbers that no other view keeps.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "sale/views/projection.h"

namespace doorbuster::sale {

struct SaleDescription {
  Settings settings;
  std::string message;           // of the operator, to those who wait; empty: none
  std::optional<Beacon> beacon;  // that its draw waits for, or has waited for
  bool published = false;
  uint32_t last_position = 0;
  Timestamp all_held_at;  // 0: not yet
  Timestamp all_sold_at;  // 0: not yet
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.settings, self.settings.entry_rules, self.message, self.beacon, self.published, self.last_position,
            self.all_held_at, self.all_sold_at);
  }
};

class Descriptions final : public SavedProjection<Descriptions> {
 public:
  using Projection::on;
  void on(const SaleCreated& event, const EventPlace& place) override;
  void on(const SaleChanged& event, const EventPlace& place) override;
  void on(const SaleMoved& event, const EventPlace& place) override;
  void on(const SaleAnnounced& event, const EventPlace& place) override;
  void on(const BeaconNamed& event, const EventPlace& place) override;
  void on(const AllHeld& event, const EventPlace& place) override;
  void on(const AllSold& event, const EventPlace& place) override;
  void on(const Joined& event, const EventPlace& place) override;
  void on(const Enrolled& event, const EventPlace& place) override;
  void on(const EntryPlaced& event, const EventPlace& place) override;

  [[nodiscard]] bool knows(SaleNumber sale) const { return sales_.contains(sale); }
  // Of a sale that was created and is not forgotten.
  [[nodiscard]] const SaleDescription& of(SaleNumber sale) const;

  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  std::map<SaleNumber, SaleDescription> sales_;
};

}  // namespace doorbuster::sale
