// What the events of a draw do to the state; the assertions are its promises, as in apply.cc.
#include "base/bug_zoo.h"
#include "sale/machine/state.h"

namespace doorbuster::sale {

void State::apply(const DrawCommitted& event, Timestamp) {
  Sale& sale = sale_of(event.sale);
  ASSERT(sale.settings.queue == QueueKind::kDraw && sale.draw == nullptr && sale.last_position == 0);
  sale.draw = std::make_unique<SaleDraw>(event.secret);
}

void State::apply(const Enrolled& event, Timestamp) {
  const std::array<char, kEntryIdBytes> id = namer_(event.sale, event.entry);
  const uint64_t index = event.arrival - (bug_planted(Bug::kLeafOfAnotherIndex) ? 0 : 1);
  const Digest leaf = draw_leaf(index, {id.data(), id.size()}, as_bytes(event.nonce));
  add_entry(event);
  place_entry(event.entry.slot, event.arrival);
  sale_of(event.sale).draw->enrol(event.entry.slot, leaf);
}

void State::apply(const BeaconNamed& event, Timestamp) {
  Sale& sale = sale_of(event.sale);
  ASSERT(validate(sale.settings, event.beacon).empty());
  sale.draw->name(event.beacon);
}

// Whoever could know the value by now could still choose who takes part.
void State::apply(const DrawClosed& event, Timestamp at) {
  SaleDraw& draw = *sale_of(event.sale).draw;
  ASSERT(event.entries == draw.drawn() && event.root == draw.root());
  ASSERT(draw.beacon() && !draw.beacon()->is_public(at));
  draw.close();
}

void State::apply(const BeaconGiven& event, Timestamp at) {
  SaleDraw& draw = *sale_of(event.sale).draw;
  ASSERT(draw.beacon() && draw.beacon()->is_public(at) && !event.value.empty());
  draw.give(as_bytes(event.value));
  remember(event.cause, event.sale);
}

void State::apply(const Drawn& event, Timestamp) {
  Sale& sale = sale_of(event.sale);
  ASSERT(event.entries == sale.draw->drawn() && event.root == sale.draw->root());
  if (!sale.draw->beacon()) sale.draw->close();
  sale.draw->draw();
  for (const uint32_t arrival : sale.draw->early_leavers()) sale.departures.note(sale.draw->place_of(arrival));
  sale.queue_head = sale.draw->slot_at(1).value_or(kNoSlot);
  sale.queue_tail = sale.draw->slot_at(sale.last_position).value_or(kNoSlot);
  advance_head(sale);
}

}  // namespace doorbuster::sale
