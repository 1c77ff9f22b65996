// One reactor's lines to the cells of a service: takes commands to them, and brings the answers back to whoever on this
// reactor has asked.
//
// Commands of one turn are flushed together at its end. Those who ask are told apart by the owner in the ticket, so
// that each may use all of its value. What may be under way is a number for all cells together: each has a port of its
// own, and what does not fit into it waits here until it does.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/strong.h"
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

  // To the cells 0 to `cells` - 1. At most `capacity` commands are under way at once.
  CellClient(net::Loop& loop, size_t capacity, uint32_t cells = 1)
      : loop_(loop), inbox_(loop.add_inbox([this] { drain(); })), capacity_(capacity) {
    for (uint32_t cell = 0; cell < cells; ++cell)
      lines_.push_back(std::make_unique<Line>(port_capacity(capacity, cells), [this] { inbox_.notify(); }));
    loop.at_turn_end([this] { flush(); });
  }
  CellClient(const CellClient&) = delete;
  CellClient& operator=(const CellClient&) = delete;

  // Of each cell's port: so that all ports together take little more memory than one for all that may be under way.
  [[nodiscard]] static constexpr size_t port_capacity(size_t capacity, uint32_t cells) {
    return std::min(capacity, std::max(kPortMin, capacity / cells));
  }

  // Who may ask: returns the owner to ask with. `take` hears the answers, on the loop's thread.
  [[nodiscard]] uint32_t add_owner(Take take) {
    owners_.push_back(std::move(take));
    return static_cast<uint32_t>(owners_.size() - 1);
  }
  // Called when answers were taken, so that there is room again.
  void on_drained(std::function<void()> hook) { on_drained_ = std::move(hook); }

  // False if as many as there may be are under way.
  [[nodiscard]] bool submit(CellId cell, uint32_t owner, uint64_t value, Command&& command,
                            const std::optional<TraceContext>& trace = {}) {
    ASSERT(owner < owners_.size() && cell.value() < lines_.size());
    if (under_way_ == capacity_) return false;
    ++under_way_;
    Line& line = *lines_[cell.value()];
    const bool is_first = line.waiting.empty();
    if (!is_first || !line.port.submit({value, owner}, std::move(command), trace))
      line.waiting.push_back({{value, owner}, std::move(command), trace});
    ask_at_turn_end(line);
    return true;
  }

  // Defers the call with what is to be kept of it, and asks; its owner finds the exchange with resumed(). Answers 503
  // if there is too much to do.
  template <class Kept>
  void defer(const Call& call, CellId cell, uint32_t owner, Command&& command, const Kept& kept) {
    if (under_way_ == capacity_) {
      return respond_busy(call.exchange, call.request.path(), "busy",
                          "The server has as much to do as it can: nothing was done.");
    }
    const net::Ticket ticket = call.exchange.defer(kept);
    ASSERT(submit(cell, owner, ticket.value, std::move(command), call.request.trace()));
  }
  // The exchange of a deferred call; null if the client has gone: what was decided stands.
  [[nodiscard]] net::Exchange* resumed(const Answer& answer) { return loop_.resume(net::Ticket{answer.ticket.value}); }

  [[nodiscard]] Port& port(CellId cell) { return lines_[cell.value()]->port; }
  [[nodiscard]] uint32_t cells() const { return static_cast<uint32_t>(lines_.size()); }
  [[nodiscard]] size_t under_way() const { return under_way_; }
  [[nodiscard]] size_t capacity() const { return capacity_; }

 private:
  static constexpr size_t kPortMin = 128;

  struct Line {
    Line(size_t capacity, std::function<void()> wake) : port(capacity, std::move(wake)) {}
    Port port;
    std::deque<typename Port::Request> waiting;  // for room in the port
    bool is_to_flush = false;
  };

  void ask_at_turn_end(Line& line) {
    if (!std::exchange(line.is_to_flush, true)) to_flush_.push_back(&line);
  }

  void flush() {
    for (Line* line : to_flush_) {
      line->is_to_flush = false;
      line->port.flush();
    }
    to_flush_.clear();
  }

  void drain() {
    for (const auto& line : lines_) {
      if (line->port.under_way() == 0) continue;
      under_way_ -= line->port.drain([this](Answer&& answer) { owners_[answer.ticket.owner](answer); });
      go_on(*line);
    }
    if (on_drained_) on_drained_();
  }

  void go_on(Line& line) {
    while (!line.waiting.empty()) {
      auto& next = line.waiting.front();
      if (!line.port.submit(next.ticket, std::move(next.command), next.trace)) return;
      line.waiting.pop_front();
      ask_at_turn_end(line);
    }
  }

  net::Loop& loop_;
  net::Inbox& inbox_;
  const size_t capacity_;
  size_t under_way_ = 0;
  std::vector<std::unique_ptr<Line>> lines_;  // by cell
  std::vector<Line*> to_flush_;
  std::vector<Take> owners_;
  std::function<void()> on_drained_;
};

}  // namespace doorbuster::platform
