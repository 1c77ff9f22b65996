// One thread's loop: a listener, its connections, and nothing shared with other reactors.
//
// Works on epoll directly, edge-triggered, each socket registered once: a turn costs one epoll_wait, a request one recv
// and one send. (Asio's async_wait would add an epoll_ctl, its async_read a second recv, to every request; see
// docs/decisions/0020.)
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/ring.h"
#include "net/channel.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/slots.h"

namespace doorbuster::net {

class Reactor final : public Loop {
 public:
  // Reserves its memory now. `limits` must have passed check().
  Reactor(uint8_t id, const Limits& limits, Socket listener);
  ~Reactor() override;

  // Before run(). The handler must outlive the reactor.
  void set_handler(Handler& handler) { shared_.handler = &handler; }

  // Until stop(), or until a drain is complete. On one thread only, which then is the loop's thread.
  void run();

  // Any thread. Stops accepting, lets every connection finish what it has begun, closes the rest after `patience`, and
  // returns from run().
  void drain(Duration patience);
  // Any thread.
  void stop();

  [[nodiscard]] uint8_t id() const override { return shared_.loop_id; }
  [[nodiscard]] Exchange* resume(Ticket ticket) override;
  Inbox& add_inbox(std::function<void()> drain) override;
  void at_turn_end(std::function<void()> hook) override { hooks_.push_back(std::move(hook)); }
  void every(Duration period, std::function<void()> callback) override;
  [[nodiscard]] int64_t now_us() const override { return shared_.now_us; }
  [[nodiscard]] bool draining() const override { return shared_.draining; }
  [[nodiscard]] const ReactorMetrics& metrics() const override { return shared_.metrics; }

 private:
  struct alignas(kCacheLine) Connection {
    Connection(ChannelContext& context, uint32_t slot) : channel(context, slot) {}
    uint32_t serial = 0;  // of this use of the slot; an event of an earlier use is dropped
    Socket socket;
    bool readable = false;
    bool peer_half_closed = false;
    bool queued = false;  // in runnable_
    Channel channel;
  };
  struct Periodic {
    int64_t period_us;
    int64_t due_us;
    std::function<void()> callback;
  };
  struct TurnedAway {
    Socket socket;
    int64_t close_us;
  };
  struct NetworkHash {
    size_t operator()(const PeerAddress::Network& network) const;
  };

  static constexpr uint64_t kListenerKey = UINT64_MAX;  // of its events

  void turn();
  void wait();
  void read_clock();
  void prefetch(uint64_t key);
  void on_event(uint64_t key, uint32_t events);
  void run_queued();
  bool drain_inboxes();  // whether there was anything
  void run_hooks();
  void call_due();
  void write_dirty();
  void count_turn();
  [[nodiscard]] int wait_millis() const;

  void accept_some();
  void admit(Socket socket, const PeerAddress& peer);
  void turn_away(Socket socket);
  void close_turned_away(int64_t until_us);
  void pause_accepting();
  void listen_again();

  // Room for those for whom there is none (reactor_room.cc).
  [[nodiscard]] bool find_room_for(const PeerAddress& peer);
  [[nodiscard]] bool has_room_for(const PeerAddress& peer) const;
  void make_room_for(const PeerAddress::Network& newcomer);
  void relieve_buffers();
  template <class IsAsked>
  [[nodiscard]] std::vector<uint32_t> dispensable(const IsAsked& is_asked);
  void evict_some(const std::vector<uint32_t>& slots);
  void evict(uint32_t slot);

  void on_readable(Connection& connection);
  void flush(Connection& connection);
  void settle(Connection& connection, uint32_t slot);
  void end(Connection& connection, uint32_t slot);
  void close(Connection& connection, uint32_t slot);
  void sweep();
  void expire(Connection& connection, uint32_t slot);
  void begin_drain();
  void drain_idle(Connection& connection, uint32_t slot);
  void close_all();
  void watch(int descriptor, uint32_t events, uint64_t key);

  ChannelContext shared_;
  Waker waker_;
  Socket epoll_;
  Socket listener_;
  Slots<Connection> connections_;
  std::vector<uint32_t> free_slots_;
  std::vector<int64_t> deadlines_us_;  // by slot, side by side, so that looking at all of them is cheap
  std::vector<uint32_t> runnable_;
  std::vector<uint32_t> running_;                                                // reused by run_queued()
  std::vector<uint32_t> writing_;                                                // reused by write_dirty()
  std::unordered_map<PeerAddress::Network, uint32_t, NetworkHash> per_network_;  // its connections
  std::deque<TurnedAway> turned_away_;  // have their answer, and some time to read it
  std::deque<Inbox> inboxes_;
  std::deque<std::function<void()>> hooks_;
  std::deque<Periodic> periodic_;
  int64_t next_sweep_us_ = 0;
  int64_t date_due_us_ = 0;
  int64_t accept_again_us_ = 0;  // 0 while accepting
  int64_t look_for_room_us_ = 0;
  int64_t relieve_buffers_us_ = 0;
  int64_t drain_until_us_ = 0;
  std::atomic<int64_t> drain_patience_us_{-1};
  std::atomic<bool> stop_{false};
  Inbox* control_ = nullptr;
  bool done_ = false;
};

}  // namespace doorbuster::net
