// The store could not say whether a batch is durable: what the opened log says then, and what becomes of everybody who
// waits.
#include "cell/testing/cell_fixture.h"

namespace doorbuster::cell {
namespace {

using testing::Adder;
using testing::at;

class CellUnknownTest : public testing::CellFixture {
 protected:
  // A batch that adds 5 ends as unknown, and a question about the sum waits behind it.
  void meet(Fault fault) {
    ask(1, 5);
    EXPECT_TRUE(cell_.turn(at(1)));
    const auto batch = cell_.begin_append();
    ASSERT_TRUE(batch.has_value());
    ask(2, 0);
    EXPECT_TRUE(cell_.turn(at(1)));
    log_.faults = {fault};
    cell_.finish_append(log_.append(cell_.lease(), *batch));
    EXPECT_EQ(cell_.ownership(), Ownership::kRecovering);
  }
  Resumed recover() {
    const auto recovered = cell_.recover(at(2));
    EXPECT_TRUE(recovered.has_value());
    return recovered->resumed;
  }
  // Somebody else opens the log and appends a batch of one event.
  void add_as_another_owner(int64_t add) {
    log::MemoryLog log(disk_);
    Cell<Adder> other(
        CellId{0}, log, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
    Port<Adder> port(4, [] {});
    other.attach(port);
    ASSERT_TRUE(other.recover(at(1)).has_value());
    ASSERT_TRUE(port.submit(1, {add}));
    EXPECT_TRUE(other.turn(at(1)));
    other.finish_append(log.append(other.lease(), *other.begin_append()));
  }
};

TEST_F(CellUnknownTest, acknowledges_a_batch_that_turns_out_durable_without_a_replay) {
  meet(Fault::kUnknownAndThere);
  EXPECT_EQ(answers(), Answers()) << "nobody knows yet";
  EXPECT_EQ(published_, std::vector<int64_t>({0}));
  EXPECT_EQ(recover(), Resumed::kDurable);
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kDecided, 5}}, {2, {ReplyStatus::kDecided, 5}}}));
  EXPECT_EQ(published_, std::vector<int64_t>({0, 5}));
  EXPECT_EQ(machines_, 1);
  ask(3, 2);
  EXPECT_TRUE(cell_.turn(at(3)));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers(), Answers({{3, {ReplyStatus::kDecided, 7}}}));
  EXPECT_EQ(after_restart().first, 7);
}

TEST_F(CellUnknownTest, appends_a_batch_again_that_was_lost_without_a_replay) {
  meet(Fault::kUnknownAndLost);
  EXPECT_EQ(recover(), Resumed::kAppendAgain);
  ask(3, 2);
  EXPECT_TRUE(cell_.turn(at(3)));
  EXPECT_EQ(answers(), Answers()) << "it is not durable yet";
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kDecided, 5}}}));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers(), Answers({{2, {ReplyStatus::kDecided, 5}}, {3, {ReplyStatus::kDecided, 7}}}));
  EXPECT_EQ(machines_, 1);
  EXPECT_EQ(after_restart().first, 7);
}

TEST_F(CellUnknownTest, appends_a_batch_again_as_often_as_it_is_lost) {
  meet(Fault::kUnknownAndLost);
  EXPECT_EQ(recover(), Resumed::kAppendAgain);
  log_.faults = {Fault::kUnknownAndLost, Fault::kUnknownAndThere};
  EXPECT_EQ(commit(), log::Appended::kUnknown);
  EXPECT_EQ(recover(), Resumed::kAppendAgain);
  EXPECT_EQ(commit(), log::Appended::kUnknown);
  EXPECT_EQ(recover(), Resumed::kDurable);
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kDecided, 5}}, {2, {ReplyStatus::kDecided, 5}}}));
  EXPECT_EQ(after_restart().first, 5);
}

TEST_F(CellUnknownTest, replays_a_log_that_another_owner_has_continued) {
  meet(Fault::kUnknownAndThere);
  add_as_another_owner(100);
  EXPECT_EQ(recover(), Resumed::kReplay);
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kUnknown, 0}}, {2, {ReplyStatus::kUnknown, 0}}}));
  EXPECT_EQ(cell_.machine().total, 105);
}

// As many events as ours, and others.
TEST_F(CellUnknownTest, does_not_take_another_owners_batch_for_its_own) {
  meet(Fault::kUnknownAndLost);
  add_as_another_owner(100);
  EXPECT_EQ(recover(), Resumed::kReplay);
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kUnknown, 0}}, {2, {ReplyStatus::kUnknown, 0}}}));
  EXPECT_EQ(cell_.machine().total, 100);
}

TEST_F(CellUnknownTest, refuses_what_is_asked_until_the_log_is_open_again) {
  meet(Fault::kUnknownAndThere);
  ask(3, 1);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(answers(), Answers({{3, {ReplyStatus::kUnavailable, 0}}}));
  EXPECT_FALSE(cell_.begin_append().has_value());
}

TEST_F(CellUnknownTest, says_after_a_while_that_it_does_not_know_and_still_keeps_the_batch) {
  meet(Fault::kUnknownAndLost);
  EXPECT_EQ(cell_.next_deadline(), at(2));
  (void)cell_.turn(at(2));
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kUnknown, 0}}, {2, {ReplyStatus::kUnknown, 0}}}));
  EXPECT_GT(cell_.next_deadline(), at(1'000'000));
  EXPECT_EQ(recover(), Resumed::kAppendAgain);
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(published_.back(), 5);
  EXPECT_EQ(answers(), Answers());
}

TEST_F(CellUnknownTest, lives_on_after_a_log_that_could_not_be_opened_at_first) {
  meet(Fault::kUnknownAndThere);
  log_.may_open = [] { return false; };
  EXPECT_FALSE(cell_.recover(at(2)).has_value());
  log_.may_open = [] { return true; };
  EXPECT_EQ(recover(), Resumed::kDurable);
  EXPECT_EQ(answers().size(), 2U);
}

}  // namespace
}  // namespace doorbuster::cell
