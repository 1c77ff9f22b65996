// The clients' common ground: one thread, one epoll, one timer and one connection for each of thousands of clients, who
// are coroutines that wait here for a moment or for an answer.
//
// A client has at most one request under way. Its connection is kept over short rests, and closed while it rests for
// long. The number of open connections has a bound, whatever the number of clients: there whoever has rested longest
// gives up theirs, and where nobody rests requests wait for their turn, which is in their latency. Connections come
// from any address of 127.0.0.0/8.
#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "stampede/answer.h"

namespace doorbuster::stampede {

using ClientNumber = uint32_t;

// An IPv4 address and port, in the host's byte order.
struct Peer {
  uint32_t address = 0;
  uint16_t port = 0;
  bool operator==(const Peer&) const = default;
};

// A request as it goes over the wire, and where from and to.
struct WireRequest {
  uint32_t source = 0;  // an IPv4 address, in the host's byte order
  Peer peer;
  std::string bytes;
};

class Engine {
 public:
  // kIo when the system has no epoll for us.
  // A connection is kept over a rest of up to `kept_over`: browsers keep theirs for minutes, and a server for one.
  [[nodiscard]] static Result<std::unique_ptr<Engine>> make(size_t clients, size_t connections_max,
                                                            Duration kept_over = Duration::seconds(30));
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Steady, and near to the wall clock's.
  [[nodiscard]] Timestamp now() const;

  // co_await engine.sleep_until(client, due): goes on at that moment, or as soon after it as there is time.
  class Sleep;
  [[nodiscard]] Sleep sleep_until(ClientNumber client, Timestamp due);

  // const Answer answer = co_await engine.send(client, request): the answer, or one with status 0 when none came.
  class Exchange;
  [[nodiscard]] Exchange send(ClientNumber client, const WireRequest& request);

  void hang_up(ClientNumber client);

  // Lets clients go on until `is_over` says so.
  void run(const std::function<bool()>& is_over);

  [[nodiscard]] size_t connections_most() const { return connections_most_; }
  [[nodiscard]] uint64_t connections_waited() const { return connections_waited_; }
  [[nodiscard]] uint64_t connections_made() const { return connections_made_; }

 private:
  struct Seat {
    std::coroutine_handle<> waiting;
    Exchange* exchange = nullptr;
    int descriptor = -1;
    uint32_t generation = 0;  // of the descriptor
    uint32_t source = 0;
    Peer peer;
    bool was_used = false;  // an answer came over this connection
    uint32_t rests = 0;     // with a connection that it kept, so far
    size_t sent = 0;
    std::string received;
  };

  struct Resting {
    ClientNumber client;
    uint32_t rests;  // which of its rests this is
  };

  Engine(int poll, size_t clients, size_t connections_max, Duration kept_over);
  void rest(ClientNumber client, Timestamp until);
  void make_room();
  [[nodiscard]] bool rests_still(const Resting& resting) const;
  void begin(ClientNumber client);
  [[nodiscard]] bool connect(ClientNumber client);
  void write(ClientNumber client);
  void read(ClientNumber client);
  void fail_or_repeat(ClientNumber client);
  // The answer is there, or none will come: the client goes on with it when the loop comes to it.
  void finish(ClientNumber client, Answer answer);
  void resume_ready();
  void poll_once();
  void fire(ClientNumber client);

  const int poll_;
  const size_t connections_max_;
  const Duration kept_over_;
  const std::chrono::steady_clock::time_point steady_start_ = std::chrono::steady_clock::now();
  const Timestamp start_ = SystemClock().now();
  TimerWheel timers_;
  std::vector<Seat> seats_;
  std::deque<ClientNumber> without_connection_;
  std::deque<Resting> resting_;  // in the order in which they began; some go on already
  std::vector<ClientNumber> ready_;
  size_t connections_ = 0;
  size_t connections_most_ = 0;
  uint64_t connections_waited_ = 0;
  uint64_t connections_made_ = 0;
};

class Engine::Sleep {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting);
  void await_resume() const noexcept {}

 private:
  friend class Engine;
  Sleep(Engine& engine, ClientNumber client, Timestamp due) : engine_(engine), client_(client), due_(due) {}
  Engine& engine_;
  const ClientNumber client_;
  const Timestamp due_;
};

class Engine::Exchange {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting);
  Answer await_resume() { return std::move(answer_); }

 private:
  friend class Engine;
  Exchange(Engine& engine, ClientNumber client, const WireRequest& request)
      : engine_(engine), client_(client), request_(request) {}
  Engine& engine_;
  const ClientNumber client_;
  const WireRequest& request_;
  bool was_repeated_ = false;
  Answer answer_;
};

}  // namespace doorbuster::stampede
