// A host with its threads, and clients on theirs.
#include <atomic>
#include <deque>
#include <filesystem>
#include <set>
#include <thread>

#include "cell/testing/alarm.h"
#include "cell/testing/faulty_log.h"
#include "cell/testing/hosted.h"

namespace doorbuster::cell {
namespace {

using testing::Adder;
using testing::Alarm;
using testing::FaultyLog;
using testing::Hosted;
using testing::sum_in;

size_t threads_of_this_process() {
  const std::filesystem::directory_iterator all("/proc/self/task");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

struct Outcome {
  int64_t acknowledged = 0;  // the sum of
  int64_t refused = 0;
  int64_t unknown = 0;
};

// Asks `count` times to add 1, each time until it gets an answer of some kind.
Outcome add_ones(Hosted<Adder>& cell, int count) {
  Outcome outcome;
  for (int asked = 0, answered = 0; answered < count;) {
    while (asked < count && cell.port.submit(static_cast<uint64_t>(asked), {1})) ++asked;
    cell.port.flush();
    const size_t got = cell.port.drain([&](Port<Adder>::Answer&& answer) {
      outcome.acknowledged += answer.status == ReplyStatus::kDecided ? 1 : 0;
      outcome.refused += answer.status == ReplyStatus::kUnavailable ? 1 : 0;
      outcome.unknown += answer.status == ReplyStatus::kUnknown ? 1 : 0;
    });
    answered += static_cast<int>(got);
    if (got == 0) cell.bell.wait(std::chrono::milliseconds(100));
  }
  return outcome;
}

TEST(HostThreadsTest, adds_up_what_many_threads_ask_of_one_cell) {
  constexpr int kClients = 3;
  constexpr int kAsks = 2'000;
  log::MemoryLog log;
  const SystemClock clock;
  Host host(log, clock);
  std::deque<Port<Adder>> ports;
  std::deque<Doorbell> bells(kClients);
  Hosted<Adder> cell(host, log, CellId(0));
  for (int i = 0; i < kClients; ++i) {
    cell.cell.attach(ports.emplace_back(64, [bell = &bells[static_cast<size_t>(i)]] { bell->ring(); }));
  }
  ASSERT_TRUE(cell.runner.claim().has_value());
  host.start();
  std::vector<std::thread> clients;
  for (size_t client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      for (int asked = 0, answered = 0; answered < kAsks;) {
        while (asked < kAsks && ports[client].submit(static_cast<uint64_t>(asked), {1})) ++asked;
        ports[client].flush();
        const size_t got =
            ports[client].drain([&](Port<Adder>::Answer&& answer) { EXPECT_EQ(answer.status, ReplyStatus::kDecided); });
        answered += static_cast<int>(got);
        if (got == 0) bells[client].wait(std::chrono::milliseconds(100));
      }
    });
  }
  for (auto& client : clients) client.join();
  host.stop();
  EXPECT_EQ(cell.probe.events.value(), uint64_t{kClients} * kAsks);
  EXPECT_EQ(sum_in(log, CellId(0)), kClients * kAsks);
}

TEST(HostThreadsTest, carries_many_cells_with_as_many_threads_as_one) {
  constexpr uint32_t kCells = 32;
  constexpr int kAsks = 200;
  const SystemClock clock;
  const size_t before = threads_of_this_process();
  size_t with_one = 0;
  {
    log::MemoryLog log;
    Host host(log, clock);
    Hosted<Adder> cell(host, log, CellId(0));
    host.start();
    with_one = threads_of_this_process() - before;
  }
  log::MemoryLog log;
  Host host(log, clock);
  std::deque<Hosted<Adder>> cells;
  for (uint32_t id = 0; id < kCells; ++id) {
    auto& cell = cells.emplace_back(host, log, CellId(id), CellOptions{.events_a_snapshot = 50});
    ASSERT_TRUE(cell.runner.claim().has_value());
  }
  host.start();
  EXPECT_EQ(threads_of_this_process() - before, with_one);
  std::vector<std::thread> clients;
  for (uint32_t half : {0U, 1U}) {
    clients.emplace_back([&, half] {
      for (uint32_t id = half; id < kCells; id += 2) EXPECT_EQ(add_ones(cells[id], kAsks).acknowledged, kAsks);
    });
  }
  for (auto& client : clients) client.join();
  host.stop();
  for (uint32_t id = 0; id < kCells; ++id) EXPECT_EQ(sum_in(log, CellId(id)), kAsks);
}

TEST(HostThreadsTest, rings_every_alarm_in_time) {
  log::MemoryLog log;
  const SystemClock clock;
  Host host(log, clock);
  std::deque<Hosted<Alarm>> cells;
  for (uint32_t id = 0; id < 5; ++id) {
    ASSERT_TRUE(cells.emplace_back(host, log, CellId(id)).runner.claim().has_value());
  }
  host.start();
  const Timestamp start = clock.now();
  for (size_t i = 0; i < cells.size(); ++i) {
    cells[i].ask(1, {start + Duration::millis(10 * static_cast<int64_t>(5 - i))});
  }
  for (auto& cell : cells) {
    while (cell.published == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_GE((clock.now() - start).micros(), 50'000);
  host.stop();
}

// Notes which threads have taken parts of its snapshots.
struct Watched : Adder {
  bool save_part(std::vector<std::byte>& part) {
    if (told_to != nullptr) told_to->insert(std::this_thread::get_id());
    return Adder::save_part(part);
  }
  static inline std::set<std::thread::id>* told_to = nullptr;  // at the cell
};

// It has the least urgency: if it stood in the cell when the kernel stops it, everybody would wait with it.
TEST(HostThreadsTest, the_thread_that_writes_snapshots_is_never_at_the_cell) {
  log::SimulatedDisk disk;
  FaultyLog log(disk);
  const SystemClock clock;
  std::set<std::thread::id> savers, writers;
  log.may_write_snapshot = [&] {
    writers.insert(std::this_thread::get_id());
    return true;
  };
  Host host(log, clock);
  Hosted<Watched> cell(host, log, CellId(0), {.events_a_snapshot = 10});
  ASSERT_TRUE(cell.runner.claim().has_value());
  host.start();
  Watched::told_to = &savers;
  cell.ask(1, {1});
  for (uint64_t ticket = 2; cell.probe.snapshots.value() < 3; ++ticket) {
    cell.bell.wait(std::chrono::milliseconds(10));
    if (!cell.answers().empty()) cell.ask(ticket, {1});
  }
  host.stop();
  Watched::told_to = nullptr;
  for (auto* threads : {&savers, &writers}) threads->erase(std::this_thread::get_id());  // writes the last one whole
  EXPECT_FALSE(savers.empty());
  EXPECT_EQ(writers.size(), 1U);
  for (const auto& writer : writers) EXPECT_FALSE(savers.contains(writer));
}

// A store that takes for ever over a snapshot, until the test lets it go.
TEST(HostThreadsTest, answers_and_appends_while_the_store_hangs_in_a_snapshot) {
  log::SimulatedDisk disk;
  FaultyLog log(disk);
  const SystemClock clock;
  std::atomic<bool> hangs{false}, let_go{false};
  log.may_write_snapshot = [&] {
    hangs = true;
    while (!let_go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return true;
  };
  Host host(log, clock);
  Hosted<Adder> cell(host, log, CellId(0), {.events_a_snapshot = 10});
  Hosted<Alarm> alarm(host, log, CellId(1));
  ASSERT_TRUE(cell.runner.claim().has_value());
  ASSERT_TRUE(alarm.runner.claim().has_value());
  host.start();
  EXPECT_EQ(add_ones(cell, 20).acknowledged, 20);
  while (!hangs) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(add_ones(cell, 1'000).acknowledged, 1'000);
  alarm.ask(1, {clock.now() + Duration::millis(5)});
  while (alarm.published == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(cell.probe.snapshots.value(), 0U);
  let_go = true;
  host.stop();
  EXPECT_EQ(sum_in(log, CellId(0)), 1'020);
}

TEST(HostThreadsTest, comes_out_of_doubt_by_itself_and_loses_nothing_that_it_acknowledged) {
  log::SimulatedDisk disk;
  FaultyLog log(disk);
  const SystemClock clock;
  Host host(log, clock);
  Hosted<Adder> cell(host, log, CellId(0));
  ASSERT_TRUE(cell.runner.claim().has_value());
  for (int i = 0; i < 20; ++i) {
    log.faults.push_back(FaultyLog::Fault::kNone);
    log.faults.push_back(i % 2 == 0 ? FaultyLog::Fault::kUnknownAndThere : FaultyLog::Fault::kUnknownAndLost);
  }
  host.start();
  const Outcome outcome = add_ones(cell, 5'000);
  host.stop();
  EXPECT_EQ(outcome.unknown, 0);
  EXPECT_EQ(outcome.acknowledged + outcome.refused, 5'000);
  EXPECT_EQ(sum_in(log, CellId(0)), outcome.acknowledged);
  EXPECT_EQ(cell.machines, 1) << "without a replay";
}

TEST(HostThreadsTest, hands_a_cell_to_and_fro_under_load_and_loses_nothing) {
  log::SimulatedDisk disk;
  log::MemoryLog log_one(disk), log_two(disk);
  const SystemClock clock;
  Host one(log_one, clock), two(log_two, clock);
  Hosted<Adder> cell_one(one, log_one, CellId(0)), cell_two(two, log_two, CellId(0));
  ASSERT_TRUE(cell_one.runner.claim().has_value());
  one.start();
  two.start();
  Outcome outcome_one, outcome_two;
  std::thread client_one([&] { outcome_one = add_ones(cell_one, 20'000); });
  std::thread client_two([&] { outcome_two = add_ones(cell_two, 20'000); });
  for (int round = 0; round < 3; ++round) {
    cell_one.runner.release();
    EXPECT_TRUE(cell_two.runner.claim().has_value());
    cell_two.runner.release();
    EXPECT_TRUE(cell_one.runner.claim().has_value());
  }
  client_one.join();
  client_two.join();
  one.stop();
  two.stop();
  EXPECT_EQ(outcome_one.unknown + outcome_two.unknown, 0);
  EXPECT_EQ(sum_in(log_one, CellId(0)), outcome_one.acknowledged + outcome_two.acknowledged);
}

TEST(HostThreadsTest, tells_traces_before_followers_hear_of_the_events) {
  log::MemoryLog log;
  const SystemClock clock;
  Host host(log, clock);
  Port<Adder> port(64, [] {});
  Cell<Adder> cell(
      CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  cell.attach(port);
  Sequence traced;
  cell.on_traced([&](Sequence first, uint32_t, const TraceContext&) { traced = first; });
  CellProbe probe;
  CellRunner runner(host, cell, probe,
                    {.on_durable = [&](Sequence tail) { EXPECT_EQ(traced, tail); }, .on_trouble = {}});
  ASSERT_TRUE(runner.claim().has_value());
  host.start();
  ASSERT_TRUE(port.submit(1, {5}, begin_trace()));
  port.flush();
  host.stop();
  EXPECT_EQ(traced, Sequence(1));
}

}  // namespace
}  // namespace doorbuster::cell
