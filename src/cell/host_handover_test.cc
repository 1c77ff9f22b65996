// Cells that change their owner: released, claimed again, handed over to another host.
#include "cell/testing/faulty_log.h"
#include "cell/testing/hosted.h"

namespace doorbuster::cell {
namespace {

using testing::Adder;
using testing::FaultyLog;
using testing::Hosted;
using testing::sum_in;
using Statuses = std::vector<ReplyStatus>;

// One server's process, over the disk that all of them share.
struct ServerProcess {
  explicit ServerProcess(log::SimulatedDisk& disk, const Clock& clock) : log(disk), host(log, clock) {}
  FaultyLog log;
  Host host;
  Hosted<Adder> cell{host, log, CellId(0)};
};

class HandoverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(one_.cell.runner.claim().has_value());
    one_.host.start(Host::Threads::kNone);
    two_.host.start(Host::Threads::kNone);
  }
  testing::ManualClock clock_;
  log::SimulatedDisk disk_;
  ServerProcess one_{disk_, clock_};
  ServerProcess two_{disk_, clock_};
};

TEST_F(HandoverTest, gives_a_cell_from_one_server_to_the_next_without_a_replay_of_events) {
  one_.cell.ask(1, {5});
  one_.cell.runner.release();
  EXPECT_EQ(one_.cell.answers(), Statuses{ReplyStatus::kDecided}) << "what was asked before is durable";
  EXPECT_EQ(one_.cell.probe.ownership.load(), Ownership::kReleased);
  EXPECT_FALSE(one_.cell.cell.has_machine());
  const auto claimed = two_.cell.runner.claim();
  ASSERT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed->replayed, 0U) << "there is a snapshot of the last moment";
  EXPECT_EQ(two_.cell.cell.machine().total, 5);
  EXPECT_EQ(two_.cell.durable, Sequence(1));
  one_.cell.ask(2, {1});
  EXPECT_EQ(one_.cell.answers(), Statuses{ReplyStatus::kUnavailable});
  two_.cell.ask(1, {6});
  EXPECT_TRUE(two_.host.committer().round());
  EXPECT_EQ(two_.cell.answers(), Statuses{ReplyStatus::kDecided});
}

TEST_F(HandoverTest, refuses_before_a_claim) {
  two_.cell.ask(1, {5});
  EXPECT_EQ(two_.cell.answers(), Statuses{ReplyStatus::kUnavailable});
}

TEST_F(HandoverTest, goes_to_and_fro) {
  for (int round = 0; round < 5; ++round) {
    one_.cell.ask(1, {1});
    one_.cell.runner.release();
    ASSERT_TRUE(two_.cell.runner.claim().has_value());
    two_.cell.ask(1, {1});
    two_.cell.runner.release();
    ASSERT_TRUE(one_.cell.runner.claim().has_value());
  }
  EXPECT_EQ(one_.cell.cell.machine().total, 10);
}

TEST_F(HandoverTest, answers_as_unknown_what_is_in_doubt_when_a_cell_is_released) {
  one_.cell.ask(1, {5});
  one_.log.faults = {FaultyLog::Fault::kUnknownAndThere};
  one_.cell.runner.release();
  EXPECT_EQ(one_.cell.answers(), Statuses{ReplyStatus::kUnknown});
  EXPECT_EQ(one_.cell.probe.ownership.load(), Ownership::kReleased);
  EXPECT_FALSE(one_.host.recoverer().round()) << "it does not want the cell back";
  ASSERT_TRUE(two_.cell.runner.claim().has_value());
  EXPECT_EQ(two_.cell.cell.machine().total, 5);
}

TEST_F(HandoverTest, can_be_released_while_it_is_in_doubt) {
  one_.cell.ask(1, {5});
  one_.log.faults = {FaultyLog::Fault::kUnknownAndLost};
  EXPECT_TRUE(one_.host.committer().round());
  one_.cell.runner.release();
  one_.cell.port.flush();
  EXPECT_EQ(one_.cell.answers(), Statuses{ReplyStatus::kUnknown});
  EXPECT_FALSE(one_.host.recoverer().round());
  ASSERT_TRUE(two_.cell.runner.claim().has_value());
  EXPECT_EQ(two_.cell.cell.machine().total, 0);
}

TEST_F(HandoverTest, is_fenced_by_a_claim_without_a_release_and_can_be_claimed_back) {
  ASSERT_TRUE(two_.cell.runner.claim().has_value());
  one_.cell.ask(1, {5});
  EXPECT_TRUE(one_.host.committer().round());
  EXPECT_EQ(one_.cell.answers(), Statuses{ReplyStatus::kUnavailable});
  EXPECT_EQ(one_.cell.probe.ownership.load(), Ownership::kFenced);
  EXPECT_FALSE(one_.host.recoverer().round()) << "by itself it stays away";
  EXPECT_EQ(one_.cell.troubles.size(), 1U);
  two_.cell.ask(1, {6});
  EXPECT_TRUE(two_.host.committer().round());
  ASSERT_TRUE(one_.cell.runner.claim().has_value());
  EXPECT_EQ(one_.cell.cell.machine().total, 6);
}

TEST_F(HandoverTest, does_not_claim_what_it_owns) {
  const auto claimed = one_.cell.runner.claim();
  ASSERT_FALSE(claimed.has_value());
  EXPECT_EQ(claimed.error().code, ErrorCode::kConflict);
  one_.cell.ask(1, {5});
  EXPECT_TRUE(one_.host.committer().round());
  EXPECT_EQ(one_.cell.answers(), Statuses{ReplyStatus::kDecided});
}

TEST_F(HandoverTest, stays_away_when_the_log_cannot_be_opened) {
  one_.cell.runner.release();
  two_.log.may_open = [] { return false; };
  EXPECT_FALSE(two_.cell.runner.claim().has_value());
  two_.cell.ask(1, {5});
  EXPECT_EQ(two_.cell.answers(), Statuses{ReplyStatus::kUnavailable});
  two_.log.may_open = [] { return true; };
  EXPECT_TRUE(two_.cell.runner.claim().has_value());
}

TEST_F(HandoverTest, gives_up_a_snapshot_that_is_being_written_and_saves_the_last_state) {
  log::SimulatedDisk disk;
  FaultyLog log(disk);
  Host host(log, clock_);
  Hosted<Adder> cell(host, log, CellId(0), {.events_a_snapshot = 1});
  ASSERT_TRUE(cell.runner.claim().has_value());
  host.start(Host::Threads::kNone);
  cell.ask(1, {5});
  EXPECT_TRUE(host.committer().round());
  (void)host.snapshot_saver().round();
  EXPECT_FALSE(host.snapshot_saver().is_idle());
  cell.ask(2, {6});
  cell.runner.release();
  (void)host.snapshot_saver().round();
  EXPECT_TRUE(host.snapshot_saver().is_idle());
  EXPECT_EQ(log.snapshot_at(CellId(0)), Sequence(2));
  EXPECT_EQ(sum_in(log, CellId(0)), 11);
}

}  // namespace
}  // namespace doorbuster::cell
