// The reactor with real sockets and real threads: deferral across threads, closing, limits, drain.
#include "net/reactor.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/ring.h"
#include "net/server.h"
#include "net/testing/client.h"

namespace doorbuster::net {
namespace {

using testing::Client;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

// An engine on a thread of its own, reached by a ring and answering by a ring: the shape of a cell.
class Engine {
 public:
  Engine() : thread_([this] { serve(); }) {}
  ~Engine() { stop(); }
  void stop() {
    stop_.store(true);
    if (thread_.joinable()) thread_.join();
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Ring<Ticket> requests{1024};
  Ring<Ticket> answers{1024};
  std::atomic<Inbox*> inbox{nullptr};
  std::atomic<bool> hold{false};

 private:
  void serve() {
    while (!stop_.load()) {
      const size_t moved =
          hold.load() ? 0
                      : requests.drain(64, [this](Ticket&& ticket) { ASSERT(answers.try_push(std::move(ticket))); });
      if (moved > 0) inbox.load()->notify();
      std::this_thread::yield();
    }
  }

  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class EngineHandler final : public Handler {
 public:
  EngineHandler(Loop& loop, Engine& engine) : loop_(loop), engine_(engine) {
    engine_.inbox = &loop.add_inbox([this] { answer(); });
  }
  void handle(const Request& request, Exchange& exchange) override {
    const auto number = parse_number(request.path().substr(1)).value_or(0);
    ASSERT(engine_.requests.try_push(exchange.defer(number)));
  }

  std::atomic<int> lost{0};

 private:
  void answer() {
    engine_.answers.drain(SIZE_MAX, [this](Ticket&& ticket) {
      Exchange* exchange = loop_.resume(ticket);
      if (exchange == nullptr) {
        lost.fetch_add(1);
        return;
      }
      std::string& body = exchange->scratch();
      body = "number " + std::to_string(exchange->context<uint64_t>());
      exchange->respond(Response{.body = body});
    });
  }

  Loop& loop_;
  Engine& engine_;
};

class ReactorTest : public ::testing::Test {
 protected:
  // Each uses the other: first the engine must stop notifying, then the server reading the engine's rings.
  ~ReactorTest() override {
    engine.stop();
    server.reset();
  }

  void start(Limits limits = {}) {
    limits.connections = std::min<uint32_t>(limits.connections, 512);
    auto started = Server::start({.listen = "127.0.0.1:0", .reactors = 1, .limits = limits}, [this](Loop& loop) {
      auto made = std::make_unique<EngineHandler>(loop, engine);
      handler = made.get();
      return made;
    });
    ASSERT_TRUE(started) << started.error().message;
    server = std::move(*started);
  }
  const ReactorMetrics& metrics() { return server->metrics(0); }

  std::unique_ptr<Server> server;
  Engine engine;
  EngineHandler* handler = nullptr;
};

TEST_F(ReactorTest, answers_come_back_from_another_thread_in_order) {
  start();
  Client client(server->port());
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  client.send(requests);
  for (int i = 0; i < 200; ++i) ASSERT_THAT(client.read_response(), EndsWith("\r\n\r\nnumber " + std::to_string(i)));
}

TEST_F(ReactorTest, many_connections_wait_for_one_engine_at_a_time) {
  start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(std::make_unique<Client>(server->port()));
  for (int round = 0; round < 20; ++round) {
    for (size_t i = 0; i < clients.size(); ++i)
      clients[i]->send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    for (size_t i = 0; i < clients.size(); ++i)
      ASSERT_THAT(clients[i]->read_response(), EndsWith("number " + std::to_string(i)));
  }
  EXPECT_EQ(metrics().connections_open.value(), 50);
}

TEST_F(ReactorTest, a_reset_connection_is_noticed_while_its_answer_is_deferred) {
  start();
  engine.hold = true;
  Client client(server->port());
  client.send(kGet);
  ASSERT_TRUE(eventually([&] { return engine.requests.size() == 1; }));
  client.reset();
  ASSERT_TRUE(eventually([&] { return metrics().connections_open.value() == 0; }));
  engine.hold = false;
  EXPECT_TRUE(eventually([&] { return handler->lost.load() == 1; }));
}

TEST_F(ReactorTest, a_late_answer_is503_and_the_connection_stays_usable) {
  Limits limits;
  limits.deferred_time = Duration::millis(200);
  start(limits);
  engine.hold = true;
  Client client(server->port());
  client.send(kGet);
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 503 Service Unavailable"));
  engine.hold = false;
  client.send("GET /7 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_response(), EndsWith("number 7"));
}

TEST_F(ReactorTest, connections_over_the_limit_are_turned_away_with_an_answer) {
  Limits limits;
  limits.connections = 2;
  start(limits);
  engine.hold = true;
  Client first(server->port());
  Client second(server->port());
  for (Client* client : {&first, &second}) client->send(kGet);
  ASSERT_TRUE(eventually([&] { return engine.requests.size() == 2; }));
  Client third(server->port());
  const std::string answer = third.read_to_end();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 Service Unavailable"));
  const size_t head = answer.find("\r\n\r\n") + 4;
  EXPECT_THAT(answer, HasSubstr("Content-Length: " + std::to_string(answer.size() - head) + "\r\n"));
  engine.hold = false;
  EXPECT_THAT(first.read_response(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(metrics().connections_refused.value(), 1U);
}

TEST_F(ReactorTest, one_address_cannot_take_all_connections) {
  Limits limits;
  limits.connections_per_address = 1;
  start(limits);
  engine.hold = true;
  {
    Client first(server->port());
    first.send(kGet);
    ASSERT_TRUE(eventually([&] { return engine.requests.size() == 1; }));
    Client second(server->port());
    EXPECT_THAT(second.read_to_end(), StartsWith("HTTP/1.1 503"));
  }
  engine.hold = false;
  ASSERT_TRUE(eventually([&] { return metrics().connections_open.value() == 0; }));
  Client again(server->port());
  again.send(kGet);
  EXPECT_THAT(again.read_response(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ReactorTest, a_peer_that_does_not_read_stops_being_served_while_others_are) {
  start();
  Client deaf(server->port());
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += kGet;
  std::thread sender([&] {
    for (int i = 0; i < 200; ++i) deaf.send(many);
  });
  Client client(server->port());
  for (int i = 0; i < 20; ++i) {
    client.send(kGet);
    ASSERT_THAT(client.read_response(), StartsWith("HTTP/1.1 200"));
  }
  server->drain(Duration::millis(100));
  sender.join();
}

TEST_F(ReactorTest, drain_finishes_what_has_begun_and_turns_nobody_else_in) {
  start();
  engine.hold = true;
  Client busy(server->port());
  Client idle(server->port());
  busy.send("GET /9 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return engine.requests.size() == 1; }));
  std::thread drain([&] { server->drain(Duration::seconds(5)); });
  EXPECT_TRUE(idle.closed_by_peer());
  engine.hold = false;
  const std::string answer = busy.read_to_end();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("number 9"));
  busy.half_close();
  drain.join();
}

TEST_F(ReactorTest, drain_ends_in_time_even_if_an_answer_never_comes) {
  start();
  engine.hold = true;
  Client client(server->port());
  client.send(kGet);
  ASSERT_TRUE(eventually([&] { return engine.requests.size() == 1; }));
  server->drain(Duration::millis(200));
  EXPECT_EQ(metrics().connections_open.value(), 0);
}

// The descriptor that the next open() would get.
int next_descriptor() {
  const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(descriptor);
  return descriptor;
}

TEST_F(ReactorTest, without_descriptors_connections_wait_until_there_are_some) {
  start();
  {
    Client other(server->port());  // all is under way by then: a sanitizer wants descriptors where it is run first
    other.send(kGet);
    EXPECT_THAT(other.read_response(), StartsWith("HTTP/1.1 200"));
  }
  ASSERT_TRUE(eventually([&] { return metrics().connections_open.value() == 0; }));
  const uint64_t turns = metrics().turns.value();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(next_descriptor()) + 1;  // the client's socket is the last one
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
  Client client(server->port());
  client.send(kGet);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(metrics().connections_open.value(), 0);
  EXPECT_LT(metrics().turns.value() - turns, 20U);  // it waits, it does not spin
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ReactorTest, periodic_callbacks_and_hooks_run_on_the_loop) {
  std::atomic<int> ticks{0};
  std::atomic<int> turns{0};
  auto started = Server::start({.listen = "127.0.0.1:0", .reactors = 1}, [&](Loop& loop) {
    loop.every(Duration::millis(10), [&] { ticks.fetch_add(1); });
    loop.at_turn_end([&] { turns.fetch_add(1); });
    return std::make_unique<EngineHandler>(loop, engine);
  });
  ASSERT_TRUE(started);
  EXPECT_TRUE(eventually([&] { return ticks.load() >= 5; }));
  EXPECT_GE(turns.load(), 4);
}

}  // namespace
}  // namespace doorbuster::net
