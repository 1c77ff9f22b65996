// The calls about counters: add to one, look at one, and a page with all of them.
#pragma once

#include "base/bounded_text.h"
#include "counter/machine/counter_machine.h"
#include "counter/views/totals.h"
#include "ops/metrics/counter.h"
#include "platform/api/cell_client.h"
#include "platform/api/gate.h"

namespace doorbuster::counter {

using CounterClient = platform::CellClient<CounterMachine>;

// What is kept of a call while the cell decides.
struct Kept {
  BoundedText<160> instance;
};

// Who asks the cell on behalf of POST, and up to which total.
struct Asker {
  CounterClient& cell;
  uint32_t owner;
  uint64_t limit;
};

// POST /api/v1/counters/{counter} with {"add": n}
void add_to_counter(const platform::Call& call, const Asker& asker, platform::Gate& gate);
// ... and how it goes on.
void answer_addition(CounterClient& cell, const CounterClient::Answer& answer, ops::Counter& refused);
// GET /api/v1/counters/{counter}
void show_counter(const platform::Call& call, const platform::Follower& follower, const Totals& totals);
// GET /counters
void show_page(const platform::Call& call, const platform::Follower& follower, const Totals& totals);

}  // namespace doorbuster::counter
