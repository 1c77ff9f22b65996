#include "sale/machine/due.h"

#include "base/bug_zoo.h"
#include "sale/machine/archiving.h"

namespace doorbuster::sale {
namespace {

constexpr const char* kBeaconPassedReason =
    "the beacon's round was public before the sale could open: nothing can be drawn fairly with it any more";

constexpr const char* kReviewReason =
    "review: look at the line, remove entries that should have no offer, and then resume the sale";

bool ends_by(const Sale& sale, Timestamp moment) {
  const bool may_end = sale.state == SaleState::kOpen || sale.state == SaleState::kPaused;
  return may_end && sale.settings.closes_at && moment >= *sale.settings.closes_at;
}

// Whoever is in the pre-queue by then takes part in the draw. A sale that comes too late for that, because its server
// was away, can't draw any more: whoever knows both the secret and the beacon's value could still choose who takes
// part.
void open(SaleNumber number, Step& step) {
  const Sale& sale = step.state.sale_at(number.value());
  const SaleDraw* draw = sale.draw.get();
  const std::optional<Beacon>& beacon = beacon_of(sale);
  const bool is_too_late = beacon && beacon->is_public(step.now);
  if (is_too_late && !bug_planted(Bug::kListClosedTooLate)) {
    return record(
        SaleMoved{number, SaleState::kClosed, {.actor = {}, .reason = kBeaconPassedReason, .idempotency = {}}}, step);
  }
  record(SaleMoved{number, SaleState::kOpen, {}}, step);
  if (draw != nullptr) {
    beacon ? record(DrawClosed{number, draw->drawn(), draw->root()}, step)
           : record(Drawn{number, draw->drawn(), draw->root()}, step);
  }
  pause_for_review(number, step);
}

// Those whose delay is over, behind all others and in the order in which they came.
void place_delayed(SaleNumber number, const Sale& sale, Step& step) {
  constexpr int kPlacedAStep = 256;
  for (int i = 0; i < kPlacedAStep; ++i) {
    const auto due = next_placement(step.state, sale);
    if (!due || step.now < *due) return;
    const EntryNumber entry = step.state.number_of_entry(sale.delayed_head);
    record(EntryPlaced{number, entry, sale.last_position + 1}, step);
  }
}

// Offers go out strictly in the order of positions, and only while a unit is really there.
void offer_to_next(SaleNumber number, const Sale& sale, Step& step) {
  constexpr int kOffersAStep = 256;
  const auto is_time = [&] {
    return step.now >= sale.outflow.next_offer_at(sale.settings.outflow_per_minute, step.now);
  };
  for (int i = 0; i < kOffersAStep && has_work_for_the_line(sale) && is_time(); ++i) {
    const EntryNumber entry = step.state.number_of_entry(step.state.first_waiting(number));
    record(Offered{number, entry, step.now + Duration::seconds(sale.settings.claim_seconds)}, step);
  }
}

// The sale's timer takes up what is left of either.
void move_line(SaleNumber number, Step& step) {
  if (step.state.find_sale(number) == nullptr) return;  // it was archived in this very step
  const Sale& sale = step.state.sale_at(number.value());
  place_delayed(number, sale, step);
  offer_to_next(number, sale, step);
  step.deadlines.rearm_line(step.state, number, step.now);
}

uint32_t surplus_from(const State& state, uint32_t newest) {
  uint32_t untried = 0;
  uint32_t oldest = kNoSlot;
  for (uint32_t slot = newest; slot != kNoSlot; slot = state.hold_at(slot).older_of_customer) {
    if (!is_over(state.hold_at(slot)) || state.hold_at(slot).attempts > 0) continue;
    ++untried;
    oldest = slot;
  }
  return untried > kMaxUntriedHolds ? oldest : kNoSlot;
}

// `customer` is a copy: the record that it came from may be the one to go.
void forget_surplus_of(SaleNumber sale, CustomerHash customer, Step& step) {
  const auto surplus = [&] { return surplus_from(step.state, step.state.newest_hold_of(sale, customer)); };
  for (uint32_t slot = surplus(); slot != kNoSlot; slot = surplus()) {
    forget_hold(step.state.number_of_hold(slot), step);
  }
}

}  // namespace

void pause_for_review(SaleNumber number, Step& step) {
  const Sale& sale = step.state.sale_at(number.value());
  if (!sale.settings.entry_rules.review || sale.state != SaleState::kOpen || !gives_places(sale)) return;
  record(SaleMoved{number, SaleState::kPaused, {.actor = {}, .reason = kReviewReason, .idempotency = {}}}, step);
}

void forget_hold(HoldNumber number, Step& step) {
  const Hold& hold = step.state.hold_at(number.slot);
  const SaleNumber sale(hold.sale);
  const uint32_t entry = has_short_retention(step.state.sale_at(hold.sale)) ? hold.entry : kNoSlot;
  record(HoldForgotten{sale, number}, step);
  if (entry != kNoSlot) record(EntryForgotten{sale, step.state.number_of_entry(entry)}, step);
}

void on_hold_due(uint32_t slot, Step& step) {
  const HoldNumber number = step.state.number_of_hold(slot);
  const HoldState state = step.state.hold_at(slot).state;
  if (state == HoldState::kFree) return;  // it went with its sale into the archive
  const SaleNumber sale(step.state.hold_at(slot).sale);
  if (step.state.sale_at(sale.value()).archived) return;
  if (state == HoldState::kHeld || state == HoldState::kPaying) {
    record(HoldExpired{sale, number}, step);
    return forget_surplus(step);
  }
  ASSERT(state == HoldState::kReleased || state == HoldState::kExpired);
  forget_hold(number, step);
}

// `due` is what the clock showed when this became due, and not later than now: many things may have become due since
// the last tick, and they happen in that order. Where an offer and its sale end in the same millisecond, the sale ends
// first: only an offer that was over before the sale was has lapsed.
void on_entry_due(uint32_t slot, Timestamp due, Step& step) {
  const Entry& entry = step.state.entry_at(slot);
  if (entry.state == EntryState::kFree) return;  // as above
  const Sale& sale = step.state.sale_at(entry.sale);
  if (ends_by(sale, due)) on_sale_due(SaleNumber(entry.sale), due, step);
  const auto deadline = entry_deadline(step.state, slot);
  if (!deadline || due < *deadline)
    return step.deadlines.rearm_entry(step.state, slot);  // the sale was closed, or paused and resumed
  const EntryNumber number = step.state.number_of_entry(slot);
  if (is_over(entry)) return record(EntryForgotten{SaleNumber(entry.sale), number}, step);
  if (sale.state == SaleState::kOpen) return record(OfferLapsed{SaleNumber(entry.sale), number}, step);
  record(OfferExtended{SaleNumber(entry.sale), number, step.now + Duration::seconds(sale.settings.claim_seconds)},
         step);
}

void on_sale_due(SaleNumber number, Timestamp due, Step& step) {
  const Sale& sale = step.state.sale_at(number.value());
  const Settings& settings = sale.settings;
  const bool may_open = sale.state == SaleState::kScheduled || sale.state == SaleState::kPrequeue;
  if (may_open && step.now >= settings.opens_at) return open(number, step);
  const auto prequeue = prequeue_begin(settings);
  if (sale.state == SaleState::kScheduled && prequeue && step.now >= *prequeue) {
    return record(SaleMoved{number, SaleState::kPrequeue, {}}, step);
  }
  if (ends_by(sale, due)) return record(SaleMoved{number, SaleState::kClosed, {}}, step);
  if (sale.state == SaleState::kClosed) {
    if (sale.held + sale.paying + sale.refunds_due == 0) return archive_some(number, step);
    return step.deadlines.arm_sale(step.state, number, step.now + Duration::seconds(3600));
  }
  step.deadlines.rearm_sale(step.state, number);
  step.follow_ups.lines.push_back(number);
}

void move_lines(Step& step) {
  std::vector<SaleNumber>& lines = step.follow_ups.lines;
  // Recording an offer marks its sale again, so the list grows while it is worked on.
  const size_t count = lines.size();
  for (size_t i = 0; i < count; ++i) {
    if (i == 0 || lines[i] != lines[i - 1]) move_line(lines[i], step);
  }
  lines.clear();
}

// Timers fire on whole milliseconds; a decision in between must not see what is over as still alive.
void expire_if_due(HoldNumber number, Step& step) {
  const Hold* hold = step.state.find_hold(number);
  if (hold == nullptr || (hold->state != HoldState::kHeld && hold->state != HoldState::kPaying)) return;
  if (step.now >= *deadline_of(*hold, step.state.sale_at(hold->sale))) {
    record(HoldExpired{SaleNumber(hold->sale), number}, step);
  }
}

// Of the holds that are over and were never tried to be paid for, only each customer's newest are remembered. Which
// ones is decided by when they were made, so that it does not matter in which order several end at once. Where a
// payment was started more is at stake: a provider that has said no may still say yes, and then a refund is due.
void forget_surplus(Step& step) {
  for (const HoldNumber number : step.follow_ups.ended) {
    if (step.state.find_hold(number) == nullptr) continue;
    const Hold& hold = step.state.hold_at(number.slot);
    forget_surplus_of(SaleNumber(hold.sale), hold.customer, step);
  }
  step.follow_ups.ended.clear();
}

// The entry's offer, or its hold.
void lapse_if_due(uint32_t slot, Step& step) {
  const Entry& entry = step.state.entry_at(slot);
  if (entry.state == EntryState::kOffered) return on_entry_due(slot, step.now, step);
  if (entry.hold != kNoSlot) expire_if_due(step.state.number_of_hold(entry.hold), step);
}

void resolve_due_holds_of(SaleNumber sale, const CustomerHash& customer, Step& step) {
  uint32_t slot = step.state.newest_hold_of(sale, customer);
  for (; slot != kNoSlot; slot = step.state.hold_at(slot).older_of_customer) {
    expire_if_due(step.state.number_of_hold(slot), step);
  }
}

}  // namespace doorbuster::sale
