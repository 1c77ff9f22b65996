// The one interface that cuts the protocol from the engine: requests come out, answers go in.
#pragma once

#include "net/exchange.h"
#include "net/request.h"

namespace doorbuster::net {

// Each reactor has a handler of its own, called on the reactor's thread only.
class Handler {
 public:
  virtual ~Handler() = default;
  // Must respond, defer or begin a stream before it returns. Never blocks.
  virtual void handle(const Request& request, Exchange& exchange) = 0;
};

}  // namespace doorbuster::net
