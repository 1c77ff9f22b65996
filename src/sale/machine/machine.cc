#include "sale/machine/machine.h"

#include <algorithm>

#include "base/bug_zoo.h"
#include "sale/machine/record.h"

namespace doorbuster::sale {
namespace {

// A closed sale's entries and holds are kept this long for late payments, refunds and questions.
constexpr Duration kArchiveAfter = Duration::seconds(30 * 24 * 3600);

bool has_work_for_the_line(const Sale& sale) {
  const bool has_order = sale.draw == nullptr || sale.draw->is_drawn();
  return sale.state == SaleState::kOpen && sale.settings.queue != QueueKind::kNone && has_order && sale.waiting > 0 &&
         sale.available > 0;
}

constexpr const char* kBeaconPassedReason =
    "the beacon's round was public before the sale could open: nothing can be drawn fairly with it any more";

bool ends_by(const Sale& sale, Timestamp moment) {
  const bool may_end = sale.state == SaleState::kOpen || sale.state == SaleState::kPaused;
  return may_end && sale.settings.closes_at && moment >= *sale.settings.closes_at;
}

}  // namespace

std::optional<Timestamp> deadline_of(const Hold& hold, const Sale& sale) {
  if (sale.archived) return std::nullopt;
  if (hold.state == HoldState::kHeld) return hold.expires_at;
  if (forgets_soon(sale)) return hold.expires_at + kRememberVisit;
  const uint32_t grace = bug_planted(Bug::kExpiryBeatsPayment) ? 0 : sale.settings.payment_grace_seconds;
  const Timestamp end_of_grace = hold.expires_at + Duration::seconds(grace);
  if (hold.state == HoldState::kPaying) return end_of_grace;
  // What is over is forgotten in time. Where money came, or may still come, it is kept until the sale is archived.
  return is_over(hold) && is_without_money(hold) ? std::optional(end_of_grace + kRememberResolved) : std::nullopt;
}

std::optional<Timestamp> deadline_of(const Entry& entry, const Sale& sale) {
  if (sale.state == SaleState::kClosed) return std::nullopt;
  if (entry.state == EntryState::kOffered) return claim_end(entry, sale);
  if (!forgets_soon(sale) || !is_over(entry) || entry.hold != kNoSlot) return std::nullopt;
  // Who was removed can't be back in two minutes.
  return entry.claim_until + (entry.state == EntryState::kRemoved ? kRememberResolved : kRememberVisit);
}

std::optional<Timestamp> deadline_of(const Sale& sale) {
  const Settings& settings = sale.settings;
  if (sale.state == SaleState::kDraft || (sale.archived && sale.records == 0)) return std::nullopt;
  if (sale.state == SaleState::kScheduled) return prequeue_begin(settings).value_or(settings.opens_at);
  if (sale.state == SaleState::kPrequeue) return settings.opens_at;
  return sale.state == SaleState::kClosed ? std::optional(sale.closed_at + kArchiveAfter) : settings.closes_at;
}

Machine::Machine(const Capacity& capacity, EntryNamer namer)
    : state_(capacity, std::move(namer)),
      timers_(size_t{capacity.holds} + capacity.entries + capacity.sales),
      changes_(capacity.sales),
      newcomers_(capacity.sales) {}

Result<void> Machine::apply(Bytes payload, Timestamp at) {
  return for_each_event(payload, [&](const auto& event) { state_.apply(event, at); });
}

void Machine::go_live(Timestamp now) {
  timers_.start(now);
  for (uint32_t slot = 0; slot < state_.hold_slots(); ++slot) {
    rearm_hold(slot);
    const Hold& hold = state_.hold_at(slot);
    if (hold.state != HoldState::kFree) newcomers_[hold.sale].push_back(hold.customer);
  }
  for (uint32_t slot = 0; slot < state_.entry_slots(); ++slot) {
    rearm_entry(slot);
    const Entry& entry = state_.entry_at(slot);
    if (entry.state != EntryState::kFree) newcomers_[entry.sale].push_back(entry.customer);
  }
  for (uint32_t sale = 0; sale < state_.sale_count(); ++sale) {
    mark_changed(SaleNumber(sale), Change::kSettings);
    rearm_line(SaleNumber(sale), now);
  }
}

Reply Machine::decide(const Command& command, Timestamp now, EventSink& events) {
  Step step{now, events};
  Reply reply = std::visit([&](const auto& what) { return on(what, step); }, command);
  offer_where_changed(step);
  if (reply.entry && reply.entry->state == EntryState::kWaiting)
    reply = answer_entry(reply.outcome, reply.entry->number.slot);
  forget_surplus(step);  // not before the answer, which may be about what is forgotten now
  return reply;
}

bool Machine::tick(Timestamp now, size_t limit, EventSink& events) {
  Step step{now, events};
  const bool all_done = timers_.advance(now, limit, [&](TimerWheel::Timer timer) {
    const Capacity& capacity = state_.capacity();
    const Timestamp due = timers_.reached();
    if (timer < capacity.holds) return on_hold_due(timer, step);
    if (timer < capacity.holds + capacity.entries) return on_entry_due(timer - capacity.holds, due, step);
    return on_sale_due(SaleNumber(timer - capacity.holds - capacity.entries), due, step);
  });
  // Not before all that is due has happened: a unit is not offered in a sale that is over by now.
  if (all_done) offer_where_changed(step);
  return all_done;
}

void Machine::prefetch(const Command& command) const {
  if (const auto* reserve = std::get_if<Reserve>(&command)) state_.prefetch(reserve->sale, reserve->customer);
  if (const auto* join = std::get_if<Join>(&command)) state_.prefetch(join->sale, join->customer);
}

Machine::Before Machine::look_before(const Touched& touched) const {
  const Sale* sale = state_.find_sale(touched.sale);
  if (sale == nullptr) return {};  // it is being created
  Before before{sale->all_held_at.has_value(), sale->all_sold_at.has_value(), {}};
  if (touched.entry && forgets_soon(*sale)) before.passed = state_.gone_behind(touched.entry->slot);
  return before;
}

void Machine::follow_up(const Touched& touched, const Before& before, Step& step) {
  if (touched.hold) {
    rearm_hold(touched.hold->slot);
    const Hold& hold = state_.hold_at(touched.hold->slot);
    if (hold.state != HoldState::kFree && hold.entry != kNoSlot) rearm_entry(hold.entry);
  }
  if (touched.entry) rearm_entry(touched.entry->slot);
  for (const uint32_t slot : before.passed) rearm_entry(slot);
  if (touched.ends_hold) ended_.push_back(*touched.hold);
  if (touched.newcomer) newcomers_[touched.sale.value()].push_back(*touched.newcomer);
  mark_changed(touched.sale, touched.words ? Change::kSettings : Change::kStatus);
  const Sale& sale = state_.sale_at(touched.sale.value());
  if (!before.all_held && sale.all_held_at) record(AllHeld{touched.sale}, step);
  if (!before.all_sold && sale.all_sold_at) record(AllSold{touched.sale}, step);
}

void Machine::rearm_hold(uint32_t slot) {
  const Hold& hold = state_.hold_at(slot);
  const auto deadline = hold.state == HoldState::kFree ? std::nullopt : deadline_of(hold, state_.sale_at(hold.sale));
  deadline ? timers_.arm(hold_timer(slot), *deadline) : timers_.disarm(hold_timer(slot));
}

void Machine::rearm_entry(uint32_t slot) {
  const auto deadline = entry_deadline(slot);
  deadline ? timers_.arm(entry_timer(slot), *deadline) : timers_.disarm(entry_timer(slot));
}

// What is over is not forgotten while it still stands between others who wait.
std::optional<Timestamp> Machine::entry_deadline(uint32_t slot) const {
  const Entry& entry = state_.entry_at(slot);
  if (is_over(entry) && !state_.has_passed(entry)) return std::nullopt;
  return deadline_of(entry, state_.sale_at(entry.sale));
}

void Machine::rearm_sale(SaleNumber sale) {
  const auto deadline = deadline_of(state_.sale_at(sale.value()));
  deadline ? timers_.arm(sale_timer(sale), *deadline) : timers_.disarm(sale_timer(sale));
}

// Only once a step is over: within it, offers wait for whatever else is due.
void Machine::rearm_line(SaleNumber number, Timestamp now) {
  const Sale& sale = state_.sale_at(number.value());
  if (!has_work_for_the_line(sale)) return;
  const Timestamp next = sale.outflow.next_offer_at(sale.settings.outflow_per_minute, now);
  timers_.arm(sale_timer(number), std::min(next, sale.settings.closes_at.value_or(next)));
}

void Machine::mark_changed(SaleNumber sale, Change change) {
  rearm_sale(sale);
  offer_sales_.push_back(sale);
  Change& known = changes_[sale.value()];
  if (known == Change::kNone) changed_sales_.push_back(sale);
  known = std::max(known, change);
}

Machine::Publication Machine::publication_of(SaleNumber number) {
  Publication publication{state_.status_of(number), nullptr, {}, {}, std::exchange(newcomers_[number.value()], {})};
  if (std::exchange(changes_[number.value()], Change::kNone) != Change::kSettings) return publication;
  const Sale& sale = state_.sale_at(number.value());
  publication.settings = std::make_unique<const Settings>(sale.settings);
  publication.message = sale.message;
  publication.beacon = beacon_of(sale);
  return publication;
}

void Machine::on_hold_due(uint32_t slot, Step& step) {
  const HoldNumber number = state_.number_of_hold(slot);
  const SaleNumber sale(state_.hold_at(slot).sale);
  if (state_.sale_at(sale.value()).archived) return;
  const HoldState state = state_.hold_at(slot).state;
  if (state == HoldState::kHeld || state == HoldState::kPaying) {
    record(HoldExpired{sale, number}, step);
    return forget_surplus(step);
  }
  if (state == HoldState::kReleased || state == HoldState::kExpired) return forget(number, step);
  ASSERT(state == HoldState::kFree);  // it went with its sale into the archive
}

// `due` is what the clock showed when this became due, and not later than now: many things may have become due since
// the last tick, and they happen in that order. Where an offer and its sale end in the same millisecond, the sale ends
// first: only an offer that was over before the sale was has lapsed.
void Machine::on_entry_due(uint32_t slot, Timestamp due, Step& step) {
  const Entry& entry = state_.entry_at(slot);
  const Sale& sale = state_.sale_at(entry.sale);
  if (ends_by(sale, due)) on_sale_due(SaleNumber(entry.sale), due, step);
  const auto deadline = entry_deadline(slot);
  if (!deadline || due < *deadline) return rearm_entry(slot);  // the sale was closed, or paused and resumed
  const EntryNumber number = state_.number_of_entry(slot);
  if (is_over(entry)) return record(EntryForgotten{SaleNumber(entry.sale), number}, step);
  if (sale.state == SaleState::kOpen) return record(OfferLapsed{SaleNumber(entry.sale), number}, step);
  record(OfferExtended{SaleNumber(entry.sale), number, step.now + Duration::seconds(sale.settings.claim_seconds)},
         step);
}

void Machine::on_sale_due(SaleNumber number, Timestamp due, Step& step) {
  const Sale& sale = state_.sale_at(number.value());
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
    return timers_.arm(sale_timer(number), step.now + Duration::seconds(3600));
  }
  rearm_sale(number);
  offer_sales_.push_back(number);
}

