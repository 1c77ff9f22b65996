// How the machine's decisions become events: only the files that decide include this.
#pragma once

#include "sale/machine/machine.h"

namespace doorbuster::sale {

template <class E>
void Machine::record(E&& event, Step& step) {
  encode(event, step.events.payload);
  ++step.events.count;
  const Touched touched = event.touches();
  const Before before = look_before(touched);
  state_.apply(event, step.now);
  follow_up(touched, before, step);
}

}  // namespace doorbuster::sale
