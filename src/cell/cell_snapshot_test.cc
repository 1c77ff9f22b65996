// Snapshots of a cell that goes on deciding.
#include "cell/testing/cell_fixture.h"

namespace doorbuster::cell {
namespace {

using testing::Adder;
using testing::at;

class CellSnapshotTest : public testing::CellFixture {
 protected:
  CellSnapshotTest() : testing::CellFixture({.events_a_snapshot = 2}, 64) {}

  void decide(std::initializer_list<int64_t> sums) {
    for (const int64_t add : sums) ask(0, add);
    EXPECT_TRUE(cell_.turn(at(1)));
  }
  void commit_now() {
    EXPECT_EQ(commit(), log::Appended::kDurable);
    (void)answers();
  }
  // The sum in the snapshot under way.
  int64_t saved_sum() {
    std::vector<std::byte> bytes;
    const auto what = cell_.snapshot_to_write();
    EXPECT_TRUE(what.has_value());
    while (cell_.save_part(what->number, bytes) == SnapshotPart::kAdded) {
    }
    Adder loaded;
    EXPECT_TRUE(loaded.load_part(bytes).has_value() && loaded.finish_load().has_value());
    return loaded.total;
  }
};

TEST_F(CellSnapshotTest, begins_none_before_it_is_due) {
  decide({1});
  commit_now();
  EXPECT_FALSE(cell_.snapshot_to_write().has_value());
}

TEST_F(CellSnapshotTest, is_of_the_state_after_its_batch_whatever_is_decided_meanwhile) {
  decide({1, 2});
  const auto batch = cell_.begin_append();
  ASSERT_TRUE(batch.has_value());
  EXPECT_FALSE(cell_.snapshot_to_write().has_value()) << "its batch is not durable yet";
  decide({10});
  cell_.finish_append(log_.append(cell_.lease(), *batch));
  (void)answers();
  const auto what = cell_.snapshot_to_write();
  ASSERT_TRUE(what.has_value());
  EXPECT_EQ(what->head.at, Sequence(2));
  EXPECT_EQ(what->head.chain, cell_.lease().chain);
  std::vector<std::byte> part;
  EXPECT_EQ(cell_.save_part(what->number, part), SnapshotPart::kAdded);
  decide({100});
  commit_now();
  EXPECT_EQ(cell_.machine().total, 113);
  while (cell_.save_part(what->number, part) == SnapshotPart::kAdded) decide({1'000});
  Adder loaded;
  ASSERT_TRUE(loaded.load_part(part).has_value() && loaded.finish_load().has_value());
  EXPECT_EQ(loaded.total, 3);
}

TEST_F(CellSnapshotTest, begins_the_next_one_so_many_events_after_the_last_began) {
  decide({1, 2});
  commit_now();
  const uint64_t first = cell_.snapshot_to_write()->number;
  decide({3, 4});
  commit_now();
  EXPECT_EQ(cell_.snapshot_to_write()->number, first) << "one at a time";
  EXPECT_EQ(saved_sum(), 3);
  cell_.finish_snapshot(first, SnapshotEnd::kSaved);
  EXPECT_EQ(cell_.events_since_snapshot(), 2U);
  EXPECT_FALSE(cell_.snapshot_to_write().has_value());
  decide({5});
  commit_now();
  EXPECT_EQ(saved_sum(), 15);
}

TEST_F(CellSnapshotTest, tries_again_after_the_next_interval_when_one_has_failed) {
  decide({1, 2});
  commit_now();
  cell_.finish_snapshot(cell_.snapshot_to_write()->number, SnapshotEnd::kFailed);
  EXPECT_EQ(cell_.events_since_snapshot(), 2U) << "nothing is saved";
  decide({3});
  commit_now();
  EXPECT_FALSE(cell_.snapshot_to_write().has_value());
  decide({4});
  commit_now();
  EXPECT_EQ(saved_sum(), 10);
}

TEST_F(CellSnapshotTest, is_given_up_when_the_store_does_not_know_in_the_middle_of_it) {
  decide({1, 2});
  commit_now();
  const uint64_t number = cell_.snapshot_to_write()->number;
  std::vector<std::byte> part;
  EXPECT_EQ(cell_.save_part(number, part), SnapshotPart::kAdded);
  decide({3});
  log_.faults = {Fault::kUnknownAndThere};
  EXPECT_EQ(commit(), log::Appended::kUnknown);
  EXPECT_EQ(cell_.save_part(number, part), SnapshotPart::kGone);
  ASSERT_TRUE(cell_.recover(at(2)).has_value());
  EXPECT_EQ(cell_.save_part(number, part), SnapshotPart::kGone);
  decide({4});
  commit_now();
  EXPECT_EQ(saved_sum(), 10) << "and the next one begins when it is due";
}

TEST_F(CellSnapshotTest, is_given_up_before_its_batch_is_durable_when_that_batch_is_in_doubt) {
  decide({1, 2});
  log_.faults = {Fault::kUnknownAndLost};
  EXPECT_EQ(commit(), log::Appended::kUnknown);
  ASSERT_TRUE(cell_.recover(at(2)).has_value());
  commit_now();
  EXPECT_FALSE(cell_.snapshot_to_write().has_value());
  decide({3, 4});
  commit_now();
  EXPECT_EQ(saved_sum(), 10);
}

TEST_F(CellSnapshotTest, is_where_a_replay_begins) {
  decide({1, 2});
  commit_now();
  const auto what = cell_.snapshot_to_write();
  ASSERT_TRUE(what.has_value());
  const auto writer = log_.write_snapshot(what->lease, what->head);
  ASSERT_TRUE(writer.has_value());
  std::vector<std::byte> part;
  while (cell_.save_part(what->number, part) == SnapshotPart::kAdded) {
    ASSERT_TRUE((*writer)->add(part).has_value());
    part.clear();
  }
  ASSERT_TRUE((*writer)->commit().has_value());
  cell_.finish_snapshot(what->number, SnapshotEnd::kSaved);
  decide({3});
  commit_now();
  const auto [sum, recovered] = after_restart();
  EXPECT_EQ(sum, 6);
  EXPECT_EQ(recovered.snapshot_at, Sequence(2));
  EXPECT_EQ(recovered.replayed, 1U);
}

}  // namespace
}  // namespace doorbuster::cell
