#include "cell/cell.h"

#include <gtest/gtest.h>

#include "cell/testing/cell_fixture.h"

namespace doorbuster::cell {
namespace {

using testing::Adder;
using testing::at;
using CellTest = testing::CellFixture;

TEST_F(CellTest, gives_no_answer_before_it_is_durable) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(answers(), Answers());
  EXPECT_EQ(published_, std::vector<int64_t>({0}));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kDecided, 5}}}));
  EXPECT_EQ(published_, std::vector<int64_t>({0, 5}));
}

TEST_F(CellTest, answers_at_once_when_nothing_has_to_be_written) {
  ask(1, 0);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kDecided, 0}}}));
  EXPECT_FALSE(cell_.begin_append().has_value());
}

TEST_F(CellTest, holds_an_answer_back_that_rests_on_a_batch_under_way) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  const auto batch = cell_.begin_append();
  ASSERT_TRUE(batch.has_value());
  ask(2, 0);
  EXPECT_TRUE(cell_.turn(at(2)));
  EXPECT_EQ(answers(), Answers()) << "the question has seen a sum that may still be lost";
  cell_.finish_append(log_.append(cell_.lease(), *batch));
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kDecided, 5}}, {2, {ReplyStatus::kDecided, 5}}}));
}

TEST_F(CellTest, tells_which_request_caused_which_events_once_they_are_durable) {
  const TraceContext trace = begin_trace();
  std::vector<std::pair<uint64_t, uint32_t>> traced;
  cell_.on_traced([&](Sequence first, uint32_t count, const TraceContext& told) {
    EXPECT_EQ(told, trace);
    EXPECT_EQ(answers(), Answers()) << "told before anybody hears of it";
    traced.emplace_back(first.value(), count);
  });
  ask(1, 5);
  EXPECT_TRUE(port_.submit(2, {7}, trace));
  EXPECT_TRUE(port_.submit(3, {0}, trace)) << "a question makes no event";
  EXPECT_TRUE(cell_.turn(at(1)));
  const auto batch = cell_.begin_append();
  ASSERT_TRUE(batch.has_value());
  EXPECT_TRUE(port_.submit(4, {9}, trace));
  EXPECT_TRUE(cell_.turn(at(2)));
  EXPECT_TRUE(traced.empty());
  cell_.finish_append(log_.append(cell_.lease(), *batch));
  EXPECT_EQ(traced, (std::vector<std::pair<uint64_t, uint32_t>>{{batch->first.value() + 1, 1}}));
  (void)answers();
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(traced.back(), (std::pair<uint64_t, uint32_t>(batch->first.value() + 2, 1)));
}

TEST_F(CellTest, decides_the_next_batch_while_one_is_under_way) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  const auto first = cell_.begin_append();
  ask(2, 6);
  EXPECT_TRUE(cell_.turn(at(2)));
  EXPECT_FALSE(cell_.begin_append().has_value()) << "one batch at a time";
  cell_.finish_append(log_.append(cell_.lease(), *first));
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kDecided, 5}}}));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers(), Answers({{2, {ReplyStatus::kDecided, 11}}}));
}

TEST_F(CellTest, sheds_what_does_not_fit_into_its_ring) {
  for (uint64_t ticket = 0; ticket < 4; ++ticket) ask(ticket, 1);
  EXPECT_FALSE(port_.submit(4, {1}));
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_FALSE(port_.submit(4, {1})) << "decided, but not answered yet";
  EXPECT_EQ(commit(), log::Appended::kDurable);
  EXPECT_EQ(answers().size(), 4U);
  EXPECT_TRUE(port_.submit(4, {1}));
}

TEST_F(CellTest, stops_for_good_when_another_owner_has_fenced_it) {
  log::MemoryLog other(disk_);
  ASSERT_TRUE(other.open(CellId{0}, {.kind = log::MachineKind(Adder::kKind)}).has_value());
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(1)));
  EXPECT_EQ(commit(), log::Appended::kFenced);
  EXPECT_EQ(cell_.ownership(), Ownership::kFenced);
  EXPECT_EQ(answers(), Answers({{1, {ReplyStatus::kUnavailable, 0}}}));
}

TEST_F(CellTest, replays_frames_at_their_own_times_and_never_goes_back) {
  ask(1, 5);
  EXPECT_TRUE(cell_.turn(at(10)));
  ask(2, 6);
  EXPECT_TRUE(cell_.turn(at(3)));
  EXPECT_EQ(cell_.now(), at(10));
  EXPECT_EQ(commit(), log::Appended::kDurable);
  Cell<Adder> next(
      CellId{0}, log_, [] { return std::make_unique<Adder>(); }, [](int64_t) {});
  const auto recovered = next.recover(at(4));
  ASSERT_TRUE(recovered.has_value());
  EXPECT_EQ(recovered->replayed, 2U);
  EXPECT_EQ(next.now(), at(10)) << "a clock that was set back does not take time back";
  EXPECT_EQ(next.machine().total, 11);
}

}  // namespace
}  // namespace doorbuster::cell
