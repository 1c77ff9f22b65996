// Server-sent events (WHATWG HTML, 9.2): what happens, told over an answer that goes on.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "net/exchange.h"

namespace doorbuster::platform {

// Of a stream on which nothing has happened for so long, a comment is sent, so that proxies keep the connection.
inline constexpr Duration kSilenceMax = Duration::seconds(15);
inline constexpr std::string_view kStillHere = ": still here\n\n";

// nginx does not buffer an answer that says so, and a proxy that compresses or rewrites would have to wait for its end.
[[nodiscard]] inline net::Ticket begin_event_stream(net::Exchange& exchange) {
  return exchange.begin_stream({.content_type = "text/event-stream",
                                .headers = {{"Cache-Control", "no-store, no-transform"}, {"X-Accel-Buffering", "no"}}});
}

// Between these stands what an event tells, on one line.
inline void begin_event(std::string& piece, std::string_view name) {
  piece.append("event: ").append(name).append("\ndata: ");
}
inline void end_event(std::string& piece) { piece += "\n\n"; }

}  // namespace doorbuster::platform
