// Reserving a unit, and giving it back.
#include <array>

#include "base/bug_zoo.h"
#include "sale/machine/record.h"

namespace doorbuster::sale {

uint32_t Machine::units_of(SaleNumber sale, const CustomerHash& customer) const {
  uint32_t units = 0;
  for (uint32_t slot = state_.newest_hold_of(sale, customer); slot != kNoSlot;
       slot = state_.hold_at(slot).older_of_customer) {
    const HoldState state = state_.hold_at(slot).state;
    if (state == HoldState::kHeld || state == HoldState::kPaying || state == HoldState::kSold) ++units;
    if (state == HoldState::kExpired && bug_planted(Bug::kPerCustomerForgottenAfterExpiry)) break;
  }
  return units;
}

std::optional<Reply> Machine::repeated_reserve(const Reserve& command) const {
  if (command.idempotency.key == 0 || bug_planted(Bug::kIdempotencyIgnored)) return std::nullopt;
  uint32_t slot = state_.newest_hold_of(command.sale, command.customer);
  while (slot != kNoSlot && state_.hold_at(slot).key != command.idempotency.key)
    slot = state_.hold_at(slot).older_of_customer;
  if (slot == kNoSlot) return std::nullopt;
  const bool same = state_.hold_at(slot).fingerprint == static_cast<uint32_t>(command.idempotency.fingerprint);
  return answer_hold(same ? Outcome::kAlready : Outcome::kKeyReused, slot);
}

std::optional<Reply> Machine::refuse_by_state(const Sale& sale, SaleNumber number) const {
  if (sale.state == SaleState::kOpen) return std::nullopt;
  if (!sale.published) return answer(Outcome::kNotFound, number);
  // draft, scheduled, prequeue, open, paused, closed
  static constexpr std::array kRefusals = {Outcome::kNotFound, Outcome::kSaleNotOpen, Outcome::kSaleNotOpen,
                                           Outcome::kDone,     Outcome::kSalePaused,  Outcome::kSaleClosed};
  static_assert(kRefusals.size() == static_cast<size_t>(last_of(SaleState{})) + 1);
  return answer(kRefusals[static_cast<size_t>(sale.state)], number);
}

std::optional<Reply> Machine::refuse_over_limit(const Reserve& command, const Sale& sale) const {
  if (units_of(command.sale, command.customer) < sale.settings.per_customer) return std::nullopt;
  return answer_hold(Outcome::kOnePerCustomer, state_.newest_hold_of(command.sale, command.customer));
}

Reply Machine::hold_for(const Reserve& command, std::optional<EntryNumber> entry, Step& step) {
  const auto number = state_.next_hold();
  if (!number) return answer(Outcome::kLimitReached, command.sale);
  const Sale& sale = state_.sale_at(command.sale.value());
  record(Held{.sale = command.sale,
              .hold = *number,
              .entry = entry,
              .customer = command.customer,
              .expires_at = step.now + Duration::seconds(sale.settings.hold_seconds),
              .idempotency = command.idempotency},
         step);
  return answer_hold(Outcome::kDone, number->slot);
}

Reply Machine::on(const Reserve& command, Step& step) {
  const Sale* sale = state_.find_sale(command.sale);
  if (sale == nullptr) return answer(Outcome::kNotFound, command.sale);
  resolve_due_holds_of(command.sale, command.customer, step);

  if (auto reply = sale->archived ? std::nullopt : repeated_reserve(command)) return *reply;
  if (auto reply = refuse_by_state(*sale, command.sale)) return *reply;
  if (auto reply = refuse_over_limit(command, *sale)) return *reply;

  if (sale->settings.queue == QueueKind::kNone) {
    if (sale->available > 0 || bug_planted(Bug::kOversellByOne)) return hold_for(command, std::nullopt, step);
    Reply reply = answer(Outcome::kSoldOut, command.sale);
    reply.units = sale->held + sale->paying;
    return reply;
  }
  const uint32_t slot = state_.entry_of(command.sale, command.customer);
  if (slot == kNoSlot) {
    return answer(sale->sold == sale->settings.units ? Outcome::kSoldOut : Outcome::kNotYourTurn, command.sale);
  }
  lapse_if_due(slot, step);
  const EntryState state = state_.entry_at(slot).state;
  if (state == EntryState::kOffered) return hold_for(command, state_.number_of_entry(slot), step);
  return answer_entry(state == EntryState::kRemoved ? Outcome::kRemoved : Outcome::kNotYourTurn, slot);
}

bool Machine::is_owned(const Hold* hold, const std::optional<CustomerHash>& customer) const {
  return hold != nullptr && (!customer || hold->customer == *customer);
}

Reply Machine::on(const Release& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = state_.find_hold(command.hold);
  if (!command.customer) {
    auto reply = repeated_request(command.cause);
    if (reply && hold != nullptr) return answer_hold(reply->outcome, command.hold.slot);
    if (reply) return *reply;
  }
  if (!is_owned(hold, command.customer)) return answer(Outcome::kNotFound, {});
  if (hold->state == HoldState::kHeld || bug_planted(Bug::kDoubleReleaseFreesTwoUnits)) {
    record(HoldReleased{SaleNumber(hold->sale), command.hold, command.customer ? Cause{} : command.cause}, step);
    return answer_hold(Outcome::kDone, command.hold.slot);
  }
  // free, held, paying, sold, released, expired
  static constexpr std::array kAnswers = {Outcome::kNotFound,    Outcome::kDone,    Outcome::kPaymentInFlight,
                                          Outcome::kAlreadySold, Outcome::kAlready, Outcome::kExpired};
  static_assert(kAnswers.size() == static_cast<size_t>(last_of(HoldState{})) + 1);
  return answer_hold(kAnswers[static_cast<size_t>(hold->state)], command.hold.slot);
}

Reply Machine::on(const LookUpHold& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = state_.find_hold(command.hold);
  if (!is_owned(hold, command.customer)) return answer(Outcome::kNotFound, {});
  return answer_hold(Outcome::kDone, command.hold.slot);
}

}  // namespace doorbuster::sale
