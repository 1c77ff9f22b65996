// Reserving a unit, and giving it back.
#include <array>

#include "base/bug_zoo.h"
#include "sale/machine/answers.h"
#include "sale/machine/decide.h"
#include "sale/machine/due.h"

namespace doorbuster::sale {
namespace {

std::optional<Reply> repeated_reserve(const State& state, const Reserve& command) {
  if (command.idempotency.key == 0 || bug_planted(Bug::kIdempotencyIgnored)) return std::nullopt;
  uint32_t slot = state.newest_hold_of(command.sale, command.customer);
  while (slot != kNoSlot && state.hold_at(slot).key != command.idempotency.key)
    slot = state.hold_at(slot).older_of_customer;
  if (slot == kNoSlot) return std::nullopt;
  const bool same = state.hold_at(slot).fingerprint == static_cast<uint32_t>(command.idempotency.fingerprint);
  return answer_hold(state, same ? Outcome::kAlready : Outcome::kKeyReused, slot);
}

std::optional<Reply> refuse_by_state(const State& state, const Sale& sale, SaleNumber number) {
  if (sale.state == SaleState::kOpen) return std::nullopt;
  if (!sale.published) return answer(state, Outcome::kNotFound, number);
  // draft, scheduled, prequeue, open, paused, closed
  static constexpr std::array kRefusals = {Outcome::kNotFound, Outcome::kSaleNotOpen, Outcome::kSaleNotOpen,
                                           Outcome::kDone,     Outcome::kSalePaused,  Outcome::kSaleClosed};
  static_assert(kRefusals.size() == static_cast<size_t>(last_of(SaleState{})) + 1);
  return answer(state, kRefusals[static_cast<size_t>(sale.state)], number);
}

std::optional<Reply> refuse_over_limit(const State& state, const Reserve& command, const Sale& sale) {
  if (units_of(state, command.sale, command.customer) < sale.settings.per_customer) return std::nullopt;
  return answer_hold(state, Outcome::kOnePerCustomer, state.newest_hold_of(command.sale, command.customer));
}

Reply hold_for(const Reserve& command, std::optional<EntryNumber> entry, Step& step) {
  const auto number = step.state.next_hold();
  if (!number) return answer(step.state, Outcome::kLimitReached, command.sale);
  const Sale& sale = step.state.sale_at(command.sale.value());
  if (const Outcome room = step.state.room_for_hold(sale, command.kind); refused(room))
    return answer(step.state, room, command.sale);
  const AnnotationsBox of_entry = entry ? step.state.annotations_of(*entry) : AnnotationsBox();
  const AnnotationsBox more = beyond(command.annotations, of_entry);
  if (refused(step.state.room_for_annotations(sale, command.kind, more)))
    return answer(step.state, Outcome::kNoRoomToAnnotate, command.sale);
  record(Held{.sale = command.sale,
              .hold = *number,
              .entry = entry,
              .customer = command.customer,
              .expires_at = step.now + Duration::seconds(sale.settings.hold_seconds),
              .idempotency = command.idempotency,
              .annotations = merged(command.annotations, of_entry),
              .kind = command.kind},
         step);
  return answer_hold(step.state, Outcome::kDone, number->slot);
}

}  // namespace

uint32_t units_of(const State& state, SaleNumber sale, const CustomerHash& customer) {
  uint32_t units = 0;
  for (uint32_t slot = state.newest_hold_of(sale, customer); slot != kNoSlot;
       slot = state.hold_at(slot).older_of_customer) {
    const HoldState now = state.hold_at(slot).state;
    if (now == HoldState::kHeld || now == HoldState::kPaying || now == HoldState::kSold) ++units;
    if (now == HoldState::kExpired && bug_planted(Bug::kPerCustomerForgottenAfterExpiry)) break;
  }
  return units;
}

bool is_owned(const Hold* hold, const std::optional<CustomerHash>& customer) {
  return hold != nullptr && (!customer || hold->customer == *customer);
}

Reply decide(const Reserve& command, Step& step) {
  const Sale* sale = step.state.find_sale(command.sale);
  if (sale == nullptr) return answer_not_kept(step.state, Outcome::kSaleClosed, command.sale);
  resolve_due_holds_of(command.sale, command.customer, step);

  if (auto reply = sale->archived ? std::nullopt : repeated_reserve(step.state, command)) return *reply;
  if (auto reply = refuse_by_state(step.state, *sale, command.sale)) return *reply;
  if (auto reply = refuse_over_limit(step.state, command, *sale)) return *reply;

  if (sale->settings.queue == QueueKind::kNone) {
    if (sale->available > 0 || bug_planted(Bug::kOversellByOne)) return hold_for(command, std::nullopt, step);
    Reply reply = answer(step.state, Outcome::kSoldOut, command.sale);
    reply.units = sale->held + sale->paying;
    return reply;
  }
  const uint32_t slot = step.state.entry_of(command.sale, command.customer);
  if (slot == kNoSlot) {
    return answer(step.state, sale->sold == sale->settings.units ? Outcome::kSoldOut : Outcome::kNotYourTurn,
                  command.sale);
  }
  lapse_if_due(slot, step);
  if (auto reply = refuse_by_state(step.state, *sale, command.sale)) return *reply;  // its end was due with the offer's
  const EntryState state = step.state.entry_at(slot).state;
  if (state == EntryState::kOffered) return hold_for(command, step.state.number_of_entry(slot), step);
  return answer_entry(step.state, state == EntryState::kRemoved ? Outcome::kRemoved : Outcome::kNotYourTurn, slot);
}

Reply decide(const Release& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = step.state.find_hold(command.hold);
  if (!command.customer) {
    auto reply = repeated_request(step.state, command.cause);
    if (reply && hold != nullptr) return answer_hold(step.state, reply->outcome, command.hold.slot);
    if (reply) return *reply;
  }
  if (!is_owned(hold, command.customer)) return answer(step.state, Outcome::kNotFound, {});
  if (hold->state == HoldState::kHeld || bug_planted(Bug::kDoubleReleaseFreesTwoUnits)) {
    record(HoldReleased{SaleNumber(hold->sale), command.hold, command.customer ? Cause{} : command.cause}, step);
    return answer_hold(step.state, Outcome::kDone, command.hold.slot);
  }
  // free, held, paying, sold, released, expired
  static constexpr std::array kAnswers = {Outcome::kNotFound,    Outcome::kDone,    Outcome::kPaymentInFlight,
                                          Outcome::kAlreadySold, Outcome::kAlready, Outcome::kExpired};
  static_assert(kAnswers.size() == static_cast<size_t>(last_of(HoldState{})) + 1);
  return answer_hold(step.state, kAnswers[static_cast<size_t>(hold->state)], command.hold.slot);
}

Reply decide(const LookUpHold& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = step.state.find_hold(command.hold);
  if (!is_owned(hold, command.customer)) return answer(step.state, Outcome::kNotFound, {});
  return answer_hold(step.state, Outcome::kDone, command.hold.slot);
}

}  // namespace doorbuster::sale
