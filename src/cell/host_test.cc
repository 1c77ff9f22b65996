// A host without threads: what happens in which order is the test's to say.
#include "cell/host.h"

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
using Statuses = std::vector<ReplyStatus>;

class HostTest : public ::testing::Test {
 protected:
  template <class M = Adder>
  Hosted<M>& add(uint32_t id, const CellOptions& options = {}) {
    auto hosted = std::make_shared<Hosted<M>>(host_, log_, CellId(id), options);
    kept_.push_back(hosted);
    EXPECT_TRUE(hosted->runner.claim().has_value());
    return *hosted;
  }
  void start() { host_.start(Host::Threads::kNone); }
  // One cell, whose batch of one event ends as unknown.
  Hosted<Adder>& start_in_doubt(FaultyLog::Fault fault) {
    auto& cell = add(0);
    start();
    cell.ask(1, {5});
    log_.faults = {fault};
    EXPECT_TRUE(host_.committer().round());
    return cell;
  }

  testing::ManualClock clock_;
  log::SimulatedDisk disk_;
  FaultyLog log_{disk_};
  Host host_{log_, clock_};
  std::vector<std::shared_ptr<void>> kept_;
};

TEST_F(HostTest, waits_with_what_is_asked_until_it_starts) {
  auto& cell = add(0);
  cell.ask(1, {5});
  EXPECT_EQ(cell.port.waiting_requests(), 1U);
  start();
  EXPECT_TRUE(host_.committer().round());
  EXPECT_EQ(cell.answers(), Statuses{ReplyStatus::kDecided});
}

TEST_F(HostTest, answers_on_the_thread_that_asks_what_needs_no_disk) {
  auto& cell = add(0);
  start();
  cell.ask(1, {0});
  EXPECT_EQ(cell.answers(), Statuses{ReplyStatus::kDecided});
}

TEST_F(HostTest, makes_the_batches_of_all_cells_durable_in_one_round) {
  auto& one = add(0);
  auto& two = add(1);
  auto& idle = add(2);
  start();
  one.ask(1, {5});
  two.ask(1, {7});
  EXPECT_TRUE(one.answers().empty() && two.answers().empty());
  EXPECT_TRUE(host_.committer().round());
  EXPECT_EQ(one.answers(), Statuses{ReplyStatus::kDecided});
  EXPECT_EQ(two.answers(), Statuses{ReplyStatus::kDecided});
  EXPECT_EQ(log_.appends, 2U);
  EXPECT_FALSE(host_.committer().round());
  EXPECT_EQ(two.durable, Sequence(1));
  EXPECT_EQ(two.probe.batches.value(), 1U);
  EXPECT_EQ(idle.probe.batches.value(), 0U);
}

TEST_F(HostTest, tells_each_cell_what_became_of_its_own_batch) {
  auto& one = add(0);
  auto& two = add(1);
  start();
  one.ask(1, {5});
  two.ask(1, {7});
  log_.faults = {FaultyLog::Fault::kNone, FaultyLog::Fault::kUnknownAndLost};
  EXPECT_TRUE(host_.committer().round());
  EXPECT_EQ(one.answers(), Statuses{ReplyStatus::kDecided});
  EXPECT_TRUE(two.answers().empty());
  EXPECT_EQ(two.probe.ownership.load(), Ownership::kRecovering);
  EXPECT_EQ(one.probe.ownership.load(), Ownership::kOwner);
}

TEST_F(HostTest, comes_out_of_doubt_by_opening_the_log_again) {
  auto& cell = start_in_doubt(FaultyLog::Fault::kUnknownAndLost);
  cell.ask(2, {1});
  EXPECT_EQ(cell.answers(), Statuses{ReplyStatus::kUnavailable});
  EXPECT_TRUE(host_.recoverer().round());
  EXPECT_TRUE(host_.committer().round());
  EXPECT_EQ(cell.answers(), Statuses{ReplyStatus::kDecided});
  EXPECT_EQ(cell.probe.recoveries.value(), 1U);
  EXPECT_EQ(cell.probe.replays.value(), 1U) << "the one at the start";
  EXPECT_EQ(cell.machines, 1);
}

