#include "stampede/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "stampede/plain_server.h"
#include "stampede/task.h"

namespace doorbuster::stampede {
namespace {

using ::testing::ElementsAre;

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
