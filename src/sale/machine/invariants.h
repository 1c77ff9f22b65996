// The contract's invariants over a whole state: what the simulator and the tests check, step by step.
#pragma once

#include <string>
#include <vector>

#include "sale/machine/state.h"

namespace doorbuster::sale {

// One sentence for each promise that the state breaks; empty for every state there should be. O(holds + entries).
[[nodiscard]] std::vector<std::string> broken_invariants(const State& state);

}  // namespace doorbuster::sale
