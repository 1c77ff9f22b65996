// What a service may ask of the loop that its handler runs in. Reactor is the real one; ManualLoop runs connections
// without sockets under a clock of its own, for tests and simulation.
//
// A turn: read and handle what arrived; drain the inboxes that were notified; call what is due; call the hooks of the
// turn's end; if inboxes were notified meanwhile, drain them and call the hooks once more; write, one write a
// connection. So a service that asks another thread does it once a turn, from a hook, and an answer that is there at
// once leaves in the same turn.
#pragma once

#include <cstdint>
#include <functional>

#include "base/time.h"
#include "net/exchange.h"
#include "net/inbox.h"
#include "net/metrics.h"
#include "net/ticket.h"

namespace doorbuster::net {

// All calls on the loop's own thread, except Inbox::notify() and reading metrics().
class Loop {
 public:
  virtual ~Loop() = default;

  // The number that this loop's tickets carry: 0 for the first.
  [[nodiscard]] virtual uint8_t id() const = 0;

  // The exchange that was deferred under this ticket, to be answered now; null if it is not there any more. Good until
  // the caller returns to the loop.
  [[nodiscard]] virtual Exchange* resume(Ticket ticket) = 0;

  // `drain` runs on the loop's thread after notify() of the returned inbox, which lives as long as the loop.
  virtual Inbox& add_inbox(std::function<void()> drain) = 0;

  // Runs at the end of every turn, before the writes; twice if that has notified an inbox.
  virtual void at_turn_end(std::function<void()> hook) = 0;

  // Runs about every `period`, never twice in a turn.
  virtual void every(Duration period, std::function<void()> callback) = 0;

  // Microseconds of a clock that never goes back, read once a turn.
  [[nodiscard]] virtual int64_t now_us() const = 0;

  // Whether it is coming to an end: what would go on for ever has to be ended.
  [[nodiscard]] virtual bool draining() const = 0;

  [[nodiscard]] virtual const ReactorMetrics& metrics() const = 0;
};

}  // namespace doorbuster::net