// Whoever is in the pre-queue by then takes part in the draw. A sale that comes too late for that, because its server
// was away, can't draw any more: whoever knows both the secret and the beacon's value could still choose who takes
// part.
void Machine::open(SaleNumber number, Step& step) {
  const Sale& sale = state_.sale_at(number.value());
  const SaleDraw* draw = sale.draw.get();
  const std::optional<Beacon>& beacon = beacon_of(sale);
  const bool is_too_late = beacon && beacon->is_public(step.now);
  if (is_too_late && !bug_planted(Bug::kListClosedTooLate)) {
    return record(
        SaleMoved{number, SaleState::kClosed, {.actor = {}, .reason = kBeaconPassedReason, .idempotency = {}}}, step);
  }
  record(SaleMoved{number, SaleState::kOpen, {}}, step);
  if (draw == nullptr) return;
  beacon ? record(DrawClosed{number, draw->drawn(), draw->root()}, step)
         : record(Drawn{number, draw->drawn(), draw->root()}, step);
}

// Offers go out strictly in the order of positions, and only while a unit is really there.
void Machine::offer_to_next(SaleNumber number, Step& step) {
  constexpr int kOffersAStep = 256;
  const Sale& sale = state_.sale_at(number.value());
  const auto is_time = [&] {
    return step.now >= sale.outflow.next_offer_at(sale.settings.outflow_per_minute, step.now);
  };
  for (int i = 0; i < kOffersAStep && has_work_for_the_line(sale) && is_time(); ++i) {
    const EntryNumber entry = state_.number_of_entry(state_.first_waiting(number));
    record(Offered{number, entry, step.now + Duration::seconds(sale.settings.claim_seconds)}, step);
  }
  rearm_line(number, step.now);
}