TEST_F(HostTest, tries_again_after_a_second_to_open_a_log_that_could_not_be_opened) {
  auto& cell = start_in_doubt(FaultyLog::Fault::kUnknownAndThere);
  log_.may_open = [] { return false; };
  EXPECT_FALSE(host_.recoverer().round());
  const size_t opens = log_.opens;
  log_.may_open = [] { return true; };
  EXPECT_FALSE(host_.recoverer().round());
  EXPECT_EQ(log_.opens, opens);
  clock_.pass(Duration::seconds(1));
  EXPECT_TRUE(host_.recoverer().round());
  EXPECT_EQ(cell.answers(), Statuses{ReplyStatus::kDecided});
  EXPECT_EQ(cell.durable, Sequence(1));
}

TEST_F(HostTest, says_after_a_while_that_it_does_not_know) {
  auto& cell = start_in_doubt(FaultyLog::Fault::kUnknownAndThere);
  log_.may_open = [] { return false; };
  clock_.pass(Duration::seconds(2));
  EXPECT_TRUE(host_.timekeeper().round());
  EXPECT_EQ(cell.answers(), Statuses{ReplyStatus::kUnknown});
}

TEST_F(HostTest, keeps_the_time_of_every_cell) {
  auto& adder = add(0);
  auto& alarm = add<Alarm>(1);
  auto& later = add<Alarm>(2);
  start();
  alarm.ask(1, {clock_.now() + Duration::millis(20)});
  later.ask(1, {clock_.now() + Duration::millis(50)});
  EXPECT_TRUE(host_.committer().round());
  EXPECT_FALSE(host_.timekeeper().round());
  EXPECT_EQ(host_.timekeeper().patience(), std::chrono::milliseconds(20));
  clock_.pass(Duration::millis(20));
  EXPECT_TRUE(host_.timekeeper().round());
  EXPECT_TRUE(host_.committer().round());
  EXPECT_EQ(alarm.cell.machine().rung, 1U);
  EXPECT_EQ(later.cell.machine().rung, 0U);
  EXPECT_EQ(host_.timekeeper().patience(), std::chrono::milliseconds(30));
  EXPECT_EQ(adder.probe.batches.value(), 0U);
}

TEST_F(HostTest, does_not_turn_round_and_round_when_a_full_batch_waits_for_the_disk) {
  auto& alarm = add<Alarm>(0, {.events_a_batch = 1});
  start();
  alarm.ask(1, {clock_.now() + Duration::millis(1)});
  alarm.ask(2, {clock_.now() + Duration::millis(1)});
  clock_.pass(Duration::millis(1));
  (void)host_.timekeeper().round();
  EXPECT_FALSE(host_.timekeeper().round());
  EXPECT_GT(host_.timekeeper().patience(), std::chrono::milliseconds(1));
  while (host_.committer().round()) {
  }
  EXPECT_EQ(alarm.cell.machine().rung, 1U);
}

TEST_F(HostTest, takes_up_what_a_client_has_left_undone) {
  auto& cell = add(0, {.commands_a_turn = 1});
  start();
  for (uint64_t ticket = 0; ticket < 10; ++ticket) ASSERT_TRUE(cell.port.submit(ticket, {0}));
  cell.port.flush();
  EXPECT_EQ(cell.answers().size(), 4U);
  EXPECT_TRUE(host_.timekeeper().round());
  EXPECT_EQ(cell.answers().size(), 6U);
}

TEST_F(HostTest, writes_a_snapshot_part_by_part_while_the_cell_decides) {
  auto& cell = add(0, {.events_a_snapshot = 20});
  start();
  for (int i = 0; i < 20; ++i) cell.ask(1, {1});
  while (host_.committer().round()) {
  }
  (void)host_.snapshot_saver().round();
  EXPECT_FALSE(host_.snapshot_saver().is_idle());
  while (!host_.snapshot_saver().is_idle()) {
    cell.ask(3, {100});
    EXPECT_TRUE(host_.committer().round()) << "no append waits for a part";
    EXPECT_GE(cell.answers().size(), 1U);
    (void)host_.snapshot_saver().round();
  }
  EXPECT_EQ(cell.probe.snapshots.value(), 1U);
  EXPECT_EQ(log_.snapshot_at(CellId(0)), Sequence(20));
  EXPECT_EQ(sum_in(log_, CellId(0)), cell.cell.machine().total);
}

