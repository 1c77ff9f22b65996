// Reserving a unit, and giving it back.
#include "sale/machine/record.h"

namespace doorbuster::sale {

uint32_t Machine::units_of(SaleNumber sale, const CustomerHash& customer) const {
  uint32_t units = 0;
  for (uint32_t slot = state_.newest_hold_of(sale, customer); slot != kNoSlot;
       slot = state_.hold_at(slot).next_of_customer) {
    const HoldState state = state_.hold_at(slot).state;
    if (state == HoldState::kHeld || state == HoldState::kPaying || state == HoldState::kSold) ++units;
  }
  return units;
}

std::optional<Reply> Machine::repeated_reserve(const Reserve& command) const {
  if (command.idempotency.key == 0) return std::nullopt;
  uint32_t slot = state_.newest_hold_of(command.sale, command.customer);
  while (slot != kNoSlot && state_.hold_at(slot).key != command.idempotency.key)
    slot = state_.hold_at(slot).next_of_customer;
  if (slot == kNoSlot) return std::nullopt;
  const bool same = state_.hold_at(slot).fingerprint == static_cast<uint32_t>(command.idempotency.fingerprint);
  return answer_hold(same ? Outcome::kAlready : Outcome::kKeyReused, slot);
}

std::optional<Reply> Machine::refuse_by_state(const Sale& sale, SaleNumber number) const {
  switch (sale.state) {
    case SaleState::kDraft:
      return answer(Outcome::kNotFound, number);
    case SaleState::kScheduled:
    case SaleState::kPrequeue:
      return answer(Outcome::kSaleNotOpen, number);
    case SaleState::kPaused:
      return answer(Outcome::kSalePaused, number);
    case SaleState::kClosed:
      return answer(Outcome::kSaleClosed, number);
    case SaleState::kOpen:
      return std::nullopt;
  }
  return std::nullopt;
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
  const uint32_t newest = state_.newest_hold_of(command.sale, command.customer);
  if (newest != kNoSlot) expire_if_due(state_.number_of_hold(newest), step);

  if (auto reply = repeated_reserve(command)) return *reply;
  if (auto reply = refuse_by_state(*sale, command.sale)) return *reply;
  if (auto reply = refuse_over_limit(command, *sale)) return *reply;

  if (sale->settings.queue == QueueKind::kNone) {
    if (sale->available > 0) return hold_for(command, std::nullopt, step);
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
  if (!command.customer) {
    if (auto reply = repeated_request(command.cause)) return *reply;
  }
  expire_if_due(command.hold, step);
  const Hold* hold = state_.find_hold(command.hold);
  if (!is_owned(hold, command.customer)) return answer(Outcome::kNotFound, {});
  switch (hold->state) {
    case HoldState::kHeld:
      record(HoldReleased{SaleNumber(hold->sale), command.hold, command.cause}, step);
      return answer_hold(Outcome::kDone, command.hold.slot);
    case HoldState::kReleased:
      return answer_hold(Outcome::kAlready, command.hold.slot);
    case HoldState::kExpired:
      return answer_hold(Outcome::kExpired, command.hold.slot);
    case HoldState::kPaying:
      return answer_hold(Outcome::kPaymentInFlight, command.hold.slot);
    case HoldState::kSold:
      return answer_hold(Outcome::kAlreadySold, command.hold.slot);
    case HoldState::kFree:
      break;
  }
  return answer(Outcome::kNotFound, {});
}

Reply Machine::on(const LookUpHold& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = state_.find_hold(command.hold);
  if (!is_owned(hold, command.customer)) return answer(Outcome::kNotFound, {});
  return answer_hold(Outcome::kDone, command.hold.slot);
}

}  // namespace doorbuster::sale
