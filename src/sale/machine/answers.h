// What the machine answers, worked out of the state.
#pragma once

#include "sale/machine/command.h"
#include "sale/machine/state.h"

namespace doorbuster::sale {

[[nodiscard]] Reply answer(const State& state, Outcome outcome, SaleNumber sale);
[[nodiscard]] Reply answer_hold(const State& state, Outcome outcome, uint32_t slot);
[[nodiscard]] Reply answer_entry(const State& state, Outcome outcome, uint32_t slot);

}  // namespace doorbuster::sale
