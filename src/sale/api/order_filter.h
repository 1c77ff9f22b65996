// Which orders a list is asked for: `client_reference`, `state`, `from` and `to` in the query, all of them optional.
#pragma once

#include <optional>

#include "platform/api/call.h"
#include "sale/views/order_book.h"

namespace doorbuster::sale {

// Answers 400 and returns nothing if one of them is not what it should be.
[[nodiscard]] std::optional<OrderFilter> order_filter_of(const platform::Call& call);

}  // namespace doorbuster::sale
