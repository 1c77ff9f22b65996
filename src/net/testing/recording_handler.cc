#include "net/testing/recording_handler.h"

namespace doorbuster::net::testing {

void RecordingHandler::handle(const Request& request, Exchange& exchange) {
  std::string line(name_of(request.method()));
  line.append(" ").append(request.target()).append(" ").append(request.body());
  seen.push_back(line);
  if (defer_next > 0) {
    --defer_next;
    tickets.push_back(exchange.defer(seen.size()));
  } else if (use_prepared) {
    exchange.respond(prepared);
  } else {
    exchange.respond(Response{.content_type = "text/plain", .body = "ok", .headers = extra});
  }
}

}  // namespace doorbuster::net::testing
