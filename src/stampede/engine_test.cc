#include "stampede/engine.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "net/listener.h"
#include "stampede/task.h"

namespace doorbuster::stampede {
namespace {

using ::testing::ElementsAre;

constexpr uint32_t kServer = 0x7F000001;

// Answers "ok" to whatever comes, one connection after another in threads of their own; ends a connection after so many
// answers without a word about it.
class PlainServer {
 public:
  explicit PlainServer(int answers_a_connection = 1'000'000) : answers_max_(answers_a_connection) {
    net::Listeners made = *net::listen({.host = "127.0.0.1", .port = 0}, 1);
    port_ = made.endpoint.port;
    listener_ = std::move(made.sockets[0]);
    (void)::fcntl(listener_.descriptor(), F_SETFL, 0);  // it may block
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~PlainServer() {
    ::shutdown(listener_.descriptor(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& each : threads_) each.join();
  }

  [[nodiscard]] Peer peer() const { return {.address = kServer, .port = port_}; }
  [[nodiscard]] std::vector<uint32_t> sources() {
    const std::lock_guard lock(mutex_);
    return sources_;
  }

 private:
  void accept_all() {
    while (true) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const int descriptor = ::accept(listener_.descriptor(), reinterpret_cast<sockaddr*>(&from), &size);
      if (descriptor < 0) return;
      const std::lock_guard lock(mutex_);
      sources_.push_back(ntohl(from.sin_addr.s_addr));
      threads_.emplace_back([this, descriptor] { serve(descriptor); });
    }
  }

  void serve(int descriptor) const {
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    std::array<char, 4'096> bytes;
    for (int answers = 0; answers < answers_max_; ++answers) {
      if (::recv(descriptor, bytes.data(), bytes.size(), 0) <= 0) break;
      (void)::send(descriptor, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
    }
    ::close(descriptor);
  }

  const int answers_max_;
  uint16_t port_ = 0;
  net::Socket listener_;
  std::thread acceptor_;
  std::mutex mutex_;  // guards what follows
  std::vector<uint32_t> sources_;
  std::vector<std::thread> threads_;
};

WireRequest request_to(const Peer& peer, uint32_t source) {
  return {.source = source, .peer = peer, .bytes = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"};
}

Task<> ask_twice(Engine& engine, ClientNumber client, WireRequest request, Duration rest, std::vector<uint32_t>& seen) {
  for (int i = 0; i < 2; ++i) {
    const Answer answer = co_await engine.send(client, request);
    seen.push_back(answer.status);
    co_await engine.sleep_until(client, engine.now() + rest);
  }
}

void run(Engine& engine, std::vector<Task<>>& tasks) {
  for (Task<>& task : tasks) task.start();
  engine.run([&] { return std::ranges::all_of(tasks, [](const Task<>& task) { return task.done(); }); });
}

class EngineTest : public ::testing::Test {
 protected:
  // What one client sees who asks twice with a rest between.
  std::vector<uint32_t> ask(const Peer& peer, Duration rest) {
    std::vector<uint32_t> seen;
    const auto engine = *Engine::make(1, 10, Duration::millis(200));
    std::vector<Task<>> tasks;
    tasks.push_back(ask_twice(*engine, 0, request_to(peer, kServer + 7), rest, seen));
    run(*engine, tasks);
    return seen;
  }
};

TEST_F(EngineTest, keeps_a_connection_over_a_short_rest_and_comes_from_the_address_it_was_given) {
  PlainServer server;
  EXPECT_THAT(ask(server.peer(), Duration::millis(20)), ElementsAre(200, 200));
  EXPECT_THAT(server.sources(), ElementsAre(kServer + 7));
}

TEST_F(EngineTest, closes_it_over_a_long_one) {
  PlainServer server;
  EXPECT_THAT(ask(server.peer(), Duration::millis(210)), ElementsAre(200, 200));
  EXPECT_THAT(server.sources(), ElementsAre(kServer + 7, kServer + 7));
}

TEST_F(EngineTest, asks_again_where_a_kept_connection_has_ended_meanwhile) {
  PlainServer server(1);
  EXPECT_THAT(ask(server.peer(), Duration::millis(20)), ElementsAre(200, 200));
  EXPECT_EQ(server.sources().size(), 2U);
}

TEST_F(EngineTest, says_that_there_was_no_answer_where_nobody_listens) {
  uint16_t port = 0;
  {
    PlainServer server;
    port = server.peer().port;
  }
  EXPECT_THAT(ask({.address = kServer, .port = port}, Duration::millis(1)), ElementsAre(0, 0));
}

TEST_F(EngineTest, lets_requests_wait_for_a_connection_where_there_are_only_so_many) {
  PlainServer server;
  const auto engine = *Engine::make(20, 2);
  std::vector<uint32_t> seen;
  std::vector<Task<>> tasks;
  for (ClientNumber client = 0; client < 20; ++client)
    tasks.push_back(ask_twice(*engine, client, request_to(server.peer(), kServer + client), Duration::millis(1), seen));
  run(*engine, tasks);
  EXPECT_EQ(seen, std::vector<uint32_t>(40, 200));
  EXPECT_EQ(engine->connections_most(), 2U);
  EXPECT_GE(engine->connections_waited(), 18U);
}

TEST_F(EngineTest, takes_the_connection_of_whoever_has_rested_longest_where_there_is_no_other) {
  PlainServer server;
  const auto engine = *Engine::make(3, 2);
  std::vector<uint32_t> seen;
  std::vector<Task<>> tasks;
  const auto come = [&](ClientNumber client, int64_t after) -> Task<> {
    co_await engine->sleep_until(client, engine->now() + Duration::millis(after));
    seen.push_back((co_await engine->send(client, request_to(server.peer(), kServer + client))).status);
    co_await engine->sleep_until(client, engine->now() + Duration::millis(300));
    seen.push_back((co_await engine->send(client, request_to(server.peer(), kServer + client))).status);
    engine->hang_up(client);
  };
  tasks.push_back(come(0, 1));
  tasks.push_back(come(1, 60));
  tasks.push_back(come(2, 120));
  run(*engine, tasks);
  EXPECT_EQ(seen, std::vector<uint32_t>(6, 200));
  EXPECT_EQ(engine->connections_waited(), 0U);
  const auto sources = server.sources();
  EXPECT_EQ(std::ranges::count(sources, kServer + 0), 2) << "it gave up the first";
}

TEST_F(EngineTest, never_goes_on_before_the_moment_that_was_named) {
  const auto engine = *Engine::make(1, 1);
  const Timestamp due = engine->now() + Duration::millis(30);
  Timestamp woke;
  const auto sleep = [&]() -> Task<> {
    co_await engine->sleep_until(0, due);
    woke = engine->now();
  };
  std::vector<Task<>> tasks;
  tasks.push_back(sleep());
  run(*engine, tasks);
  EXPECT_GE(woke, due);
}

}  // namespace
}  // namespace doorbuster::stampede
