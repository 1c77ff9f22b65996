// One reactor's line to a cell: takes commands to it, and brings the answers back to whoever on this reactor has asked.
//
// Commands of one turn are flushed together at its end. Those who ask are told apart by the owner in the ticket, so
// that each may use all of its value.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/trace.h"
#include "cell/port.h"
#include "net/loop.h"
#include "platform/api/problems.h"

namespace doorbuster::platform {

template <class Machine>
class CellClient {
 public:
  using Port = cell::Port<Machine>;
  using Command = typename Machine::Command;
  using Answer = typename Port::Answer;
  using Take = std::function<void(Answer&)>;

  // At most `capacity` commands are under way at once.
  CellClient(net::Loop& loop, size_t capacity)
      : loop_(loop), inbox_(loop.add_inbox([this] { drain(); })), port_(capacity, [this] { inbox_.notify(); }) {
    loop.at_turn_end([this] { port_.flush(); });
  }
  CellClient(const CellClient&) = delete;
  CellClient& operator=(const CellClient&) = delete;

  // Who may ask: returns the owner to ask with. `take` hears the answers, on the loop's thread.
  [[nodiscard]] uint32_t add_owner(Take take) {
    owners_.push_back(std::move(take));
    return static_cast<uint32_t>(owners_.size() - 1);
  }
  // Called when answers were taken, so that there is room again.
  void on_drained(std::function<void()> hook) { on_drained_ = std::move(hook); }

  // False if as many as there may be are under way.
  [[nodiscard]] bool submit(uint32_t owner, uint64_t value, Command&& command,
                            const std::optional<TraceContext>& trace = {}) {
    ASSERT(owner < owners_.size());
    return port_.submit({value, owner}, std::move(command), trace);
  }

  // Defers the call with what is to be kept of it, and asks; its owner finds the exchange with resumed(). Answers 503
  // if there is too much to do.
  template <class Kept>
  void defer(const Call& call, uint32_t owner, Command&& command, const Kept& kept) {
    if (port_.under_way() == port_.capacity()) {
      return respond_busy(call.exchange, call.request.path(), "busy",
                          "The server has as much to do as it can: nothing was done.");
    }
    const net::Ticket ticket = call.exchange.defer(kept);
    ASSERT(submit(owner, ticket.value, std::move(command), call.request.trace()));
  }
  // The exchange of a deferred call; null if the client has gone: what was decided stands.
  [[nodiscard]] net::Exchange* resumed(const Answer& answer) { return loop_.resume(net::Ticket{answer.ticket.value}); }

  [[nodiscard]] Port& port() { return port_; }

 private:
  void drain() {
    port_.drain([this](Answer&& answer) { owners_[answer.ticket.owner](answer); });
    if (on_drained_) on_drained_();
  }

  net::Loop& loop_;
  net::Inbox& inbox_;
  Port port_;
  std::vector<Take> owners_;
  std::function<void()> on_drained_;
};

}  // namespace doorbuster::platform