void Machine::offer_where_changed(Step& step) {
  // Recording an offer marks its sale again, so the list grows while it is worked on; the sale's timer takes up what is
  // left.
  const size_t count = offer_sales_.size();
  for (size_t i = 0; i < count; ++i) {
    if (i == 0 || offer_sales_[i] != offer_sales_[i - 1]) offer_to_next(offer_sales_[i], step);
  }
  offer_sales_.clear();
}

// Timers fire on whole milliseconds; a decision in between must not see what is over as still alive.
void Machine::expire_if_due(HoldNumber number, Step& step) {
  const Hold* hold = state_.find_hold(number);
  if (hold == nullptr || (hold->state != HoldState::kHeld && hold->state != HoldState::kPaying)) return;
  if (step.now >= *deadline_of(*hold, state_.sale_at(hold->sale))) {
    record(HoldExpired{SaleNumber(hold->sale), number}, step);
  }
}

// Where entries are forgotten, one goes with its hold.
void Machine::forget(HoldNumber number, Step& step) {
  const Hold& hold = state_.hold_at(number.slot);
  const SaleNumber sale(hold.sale);
  const uint32_t entry = forgets_soon(state_.sale_at(hold.sale)) ? hold.entry : kNoSlot;
  record(HoldForgotten{sale, number}, step);
  if (entry != kNoSlot) record(EntryForgotten{sale, state_.number_of_entry(entry)}, step);
}

