// What the machine answers, worked out of the state.
#pragma once

#include "sale/machine/command.h"
#include "sale/machine/state.h"

namespace doorbuster::sale {

[[nodiscard]] Reply answer(const State& state, Outcome outcome, SaleNumber sale);
// About a sale that is not kept: it was archived, or never was.
[[nodiscard]] Reply answer_not_kept(const State& state, Outcome if_archived, SaleNumber sale);
[[nodiscard]] Reply answer_hold(const State& state, Outcome outcome, uint32_t slot);
[[nodiscard]] Reply answer_entry(const State& state, Outcome outcome, uint32_t slot);

}  // namespace doorbuster::sale
