#include "sale/machine/machine.h"

#include "sale/machine/answers.h"
#include "sale/machine/decide.h"
#include "sale/machine/due.h"

namespace doorbuster::sale {

Machine::Machine(const Capacity& capacity, EntryNamer namer, CellId cell)
    : state_(capacity, std::move(namer), cell), deadlines_(capacity) {}

Result<void> Machine::apply(Bytes payload, Timestamp at) {
  return for_each_event(payload, [&](const auto& event) { state_.apply(event, at); });
}

void Machine::go_live(Timestamp now) {
  deadlines_.start(now);
  for (uint32_t slot = 0; slot < state_.hold_slots(); ++slot) {
    deadlines_.rearm_hold(state_, slot);
    const Hold& hold = state_.hold_at(slot);
    if (hold.state != HoldState::kFree) changes_.add_newcomer(state_.sale_at(hold.sale).slot, hold.customer);
  }
  for (uint32_t slot = 0; slot < state_.entry_slots(); ++slot) {
    deadlines_.rearm_entry(state_, slot);
    const Entry& entry = state_.entry_at(slot);
    if (entry.state != EntryState::kFree) changes_.add_newcomer(state_.sale_at(entry.sale).slot, entry.customer);
  }
  for (uint32_t index = 0; index < state_.sale_count(); ++index) {
    const SaleNumber sale = state_.number_of_sale(index);
    if (const std::string* id = state_.archived_id(sale)) changes_.add_archived(sale, *id);
  }
  state_.for_each_sale([&](SaleNumber number, const Sale& sale) {
    deadlines_.rearm_sale(state_, number);
    follow_ups_.lines.push_back(number);
    changes_.mark(number, sale.slot, Change::kSettings);
    deadlines_.rearm_line(state_, number, now);
  });
  sweep_.begin_if_crowded(state_, now);
}

Reply Machine::decide(const Command& command, Timestamp now, EventSink& events) {
  Step step = begin_step(now, events);
  Reply reply = std::visit([&](const auto& what) { return sale::decide(what, step); }, command);
  move_lines(step);
  if (reply.entry && reply.entry->state == EntryState::kWaiting)
    reply = answer_entry(state_, reply.outcome, reply.entry->number.slot);
  forget_surplus(step);  // not before the answer, which may be about what is forgotten now
  sweep_.begin_if_crowded(state_, now);
  return reply;
}

bool Machine::tick(Timestamp now, size_t limit, EventSink& events) {
  Step step = begin_step(now, events);
  const bool all_done = deadlines_.advance(
      now, limit, [&](uint32_t hold) { on_hold_due(hold, step); },
      [&](uint32_t entry, Timestamp due) { on_entry_due(entry, due, step); },
      [&](uint32_t sale, Timestamp due) { on_sale_due(state_.sale_at_slot(sale), due, step); });
  // Not before all that is due has happened: a unit is not offered in a sale that is over by now.
  if (!all_done) return false;
  sweep_.go_on(step);
  move_lines(step);
  return true;
}

void Machine::prefetch(const Command& command) const {
  if (const auto* reserve = std::get_if<Reserve>(&command)) state_.prefetch(reserve->sale, reserve->customer);
  if (const auto* join = std::get_if<Join>(&command)) state_.prefetch(join->sale, join->customer);
}

}  // namespace doorbuster::sale