// Of the holds that are over and were never tried to be paid for, only each customer's newest are remembered. Which
// ones is decided by when they were made, so that it does not matter in which order several end at once. Where a
// payment was started more is at stake: a provider that has said no may still say yes, and then a refund is due.
void Machine::forget_surplus(Step& step) {
  for (const HoldNumber number : ended_) {
    if (state_.find_hold(number) == nullptr) continue;
    const Hold& hold = state_.hold_at(number.slot);
    forget_surplus_of(SaleNumber(hold.sale), hold.customer, step);
  }
  ended_.clear();
}

// `customer` is a copy: the record that it came from may be the one to go.
void Machine::forget_surplus_of(SaleNumber sale, CustomerHash customer, Step& step) {
  const auto surplus = [&] { return surplus_from(state_.newest_hold_of(sale, customer)); };
  for (uint32_t slot = surplus(); slot != kNoSlot; slot = surplus()) {
    forget(state_.number_of_hold(slot), step);
  }
}

uint32_t Machine::surplus_from(uint32_t newest) const {
  uint32_t untried = 0;
  uint32_t oldest = kNoSlot;
  for (uint32_t slot = newest; slot != kNoSlot; slot = state_.hold_at(slot).older_of_customer) {
    if (!is_over(state_.hold_at(slot)) || state_.hold_at(slot).attempts > 0) continue;
    ++untried;
    oldest = slot;
  }
  return untried > kMaxUntriedHolds ? oldest : kNoSlot;
}

// The entry's offer, or its hold.
void Machine::lapse_if_due(uint32_t slot, Step& step) {
  const Entry& entry = state_.entry_at(slot);
  if (entry.state == EntryState::kOffered) return on_entry_due(slot, step.now, step);
  if (entry.hold != kNoSlot) expire_if_due(state_.number_of_hold(entry.hold), step);
}

void Machine::resolve_due_holds_of(SaleNumber sale, const CustomerHash& customer, Step& step) {
  uint32_t slot = state_.newest_hold_of(sale, customer);
  for (; slot != kNoSlot; slot = state_.hold_at(slot).older_of_customer) {
    expire_if_due(state_.number_of_hold(slot), step);
  }
}

Reply Machine::answer(Outcome outcome, SaleNumber sale) const {
  Reply reply{.outcome = outcome, .sale = sale};
  if (const Sale* found = state_.find_sale(sale)) reply.sale_state = found->state;
  return reply;
}

Reply Machine::answer_hold(Outcome outcome, uint32_t slot) const {
  const Hold& hold = state_.hold_at(slot);
  Reply reply = answer(outcome, SaleNumber(hold.sale));
  const bool paid_back = hold.refunded != 0 && refunds_due(hold) == 0;
  reply.hold = HoldView{.number = state_.number_of_hold(slot),
                        .sale = SaleNumber(hold.sale),
                        .state = hold.state,
                        .expires_at = hold.expires_at,
                        .attempts = hold.attempts,
                        .refund = refunds_due(hold) != 0 ? RefundState::kDue
                                  : paid_back            ? RefundState::kDone
                                                         : RefundState::kNone};
  return reply;
}

Reply Machine::answer_entry(Outcome outcome, uint32_t slot) const {
  const Entry& entry = state_.entry_at(slot);
  Reply reply = answer(outcome, SaleNumber(entry.sale));
  reply.entry =
      EntryView{.number = state_.number_of_entry(slot),
                .sale = SaleNumber(entry.sale),
                .state = state_.state_of(entry),
                .position = state_.position_of(entry),
                .arrival = entry.arrival,
                .people_ahead = state_.people_ahead(entry),
                .claim_until = claim_end(entry, state_.sale_at(entry.sale)),
                .hold = entry.hold == kNoSlot ? std::nullopt : std::optional(state_.number_of_hold(entry.hold))};
  return reply;
}

}  // namespace doorbuster::sale
