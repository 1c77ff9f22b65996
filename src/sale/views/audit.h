// The audit trail of each sale: what was done to it, when, by whom and why. What customers did is counted, not listed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sale/views/follower.h"

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
};

class Audit final : public Projection {
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

  [[nodiscard]] const std::vector<AuditLine>& lines(SaleNumber sale) const;

 private:
  AuditLine& note(SaleNumber sale, const EventPlace& place, const Cause& cause, std::string action,
                  std::string detail = {});

  std::map<SaleNumber, std::vector<AuditLine>> lines_;
  std::map<SaleNumber, Settings> settings_;
};

}  // namespace doorbuster::sale
