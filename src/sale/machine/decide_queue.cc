// Standing in line.
#include "base/bug_zoo.h"
#include "sale/machine/answers.h"
#include "sale/machine/decide.h"
#include "sale/machine/due.h"

namespace doorbuster::sale {
namespace {

bool is_in_progress(EntryState state) {
  return state == EntryState::kWaiting || state == EntryState::kOffered || state == EntryState::kHolding ||
         state == EntryState::kPaying;
}

std::optional<Reply> repeated_join(const State& state, const Join& command) {
  if (command.idempotency.key == 0) return std::nullopt;
  uint32_t slot = state.entry_of(command.sale, command.customer);
  while (slot != kNoSlot && state.entry_at(slot).key != command.idempotency.key) {
    slot = state.entry_at(slot).older_of_customer;
  }
  if (slot == kNoSlot) return std::nullopt;
  const bool same = state.entry_at(slot).fingerprint == static_cast<uint32_t>(command.idempotency.fingerprint);
  return answer_entry(state, same ? Outcome::kAlready : Outcome::kKeyReused, slot);
}

uint32_t abandoned_entries_of(const State& state, const Sale& sale, uint32_t newest) {
  uint32_t abandoned = 0;
  for (uint32_t slot = newest; slot != kNoSlot; slot = state.entry_at(slot).older_of_customer) {
    abandoned += is_abandoned(state.entry_at(slot), sale);
  }
  return abandoned;
}

// The next whole minute, as UTC counts them.
Timestamp end_of_minute(Timestamp now) {
  constexpr int64_t kMinute = 60'000'000;
  return Timestamp::from_micros((now.micros() / kMinute + 1) * kMinute);
}

// Behind all others, or among those who take part in a draw, or, delayed, neither yet.
void enter(const Join& command, const Sale& sale, EntryNumber number, Step& step) {
  const bool is_before_draw = sale.draw != nullptr && !sale.draw->is_closed();
  if (command.assessment.is_delayed && !bug_planted(Bug::kDelayedTakesPart)) {
    return record(
        JoinDelayed{command.sale, number, is_before_draw ? Timestamp() : end_of_minute(step.now), command.customer,
                    command.idempotency, command.annotations, command.assessment, command.kind},
        step);
  }
  const uint32_t arrival = sale.last_position + 1;
  if (is_before_draw) {
    return record(Enrolled{command.sale, number, arrival, command.customer, command.idempotency, command.nonce,
                           command.annotations, command.assessment, command.kind},
                  step);
  }
  record(Joined{command.sale, number, arrival, command.customer, command.idempotency, command.annotations,
                command.assessment, command.kind},
         step);
}

}  // namespace

Reply decide(const Join& command, Step& step) {
  const Sale* sale = step.state.find_sale(command.sale);
  if (sale == nullptr) return answer_not_kept(step.state, Outcome::kSaleClosed, command.sale);
  if (!sale->published) return answer(step.state, Outcome::kNotFound, command.sale);
  if (sale->settings.queue == QueueKind::kNone) return answer(step.state, Outcome::kNoQueue, command.sale);
  if (sale->archived) return answer(step.state, Outcome::kSaleClosed, command.sale);
  resolve_due_holds_of(command.sale, command.customer, step);
  const uint32_t slot = step.state.entry_of(command.sale, command.customer);
  if (slot != kNoSlot) lapse_if_due(slot, step);
  if (auto reply = repeated_join(step.state, command)) return *reply;
  if (slot != kNoSlot) {
    const Entry& entry = step.state.entry_at(slot);
    if (entry.state == EntryState::kRemoved) return answer_entry(step.state, Outcome::kRemoved, slot);
    if (is_in_progress(step.state.state_of(entry))) return answer_entry(step.state, Outcome::kAlready, slot);
  }
  if (sale->state == SaleState::kClosed) return answer(step.state, Outcome::kSaleClosed, command.sale);
  if (sale->state == SaleState::kScheduled) return answer(step.state, Outcome::kSaleNotOpen, command.sale);
  if (units_of(step.state, command.sale, command.customer) >= sale->settings.per_customer) {
    return answer_hold(step.state, Outcome::kOnePerCustomer, step.state.newest_hold_of(command.sale, command.customer));
  }
  if (abandoned_entries_of(step.state, *sale, slot) >= kMaxAbandonedEntries)
    return answer_entry(step.state, Outcome::kTooManyEntries, slot);
  const auto number = step.state.next_entry();
  const bool is_last =
      uint64_t{sale->last_position} + sale->waiting >= UINT32_MAX;  // who waits may need a position yet
  if (!number || is_last) return answer(step.state, Outcome::kLimitReached, command.sale);
  if (const Outcome room = step.state.room_for_entry(*sale, command.kind); refused(room))
    return answer(step.state, room, command.sale);
  if (refused(step.state.room_for_annotations(*sale, command.kind, command.annotations)))
    return answer(step.state, Outcome::kNoRoomToAnnotate, command.sale);
  enter(command, *sale, *number, step);
  return answer_entry(step.state, Outcome::kDone, number->slot);
}

Reply decide(const Leave& command, Step& step) {
  const Entry* entry = step.state.find_entry(command.entry);
  if (entry == nullptr || entry->customer != command.customer) return answer(step.state, Outcome::kNotFound, {});
  lapse_if_due(command.entry.slot, step);
  switch (step.state.state_of(*entry)) {
    case EntryState::kWaiting:
    case EntryState::kOffered:
      record(EntryLeft{SaleNumber(entry->sale), command.entry}, step);
      return answer_entry(step.state, Outcome::kDone, command.entry.slot);
    case EntryState::kHolding:
    case EntryState::kPaying:
    case EntryState::kBought:
      return answer_entry(step.state, Outcome::kWrongState, command.entry.slot);
    default:
      return answer_entry(step.state, Outcome::kAlready, command.entry.slot);
  }
}

Reply decide(const RemoveEntry& command, Step& step) {
  const Entry* entry = step.state.find_entry(command.entry);
  if (auto reply = repeated_request(step.state, command.cause)) {
    return entry == nullptr ? *reply : answer_entry(step.state, reply->outcome, command.entry.slot);
  }
  if (entry == nullptr) return answer(step.state, Outcome::kNotFound, {});
  lapse_if_due(command.entry.slot, step);
  const EntryState state = step.state.state_of(*entry);
  if (state == EntryState::kRemoved) return answer_entry(step.state, Outcome::kAlready, command.entry.slot);
  if (state != EntryState::kWaiting && state != EntryState::kOffered)
    return answer_entry(step.state, Outcome::kWrongState, command.entry.slot);
  record(EntryRemoved{SaleNumber(entry->sale), command.entry, command.cause}, step);
  return answer_entry(step.state, Outcome::kDone, command.entry.slot);
}

Reply decide(const LookUpEntry& command, Step& step) {
  const Entry* entry = step.state.find_entry(command.entry);
  if (entry == nullptr || (command.customer && entry->customer != *command.customer))
    return answer(step.state, Outcome::kNotFound, {});
  lapse_if_due(command.entry.slot, step);
  return answer_entry(step.state, Outcome::kDone, command.entry.slot);
}

}  // namespace doorbuster::sale
