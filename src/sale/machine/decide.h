// What the machine says to each command: an answer, and the events that make it true (decide_*.cc).
#pragma once

#include <optional>

#include "sale/machine/command.h"
#include "sale/machine/step.h"

namespace doorbuster::sale {

// Operators (decide_sales.cc).
Reply decide(const CreateSale& command, Step& step);
Reply decide(const ChangeSale& command, Step& step);
Reply decide(const ActOnSale& command, Step& step);
Reply decide(const GiveBeacon& command, Step& step);

// Standing in line (decide_queue.cc).
Reply decide(const Join& command, Step& step);
Reply decide(const Leave& command, Step& step);
Reply decide(const RemoveEntry& command, Step& step);
Reply decide(const LookUpEntry& command, Step& step);

// Units (decide_holds.cc).
Reply decide(const Reserve& command, Step& step);
Reply decide(const Release& command, Step& step);
Reply decide(const LookUpHold& command, Step& step);

// Money (decide_payments.cc).
Reply decide(const StartPayment& command, Step& step);
Reply decide(const SettlePayment& command, Step& step);
Reply decide(const SettleRefund& command, Step& step);

// --- What several of them ask. ---

// How many units of the sale the customer holds, pays for or has bought.
[[nodiscard]] uint32_t units_of(const State& state, SaleNumber sale, const CustomerHash& customer);
// Whether the hold is there and, if a customer asks, theirs.
[[nodiscard]] bool is_owned(const Hold* hold, const std::optional<CustomerHash>& customer);
// The answer to an operator's request that has come before.
[[nodiscard]] std::optional<Reply> repeated_request(const State& state, const Cause& cause);

}  // namespace doorbuster::sale
