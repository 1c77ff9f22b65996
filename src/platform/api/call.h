// One request on its way through a service: what every call is given, whatever else it needs.
#pragma once

#include <string_view>

#include "base/time.h"
#include "net/exchange.h"
#include "net/request.h"
#include "net/router.h"

namespace doorbuster::platform {

struct Call {
  const net::Request& request;
  net::Exchange& exchange;
  const net::Router::Match& match;
  Timestamp now;

  // What stands in the path for the pattern's parameter of that index, still encoded.
  [[nodiscard]] std::string_view parameter(size_t index) const { return match.parameters[index]; }
};

// Whether a listener takes operators' calls: where operators have an address of their own, the public one does not.
enum class Operators : bool { kRefused, kServed };

}  // namespace doorbuster::platform
