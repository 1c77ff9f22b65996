#include "sale/machine/answers.h"

namespace doorbuster::sale {

Reply answer(const State& state, Outcome outcome, SaleNumber sale) {
  Reply reply{.outcome = outcome, .sale = sale};
  if (const Sale* found = state.find_sale(sale)) reply.sale_state = found->state;
  if (state.archived_id(sale) != nullptr) reply.sale_state = SaleState::kClosed;
  return reply;
}

Reply answer_not_kept(const State& state, Outcome if_archived, SaleNumber sale) {
  return answer(state, state.archived_id(sale) == nullptr ? Outcome::kNotFound : if_archived, sale);
}

Reply answer_hold(const State& state, Outcome outcome, uint32_t slot) {
  const Hold& hold = state.hold_at(slot);
  Reply reply = answer(state, outcome, SaleNumber(hold.sale));
  reply.hold = HoldView{.number = state.number_of_hold(slot),
                        .sale = SaleNumber(hold.sale),
                        .state = hold.state,
                        .expires_at = hold.until,
                        .attempts = hold.attempts,
                        .refund = state.refund_of(slot)};
  reply.annotations = state.annotations_of(reply.hold->number);
  return reply;
}

Reply answer_entry(const State& state, Outcome outcome, uint32_t slot) {
  const Entry& entry = state.entry_at(slot);
  const Sale& sale = state.sale_at(entry.sale);
  Reply reply = answer(state, outcome, SaleNumber(entry.sale));
  reply.entry = EntryView{
      .number = state.number_of_entry(slot),
      .sale = SaleNumber(entry.sale),
      .state = state.state_of(entry),
      .position = state.position_of(entry),
      .arrival = entry.arrival,
      .people_ahead = state.people_ahead(entry),
      .claim_until = claim_end(entry, sale),
      .delayed_until =
          state.state_of(entry) == EntryState::kWaiting && is_delayed(entry) ? placement_due(entry, sale) : Timestamp(),
      .hold = entry.hold == kNoSlot ? std::nullopt : std::optional(state.number_of_hold(entry.hold))};
  reply.annotations = state.annotations_of(reply.entry->number);
  return reply;
}

}  // namespace doorbuster::sale
