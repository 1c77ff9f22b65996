#include "sale/machine/deadlines.h"

#include <algorithm>

#include "base/bug_zoo.h"

namespace doorbuster::sale {
namespace {

// A closed sale's entries and holds are kept this long for late payments, refunds and questions.
constexpr Duration kArchiveAfter = Duration::seconds(30 * 24 * 3600);

}  // namespace

std::optional<Timestamp> deadline_of(const Hold& hold, const Sale& sale) {
  if (sale.archived) return std::nullopt;
  if (hold.state == HoldState::kHeld) return hold.until;
  if (has_short_retention(sale)) return ended_at(hold) + kRememberVisit;
  const uint32_t grace = bug_planted(Bug::kExpiryBeatsPayment) ? 0 : sale.settings.payment_grace_seconds;
  const Timestamp end_of_grace = hold.until + Duration::seconds(grace);
  if (hold.state == HoldState::kPaying) return end_of_grace;
  // What is over is forgotten in time. Where money came, or may still come, it is kept until the sale is archived.
  return is_over(hold) && is_without_money(hold) ? std::optional(end_of_grace + kRememberResolved) : std::nullopt;
}

std::optional<Timestamp> deadline_of(const Entry& entry, const Sale& sale) {
  if (sale.state == SaleState::kClosed) return std::nullopt;
  if (entry.state == EntryState::kOffered) return claim_end(entry, sale);
  if (!has_short_retention(sale) || !is_over(entry) || entry.hold != kNoSlot) return std::nullopt;
  // Who was removed can't be back in two minutes.
  return ended_at(entry) + (entry.state == EntryState::kRemoved ? kRememberResolved : kRememberVisit);
}

std::optional<Timestamp> deadline_of(const Sale& sale) {
  const Settings& settings = sale.settings;
  if (sale.state == SaleState::kDraft) return std::nullopt;
  if (sale.state == SaleState::kScheduled) return prequeue_begin(settings).value_or(settings.opens_at);
  if (sale.state == SaleState::kPrequeue) return settings.opens_at;
  return sale.state == SaleState::kClosed ? std::optional(sale.closed_at + kArchiveAfter) : settings.closes_at;
}

std::optional<Timestamp> entry_deadline(const State& state, uint32_t slot) {
  const Entry& entry = state.entry_at(slot);
  if (entry.state == EntryState::kFree) return std::nullopt;
  if (is_over(entry) && !state.has_passed(entry)) return std::nullopt;
  return deadline_of(entry, state.sale_at(entry.sale));
}

bool has_work_for_the_line(const Sale& sale) {
  return sale.state == SaleState::kOpen && gives_places(sale) && sale.queue_head != kNoSlot && sale.available > 0;
}

std::optional<Timestamp> next_placement(const State& state, const Sale& sale) {
  if (sale.delayed_head == kNoSlot || !gives_places(sale)) return std::nullopt;
  return placement_due(state.entry_at(sale.delayed_head), sale);
}

Deadlines::Deadlines(const Capacity& capacity)
    : holds_(capacity.holds),
      entries_(capacity.entries),
      timers_(size_t{capacity.holds} + capacity.entries + kSalesACellMax) {}

void Deadlines::set(TimerWheel::Timer timer, const std::optional<Timestamp>& deadline) {
  deadline ? timers_.arm(timer, *deadline) : timers_.disarm(timer);
}

void Deadlines::rearm_hold(const State& state, uint32_t slot) {
  const Hold& hold = state.hold_at(slot);
  set(slot, hold.state == HoldState::kFree ? std::nullopt : deadline_of(hold, state.sale_at(hold.sale)));
}

void Deadlines::rearm_entry(const State& state, uint32_t slot) { set(holds_ + slot, entry_deadline(state, slot)); }

void Deadlines::rearm_sale(const State& state, SaleNumber sale) {
  set(timer_of(state, sale), deadline_of(state.sale_at(sale.value())));
}

void Deadlines::rearm_line(const State& state, SaleNumber number, Timestamp now) {
  const Sale& sale = state.sale_at(number.value());
  std::optional<Timestamp> next = next_placement(state, sale);
  if (has_work_for_the_line(sale)) {
    const Timestamp offer = sale.outflow.next_offer_at(sale.settings.outflow_per_minute, now);
    next = std::min(offer, next.value_or(offer));
  }
  if (next) arm_sale(state, number, std::min(*next, deadline_of(sale).value_or(*next)));
}

}  // namespace doorbuster::sale
