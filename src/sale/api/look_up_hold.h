// The hold that a path names, as calls about units and about orders ask for it.
#pragma once

#include "sale/api/deferred_calls.h"
#include "sale/api/request_reader.h"

namespace doorbuster::sale {

// Asks for the hold that the path names by an id of this kind: a customer's own, or any for an operator.
inline void look_up_hold(const Call& call, auth::IdKind kind, RequestReader& reader, DeferredCalls& calls,
                         Finish finish) {
  const auto id = reader.id_of(call, 0, kind);
  if (!id) return;
  const HoldNumber hold = HoldNumber::unpacked(id->number);
  if (reader.is_operator(call)) {
    if (reader.operator_of(call))
      calls.ask(call, SaleNumber(id->sale), LookUpHold{hold, std::nullopt}, deferred(call, finish));
    return;
  }
  const auto caller = reader.customer_who_looks(call, *id);
  if (!caller) return;
  Deferred kept = deferred(call, finish);
  kept.taker = reader.taker_of(call, *caller, SaleNumber(id->sale));
  calls.ask(call, SaleNumber(id->sale), LookUpHold{hold, caller->hash}, kept);
}

}  // namespace doorbuster::sale
