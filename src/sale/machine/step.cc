#include "sale/machine/step.h"

namespace doorbuster::sale {

Before look_before(const State& state, const Touched& touched) {
  const Sale* sale = state.find_sale(touched.sale);
  if (sale == nullptr) return {};  // it is being created
  Before before{sale->slot, sale->all_held_at.has_value(), sale->all_sold_at.has_value(), {}};
  if (touched.entry && has_short_retention(*sale)) before.passed = state.gone_behind(touched.entry->slot);
  return before;
}

void follow_up(const Touched& touched, const Before& before, Step& step) {
  const State& state = step.state;
  if (const std::string* id = state.archived_id(touched.sale)) {
    if (before.slot == kNoSlot) return;  // it was archived before: nobody waits for anything of it
    step.deadlines.disarm_sale(before.slot);
    return step.changes.archive(touched.sale, before.slot, *id);
  }
  if (touched.hold) {
    step.deadlines.rearm_hold(state, touched.hold->slot);
    const Hold& hold = state.hold_at(touched.hold->slot);
    if (hold.state != HoldState::kFree && hold.entry != kNoSlot) step.deadlines.rearm_entry(state, hold.entry);
  }
  if (touched.entry) step.deadlines.rearm_entry(state, touched.entry->slot);
  for (const uint32_t slot : before.passed) step.deadlines.rearm_entry(state, slot);
  if (touched.ends_hold) step.follow_ups.ended.push_back(*touched.hold);
  const Sale& sale = state.sale_at(touched.sale.value());
  if (touched.newcomer) step.changes.add_newcomer(sale.slot, *touched.newcomer);
  step.deadlines.rearm_sale(state, touched.sale);
  step.follow_ups.lines.push_back(touched.sale);
  step.changes.mark(touched.sale, sale.slot, touched.words ? Change::kSettings : Change::kStatus);
  if (!before.all_held && sale.all_held_at) record(AllHeld{touched.sale}, step);
  if (!before.all_sold && sale.all_sold_at) record(AllSold{touched.sale}, step);
}

}  // namespace doorbuster::sale
