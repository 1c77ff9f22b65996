// What time alone brings about: holds expire, offers lapse, sales open and close, lines move, records are forgotten.
#pragma once

#include "sale/machine/step.h"

namespace doorbuster::sale {

// Each looks whether it really is time: what was armed may have changed since.
void on_hold_due(uint32_t slot, Step& step);
void on_entry_due(uint32_t slot, Timestamp due, Step& step);
void on_sale_due(SaleNumber number, Timestamp due, Step& step);

// Right behind the opening, or the draw where there is one: a sale with a review pauses, before anybody is offered a
// unit.
void pause_for_review(SaleNumber number, Step& step);

// At the end of a step: gives places to who was delayed and offers units, where a line may move, and forgets what is
// surplus of what has ended.
void move_lines(Step& step);
void forget_surplus(Step& step);

// A hold that is over; where entries are forgotten with their holds, its entry too.
void forget_hold(HoldNumber number, Step& step);

// Before a decision about them: timers fire on whole milliseconds, and a decision in between must not see what is over
// as still alive.
void expire_if_due(HoldNumber number, Step& step);
void lapse_if_due(uint32_t entry, Step& step);  // the entry's offer, or its hold
void resolve_due_holds_of(SaleNumber sale, const CustomerHash& customer, Step& step);

}  // namespace doorbuster::sale
