#include "sale/views/reports.h"

#include <algorithm>

namespace doorbuster::sale {
namespace {

void count_in_second(std::vector<uint32_t>& seconds, const SaleReport& report, Timestamp at) {
  if (report.opened_at == Timestamp() || at < report.opened_at) return;
  const auto second = static_cast<size_t>((at - report.opened_at).whole_seconds());
  if (second >= SaleReport::kSecondsMax) return;
  if (second >= seconds.size()) seconds.resize(second + 1);
  ++seconds[second];
}

}  // namespace

void Velocity::note(Timestamp opened_at, Timestamp at) {
  if (opened_at == Timestamp() || at < opened_at) return;
  const int64_t second = (at - opened_at).whole_seconds();
  in_second_ = second == second_ ? in_second_ + 1 : 1;
  second_ = second;
  best_second = std::max(best_second, in_second_);
  last_at = at;
  ++units;
}

void Reports::on(const SaleMoved& event, const EventPlace& place) {
  SaleReport& report = sales_[event.sale];
  if (event.to == SaleState::kOpen && report.opened_at == Timestamp()) report.opened_at = place.at;
  if (event.to == SaleState::kClosed) report.closed_at = place.at;
}

void Reports::on(const Joined& event, const EventPlace&) { ++sales_[event.sale].joined; }
void Reports::on(const Enrolled& event, const EventPlace&) { ++sales_[event.sale].joined; }
void Reports::on(const JoinDelayed& event, const EventPlace&) { ++sales_[event.sale].joined; }
void Reports::on(const Offered& event, const EventPlace&) { ++sales_[event.sale].offers; }
void Reports::on(const OfferLapsed& event, const EventPlace&) { ++sales_[event.sale].offers_lapsed; }
void Reports::on(const EntryLeft& event, const EventPlace&) { ++sales_[event.sale].left; }
void Reports::on(const EntryRemoved& event, const EventPlace&) { ++sales_[event.sale].removed; }

void Reports::on(const Held& event, const EventPlace& place) {
  SaleReport& report = sales_[event.sale];
  ++report.holds;
  if (event.entry) ++report.claims;
  report.held.note(report.opened_at, place.at);
  count_in_second(report.held_in_second, report, place.at);
}

void Reports::on(const HoldReleased& event, const EventPlace&) { ++sales_[event.sale].holds_released; }
void Reports::on(const HoldExpired& event, const EventPlace&) { ++sales_[event.sale].holds_expired; }
void Reports::on(const PaymentStarted& event, const EventPlace&) { ++sales_[event.sale].payments_started; }

void Reports::on(const PaymentSucceeded& event, const EventPlace& place) {
  SaleReport& report = sales_[event.sale];
  ++report.payments_succeeded;
  report.sold.note(report.opened_at, place.at);
  count_in_second(report.sold_in_second, report, place.at);
}

void Reports::on(const PaymentFailed& event, const EventPlace&) { ++sales_[event.sale].payments_failed; }
void Reports::on(const PaymentLate& event, const EventPlace&) { ++sales_[event.sale].payments_late; }
void Reports::on(const RefundDone& event, const EventPlace&) { ++sales_[event.sale].refunds_done; }
void Reports::on(const MoneyReturned& event, const EventPlace&) {
  // Nothing is added to the report of a sale that is archived.
  if (const auto found = sales_.find(event.sale); found != sales_.end()) ++found->second.refunds_done;
}

SaleReport Reports::of(SaleNumber sale) const {
  const auto found = sales_.find(sale);
  return found == sales_.end() ? SaleReport{} : found->second;
}

}  // namespace doorbuster::sale
