// Standing in line.
#include "sale/machine/record.h"

namespace doorbuster::sale {
namespace {

bool is_in_progress(EntryState state) {
  return state == EntryState::kWaiting || state == EntryState::kOffered || state == EntryState::kHolding ||
         state == EntryState::kPaying;
}

}  // namespace

std::optional<Reply> Machine::repeated_join(const Join& command) const {
  if (command.idempotency.key == 0) return std::nullopt;
  uint32_t slot = state_.entry_of(command.sale, command.customer);
  while (slot != kNoSlot && state_.entry_at(slot).key != command.idempotency.key) {
    slot = state_.entry_at(slot).older_of_customer;
  }
  if (slot == kNoSlot) return std::nullopt;
  const bool same = state_.entry_at(slot).fingerprint == static_cast<uint32_t>(command.idempotency.fingerprint);
  return answer_entry(same ? Outcome::kAlready : Outcome::kKeyReused, slot);
}

uint32_t Machine::vain_entries_of(const Sale& sale, uint32_t newest) const {
  uint32_t vain = 0;
  for (uint32_t slot = newest; slot != kNoSlot; slot = state_.entry_at(slot).older_of_customer) {
    vain += is_vain(state_.entry_at(slot), sale);
  }
  return vain;
}

Reply Machine::on(const Join& command, Step& step) {
  const Sale* sale = state_.find_sale(command.sale);
  if (sale == nullptr || !sale->published) return answer(Outcome::kNotFound, command.sale);
  if (sale->settings.queue == QueueKind::kNone) return answer(Outcome::kNoQueue, command.sale);
  if (sale->archived) return answer(Outcome::kSaleClosed, command.sale);
  resolve_due_holds_of(command.sale, command.customer, step);
  const uint32_t slot = state_.entry_of(command.sale, command.customer);
  if (slot != kNoSlot) lapse_if_due(slot, step);
  if (auto reply = repeated_join(command)) return *reply;
  if (slot != kNoSlot) {
    const Entry& entry = state_.entry_at(slot);
    if (entry.state == EntryState::kRemoved) return answer_entry(Outcome::kRemoved, slot);
    if (is_in_progress(state_.state_of(entry))) return answer_entry(Outcome::kAlready, slot);
  }
  if (sale->state == SaleState::kClosed) return answer(Outcome::kSaleClosed, command.sale);
  if (sale->state == SaleState::kScheduled) return answer(Outcome::kSaleNotOpen, command.sale);
  if (units_of(command.sale, command.customer) >= sale->settings.per_customer) {
    return answer_hold(Outcome::kOnePerCustomer, state_.newest_hold_of(command.sale, command.customer));
  }
  if (vain_entries_of(*sale, slot) >= kMaxVainEntries) return answer_entry(Outcome::kTooManyEntries, slot);
  const auto number = state_.next_entry();
  if (!number || sale->last_position == UINT32_MAX) return answer(Outcome::kLimitReached, command.sale);
  const uint32_t arrival = sale->last_position + 1;
  if (sale->draw != nullptr && !sale->draw->is_closed()) {
    record(Enrolled{command.sale, *number, arrival, command.customer, command.idempotency, command.nonce}, step);
  } else {
    record(Joined{command.sale, *number, arrival, command.customer, command.idempotency}, step);
  }
  return answer_entry(Outcome::kDone, number->slot);
}

Reply Machine::on(const Leave& command, Step& step) {
  const Entry* entry = state_.find_entry(command.entry);
  if (entry == nullptr || entry->customer != command.customer) return answer(Outcome::kNotFound, {});
  lapse_if_due(command.entry.slot, step);
  switch (state_.state_of(*entry)) {
    case EntryState::kWaiting:
    case EntryState::kOffered:
      record(EntryLeft{SaleNumber(entry->sale), command.entry}, step);
      return answer_entry(Outcome::kDone, command.entry.slot);
    case EntryState::kHolding:
    case EntryState::kPaying:
    case EntryState::kBought:
      return answer_entry(Outcome::kWrongState, command.entry.slot);
    default:
      return answer_entry(Outcome::kAlready, command.entry.slot);
  }
}

Reply Machine::on(const RemoveEntry& command, Step& step) {
  const Entry* entry = state_.find_entry(command.entry);
  if (auto reply = repeated_request(command.cause)) {
    return entry == nullptr ? *reply : answer_entry(reply->outcome, command.entry.slot);
  }
  if (entry == nullptr) return answer(Outcome::kNotFound, {});
  lapse_if_due(command.entry.slot, step);
  const EntryState state = state_.state_of(*entry);
  if (state == EntryState::kRemoved) return answer_entry(Outcome::kAlready, command.entry.slot);
  if (state != EntryState::kWaiting && state != EntryState::kOffered)
    return answer_entry(Outcome::kWrongState, command.entry.slot);
  record(EntryRemoved{SaleNumber(entry->sale), command.entry, command.cause}, step);
  return answer_entry(Outcome::kDone, command.entry.slot);
}

Reply Machine::on(const LookUpEntry& command, Step& step) {
  const Entry* entry = state_.find_entry(command.entry);
  if (entry == nullptr || (command.customer && entry->customer != *command.customer))
    return answer(Outcome::kNotFound, {});
  lapse_if_due(command.entry.slot, step);
  return answer_entry(Outcome::kDone, command.entry.slot);
}

}  // namespace doorbuster::sale
