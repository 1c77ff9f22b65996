#include "cell/runner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "cell/testing/adder.h"
#include "log/memory/memory_log.h"

namespace doorbuster::cell {
namespace {

using testing::Adder;

TEST(CellRunnerTest, tells_causes_before_followers_hear_of_the_events) {
  log::MemoryLog log;
  const SystemClock clock;
  CellProbe probe;
  Doorbell bell;
  Port<Adder> port(64, [&] { bell.ring(); });
  Cell<Adder> cell(
      CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  cell.attach(port);
  Sequence told;
  cell.on_traced([&](Sequence first, uint32_t, const TraceContext&) { told = first; });
  ASSERT_TRUE(cell.recover(clock.now()).has_value());
  CellRunner<Adder> runner(cell, clock, probe,
                           {.on_durable = [&](Sequence tail) { EXPECT_EQ(told, tail); },
                            .on_trouble = [](const std::string& trouble) { FAIL() << trouble; }});
  ASSERT_TRUE(port.submit(1, {5}, begin_trace()));
  runner.start();
  port.flush();
  while (port.drain([](Port<Adder>::Answer&&) {}) == 0) bell.wait(std::chrono::milliseconds(100));
  runner.stop();
  EXPECT_EQ(told, Sequence(1));
}

// While the cell's own thread waits: now and then it is at the cell by itself, and answers then.
TEST(CellRunnerTest, answers_a_question_on_the_thread_that_asks) {
  log::MemoryLog log;
  const SystemClock clock;
  CellProbe probe;
  Doorbell bell;
  std::atomic<int> by_us{0};
  const auto us = std::this_thread::get_id();
  Port<Adder> port(64, [&] {
    if (std::this_thread::get_id() == us) ++by_us;
    bell.ring();
  });
  Cell<Adder> cell(
      CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  cell.attach(port);
  ASSERT_TRUE(cell.recover(clock.now()).has_value());
  CellRunner<Adder> runner(cell, clock, probe,
                           {.on_durable = {}, .on_trouble = [](const std::string& trouble) { FAIL() << trouble; }});
  runner.start();
  constexpr int kQuestions = 100;
  for (int asked = 0; asked < kQuestions; ++asked) {
    ASSERT_TRUE(port.submit(1, {0}));
    port.flush();
    while (port.drain([](Port<Adder>::Answer&&) {}) == 0) bell.wait(std::chrono::milliseconds(100));
  }
  EXPECT_GT(by_us, kQuestions / 2);
  runner.stop();
}

TEST(CellRunnerTest, lets_nobody_in_after_the_end) {
  log::MemoryLog log;
  const SystemClock clock;
  CellProbe probe;
  Port<Adder> port(64, [] {});
  Cell<Adder> cell(
      CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  cell.attach(port);
  ASSERT_TRUE(cell.recover(clock.now()).has_value());
  CellRunner<Adder> runner(cell, clock, probe,
                           {.on_durable = {}, .on_trouble = [](const std::string& trouble) { FAIL() << trouble; }});
  ASSERT_TRUE(port.submit(1, {5}));
  port.flush();
  EXPECT_EQ(port.waiting_requests(), 1U) << "it has not started yet";
  runner.start();
  runner.stop();
  EXPECT_EQ(probe.events.value(), 1U) << "what was asked before the end is decided";
  ASSERT_TRUE(port.submit(2, {6}));
  port.flush();
  EXPECT_EQ(port.waiting_requests(), 1U);
  EXPECT_EQ(cell.machine().total, 5);
}

TEST(CellRunnerTest, adds_up_what_many_threads_ask_and_has_it_durable_at_the_end) {
  constexpr int kClients = 3;
  constexpr int kAsks = 2'000;
  log::MemoryLog log;
  const SystemClock clock;
  CellProbe probe;
  std::vector<std::unique_ptr<Doorbell>> bells;
  std::vector<std::unique_ptr<Port<Adder>>> ports;
  Cell<Adder> cell(
      CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  for (int i = 0; i < kClients; ++i) {
    bells.push_back(std::make_unique<Doorbell>());
    ports.push_back(std::make_unique<Port<Adder>>(64, [bell = bells.back().get()] { bell->ring(); }));
    cell.attach(*ports.back());
  }
  ASSERT_TRUE(cell.recover(clock.now()).has_value());
  CellRunner<Adder> runner(cell, clock, probe,
                           {.on_durable = {}, .on_trouble = [](const std::string& trouble) { FAIL() << trouble; }});
  runner.start();
  std::vector<std::thread> clients;
  std::vector<int> answered(kClients);
  for (size_t client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      auto& port = *ports[client];
      for (int asked = 0; answered[client] < kAsks;) {
        while (asked < kAsks && port.submit(static_cast<uint64_t>(asked), {1})) ++asked;
        port.flush();
        const size_t got =
            port.drain([&](Port<Adder>::Answer&& answer) { EXPECT_EQ(answer.status, ReplyStatus::kDecided); });
        answered[client] += static_cast<int>(got);
        if (got == 0) bells[client]->wait(std::chrono::milliseconds(100));
      }
    });
  }
  for (auto& client : clients) client.join();
  runner.stop();
  EXPECT_EQ(probe.events.value(), uint64_t{kClients} * kAsks);
  std::unique_ptr<Adder> replayed;
  ASSERT_TRUE(replay_log(log, CellId{0}, std::make_unique<Adder>, replayed).has_value());
  EXPECT_EQ(replayed->total, kClients * kAsks);
}

}  // namespace
}  // namespace doorbuster::cell