TEST_F(HostTest, says_once_that_a_snapshot_failed_and_goes_on) {
  auto& cell = add(0, {.events_a_snapshot = 1});
  start();
  log_.may_write_snapshot = [] { return false; };
  cell.ask(1, {5});
  while (host_.committer().round() || !host_.snapshot_saver().is_idle()) (void)host_.snapshot_saver().round();
  for (int i = 0; i < 20; ++i) (void)host_.snapshot_saver().round();
  EXPECT_EQ(cell.troubles.size(), 1U);
  EXPECT_EQ(cell.probe.snapshots_failed.value(), 1U);
  log_.may_write_snapshot = [] { return true; };
  cell.ask(2, {6});
  EXPECT_TRUE(host_.committer().round());
  (void)host_.snapshot_saver().round();
  while (!host_.snapshot_saver().is_idle()) (void)host_.snapshot_saver().round();
  EXPECT_EQ(cell.probe.snapshots.value(), 1U);
  EXPECT_EQ(cell.troubles.size(), 1U);
}

TEST_F(HostTest, leaves_the_old_snapshot_when_the_process_dies_in_the_middle_of_a_new_one) {
  auto& cell = add(0, {.events_a_snapshot = 1});
  start();
  cell.ask(1, {5});
  EXPECT_TRUE(host_.committer().round());
  (void)host_.snapshot_saver().round();
  while (!host_.snapshot_saver().is_idle()) (void)host_.snapshot_saver().round();
  cell.ask(2, {6});
  EXPECT_TRUE(host_.committer().round());
  (void)host_.snapshot_saver().round();
  EXPECT_FALSE(host_.snapshot_saver().is_idle());
  disk_.crash();
  disk_.restart();
  FaultyLog after(disk_);
  EXPECT_EQ(after.snapshot_at(CellId(0)), Sequence(1));
  EXPECT_EQ(sum_in(after, CellId(0)), 11);
}

TEST_F(HostTest, saves_a_last_snapshot_of_every_cell_that_has_anything_new) {
  auto& one = add(0);
  auto& idle = add(1);
  start();
  one.ask(1, {5});
  host_.stop();
  EXPECT_EQ(one.answers(), Statuses{ReplyStatus::kDecided}) << "what was asked before the end is answered";
  EXPECT_EQ(log_.snapshot_at(CellId(0)), Sequence(1));
  EXPECT_EQ(log_.snapshot_at(CellId(1)), Sequence());
  EXPECT_EQ(idle.probe.snapshots.value(), 0U);
  ASSERT_TRUE(one.port.submit(2, {6}));
  one.port.flush();
  EXPECT_EQ(one.port.waiting_requests(), 1U) << "nobody enters any more";
}

TEST_F(HostTest, stops_in_the_middle_of_a_snapshot_and_in_doubt) {
  auto& saving = add(0, {.events_a_snapshot = 1});
  auto& doubting = add(1);
  start();
  saving.ask(1, {5});
  EXPECT_TRUE(host_.committer().round());
  (void)host_.snapshot_saver().round();
  EXPECT_FALSE(host_.snapshot_saver().is_idle());
  doubting.ask(1, {6});
  log_.faults = {FaultyLog::Fault::kUnknownAndThere};
  EXPECT_TRUE(host_.committer().round());
  host_.stop();
  EXPECT_EQ(doubting.answers(), Statuses{ReplyStatus::kUnknown});
  EXPECT_EQ(log_.snapshot_at(CellId(0)), Sequence(1));
  EXPECT_EQ(sum_in(log_, CellId(0)), 5);
  EXPECT_EQ(sum_in(log_, CellId(1)), 6);
}

}  // namespace
}  // namespace doorbuster::cell
