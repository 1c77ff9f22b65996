// A handler for tests: remembers what it was asked, and answers "ok", a prepared response, or later.
#pragma once

#include <string>
#include <vector>

#include "net/handler.h"

namespace doorbuster::net::testing {

class RecordingHandler final : public Handler {
 public:
  void handle(const Request& request, Exchange& exchange) override;

  std::vector<std::string> seen;  // "POST /path?query content"
  std::vector<Ticket> tickets;
  HeaderList extra;
  PreparedResponse prepared;
  bool use_prepared = false;
  size_t defer_next = 0;  // how many of the next requests are deferred; each keeps its number as its context
};

}  // namespace doorbuster::net::testing
