// One step of the machine: a command that is decided, or something that has become due.
//
// Whoever decides reads the state and records events; record() writes each of them down, applies it, and sees to what
// follows from it: deadlines that have moved, lines that may move, what has to be published. The state changes in no
// other way.
#pragma once

#include <vector>

#include "base/event_sink.h"
#include "sale/machine/archiving.h"
#include "sale/machine/changes.h"
#include "sale/machine/deadlines.h"
#include "sale/machine/state.h"

namespace doorbuster::sale {

// What has to be looked at before the step is over.
struct FollowUps {
  std::vector<SaleNumber> lines;  // which may move
  std::vector<HoldNumber> ended;  // without being bought
};

struct Step {
  State& state;  // record() changes it, and nothing else
  Deadlines& deadlines;
  Changes& changes;
  FollowUps& follow_ups;
  Archiving& archiving;
  const Timestamp now;
  EventSink& events;
};

// What has to be known of what an event touches before it changes it.
struct Before {
  uint32_t slot = kNoSlot;  // of the sale
  bool all_held = true;
  bool all_sold = true;
  std::vector<uint32_t> passed;  // who had left while others before them waited
};
[[nodiscard]] Before look_before(const State& state, const Touched& touched);
void follow_up(const Touched& touched, const Before& before, Step& step);

// What is attached to the hold or the entry of an event, which says so, too.
template <class E>
void annotate(E& event, const State& state) {
  if constexpr (requires { event.annotations; }) {
    if (!event.annotations.empty()) return;
    if constexpr (requires { event.hold; }) {
      event.annotations = state.annotations_of(event.hold);
    } else {
      event.annotations = state.annotations_of(event.entry);
    }
  }
}

template <class E>
void record(E&& event, Step& step) {
  annotate(event, step.state);
  encode(event, step.events.payload);
  ++step.events.count;
  const Touched touched = event.touches();
  const Before before = look_before(step.state, touched);
  step.state.apply(event, step.now);
  follow_up(touched, before, step);
}

}  // namespace doorbuster::sale
