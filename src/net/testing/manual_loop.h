// The loop's twin without sockets, threads and time: connections are strings, the clock stands still until it is moved,
// and a turn happens when it is asked for. The same channels, deadlines, tickets, inboxes and hooks as in a Reactor.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/channel.h"
#include "net/loop.h"
#include "net/slots.h"

namespace doorbuster::net::testing {

class ManualLoop final : public Loop {
 public:
  explicit ManualLoop(const Limits& limits = small_limits(), uint8_t id = 0);
  ~ManualLoop() override;

  // The defaults, for a handful of connections.
  [[nodiscard]] static Limits small_limits();

  void set_handler(Handler& handler) { shared_.handler = &handler; }

  // A new connection; its number. Once there are as many as the limit says, the slot of one that is closed.
  uint32_t connect(const PeerAddress& peer = {});
  // The peer sends; whole requests are handled at once. What does not fit in (an answer is deferred) waits, as in a
  // kernel.
  void send(uint32_t connection, std::string_view bytes);
  // The peer ends its side.
  void end(uint32_t connection);
  // The peer is gone without a word.
  void reset(uint32_t connection);
  // Everything that was said to the peer since the last call.
  [[nodiscard]] std::string take_output(uint32_t connection);
  // To whom something was said since the last call, in the order in which it was. May name one twice.
  [[nodiscard]] std::vector<uint32_t> take_spoken_to() { return std::exchange(spoken_to_, {}); }
  // Whether somebody has notified an inbox since the last turn.
  [[nodiscard]] bool is_notified() const;
  // Whether there is room for one more.
  [[nodiscard]] bool has_room();
  [[nodiscard]] bool closed(uint32_t connection);
  // From now on the peer does not read (or does again).
  void stop_reading(uint32_t connection, bool stopped);

  // Inboxes, periodic callbacks, hooks, writes.
  void turn();
  // Moves the clock, expires what is due, and turns.
  void advance(Duration by);

  void start_drain() { shared_.draining = true; }
  [[nodiscard]] uint64_t lent_bytes() const { return shared_.pool.lent_bytes(); }

  [[nodiscard]] uint8_t id() const override { return shared_.loop_id; }
  [[nodiscard]] Exchange* resume(Ticket ticket) override;
  Inbox& add_inbox(std::function<void()> drain) override { return inboxes_.emplace_back(waker_, std::move(drain)); }
  void at_turn_end(std::function<void()> hook) override { hooks_.push_back(std::move(hook)); }
  void every(Duration period, std::function<void()> callback) override;
  [[nodiscard]] int64_t now_us() const override { return shared_.now_us; }
  [[nodiscard]] bool draining() const override { return shared_.draining; }
  [[nodiscard]] const ReactorMetrics& metrics() const override { return shared_.metrics; }

 private:
  struct Connection {
    Connection(ChannelContext& context, uint32_t slot) : channel(context, slot), number(slot) {}
    Channel channel;
    const uint32_t number;
    std::string arriving;  // sent by the peer, not yet read
    std::string said;      // to the peer
    bool peer_ended = false;
    bool peer_reads = true;
  };
  struct Periodic {
    int64_t period_us;
    int64_t due_us;
    std::function<void()> callback;
  };

  bool drain_inboxes();
  void run_hooks();
  [[nodiscard]] std::optional<uint32_t> free_slot();
  void settle(Connection& connection);
  void feed(Connection& connection);
  void write_out(Connection& connection);

  ChannelContext shared_;
  Waker waker_;
  Slots<Connection> connections_;
  uint32_t opened_ = 0;
  std::vector<uint32_t> spoken_to_;
  std::deque<Inbox> inboxes_;
  std::vector<std::function<void()>> hooks_;
  std::vector<Periodic> periodic_;
};

}  // namespace doorbuster::net::testing
