// How the machine's decisions become events: only the files that decide include this.
#pragma once

#include "sale/machine/machine.h"

namespace doorbuster::sale {

template <class E>
void Machine::record(E&& event, Step& step) {
  encode(event, step.events.payload);
  ++step.events.count;
  state_.apply(event, step.now);
  if constexpr (requires { event.hold.slot; }) {
    rearm_hold(event.hold.slot);
    const Hold& hold = state_.hold_at(event.hold.slot);
    if (hold.state != HoldState::kFree && hold.entry != kNoSlot) rearm_entry(hold.entry);
  }
  if constexpr (requires { event.entry.slot; }) rearm_entry(event.entry.slot);
  constexpr bool kNewSettings = requires { event.settings; };
  mark_changed(event.sale, kNewSettings ? Change::kSettings : Change::kStatus);
}

}  // namespace doorbuster::sale
