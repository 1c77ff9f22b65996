// The audit trail of each sale: what was done to it, when, by whom and why. What customers did is counted, not listed;
// money that fits no expectation is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sale/views/projection.h"

namespace doorbuster::sale {

struct AuditLine {
  Sequence sequence;
  Timestamp at;
  std::string actor;  // the id of an operator's key; empty: the clock
  std::string action;
  std::string detail;
  std::string reason;
  // What it was done to, if not the sale.
  std::optional<EntryNumber> entry = std::nullopt;
  std::optional<HoldNumber> hold = std::nullopt;
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.sequence, self.at, self.actor, self.action, self.detail, self.reason, self.entry, self.hold);
  }
};

class Audit final : public SavedProjection<Audit> {
 public:
  using Projection::on;
  void on(const SaleCreated& event, const EventPlace& place) override;
  void on(const SaleChanged& event, const EventPlace& place) override;
  void on(const SaleMoved& event, const EventPlace& place) override;
  void on(const SaleAnnounced& event, const EventPlace& place) override;
  void on(const SaleArchived& event, const EventPlace& place) override;
  void on(const BeaconNamed& event, const EventPlace& place) override;
  void on(const DrawClosed& event, const EventPlace& place) override;
  void on(const BeaconGiven& event, const EventPlace& place) override;
  void on(const EntryRemoved& event, const EventPlace& place) override;
  void on(const HoldReleased& event, const EventPlace& place) override;
  void on(const MoneyUnexpected& event, const EventPlace& place) override;
  void on(const MoneyReturned& event, const EventPlace& place) override;

  [[nodiscard]] const std::vector<AuditLine>& lines(SaleNumber sale) const;

  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  struct Book {
    Settings settings;
    std::vector<AuditLine> lines;
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      archive(self.settings, self.lines);
    }
  };
  AuditLine& note(SaleNumber sale, const EventPlace& place, const Cause& cause, std::string action,
                  std::string detail = {});

  std::map<SaleNumber, Book> sales_;
};

}  // namespace doorbuster::sale
