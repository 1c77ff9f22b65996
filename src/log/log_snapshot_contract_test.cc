// The contract of the event log's snapshots, for every twin.
#include <gmock/gmock.h>

#include "log/golden_test.h"
#include "log/log_test_helpers.h"
#include "log/log_twins_test.h"

namespace doorbuster::log {
namespace {

using ::testing::HasSubstr;

constexpr CellId kCell(0);

class LogContractSnapshots : public LogContract {};

// The size of what is stored of a snapshot of these parts.
constexpr size_t stored_bytes(size_t state, size_t parts) { return 84 + state + parts * 8 + 48; }

TEST_P(LogContractSnapshots, without_a_snapshot_there_is_none) {
  open_log(log());
  const auto none = log().read_snapshot(kCell);
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(*none, nullptr);
  EXPECT_TRUE(log().set_aside_snapshot(kCell, "there is none").has_value());
  EXPECT_EQ(twin().take_reports(), "");
}

TEST_P(LogContractSnapshots, the_newest_comes_back_after_a_crash_and_the_old_batches_stay) {
  Lease lease = open_log(log());
  std::vector<Written> all = append_batches(log(), lease, 3);
  ASSERT_TRUE(save_state(log(), lease, "first").has_value());
  const auto more = append_batches(log(), lease, 3);
  all.insert(all.end(), more.begin(), more.end());
  ASSERT_TRUE(save_state(log(), lease, "the second").has_value());
  const SnapshotHead written = head_at(lease);
  append_batches(log(), lease, 1);
  twin().crash();
  open_log(log());
  const auto found = load_state(log());
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_EQ((*found)->head.at, Sequence(6));
  EXPECT_EQ((*found)->head.chain, written.chain);
  EXPECT_EQ((*found)->head.time.micros(), 77);
  EXPECT_EQ((*found)->head.kind, kTestKind);
  EXPECT_EQ((*found)->head.version, 3U);
  EXPECT_EQ((*found)->state, "the second");
  EXPECT_EQ((*found)->parts, 2U);
  EXPECT_EQ(read_all(log(), kCell, Sequence(1)).batches.front(), all.front());
}

TEST_P(LogContractSnapshots, a_large_one_comes_back_whole_in_its_parts) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 1);
  std::string state((size_t{20} << 20) + 7, '\0');
  for (size_t i = 0; i < state.size(); ++i) state[i] = static_cast<char>(i * 31 + i / 1000);
  ASSERT_TRUE(save_state(log(), lease, state, kSnapshotPartBytesMax).has_value());
  twin().crash();
  open_log(log());
  const auto found = load_state(log());
  EXPECT_TRUE((*found)->state == state);
  EXPECT_EQ((*found)->parts, 21U);
}

TEST_P(LogContractSnapshots, one_of_an_empty_log_and_one_without_parts_are_allowed) {
  const Lease lease = open_log(log());
  ASSERT_TRUE(save_state(log(), lease, "").has_value());
  const auto found = load_state(log());
  EXPECT_EQ((*found)->head.at, Sequence(0));
  EXPECT_EQ((*found)->parts, 0U);
}

TEST_P(LogContractSnapshots, one_that_is_not_committed_has_not_happened) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 1);
  ASSERT_TRUE(save_state(log(), lease, "kept").has_value());
  append_batches(log(), lease, 1);
  {
    const auto writer = log().write_snapshot(lease, head_at(lease));
    ASSERT_TRUE((*writer)->add(as_bytes("given up")).has_value());
  }
  EXPECT_EQ((*load_state(log()))->state, "kept");
  auto unfinished = log().write_snapshot(lease, head_at(lease));
  ASSERT_TRUE((*unfinished)->add(as_bytes("not yet")).has_value());
  twin().crash();
  Lease again = open_log(log());
  EXPECT_EQ((*load_state(log()))->state, "kept");
  ASSERT_TRUE(save_state(log(), again, "next").has_value());
  EXPECT_EQ((*load_state(log()))->state, "next");
}

TEST_P(LogContractSnapshots, batches_are_appended_while_one_is_written) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 2);
  const SnapshotHead head = head_at(lease);
  const auto writer = log().write_snapshot(lease, head);
  for (int part = 0; part < 3; ++part) {
    ASSERT_TRUE((*writer)->add(as_bytes("part;")).has_value());
    append_batches(log(), lease, 1);
  }
  ASSERT_TRUE((*writer)->commit().has_value());
  twin().crash();
  EXPECT_EQ(open_log(log()).tail, Sequence(5));
  EXPECT_EQ((*load_state(log()))->head.at, Sequence(2));
  EXPECT_EQ((*load_state(log()))->state, "part;part;part;");
}

TEST_P(LogContractSnapshots, one_that_is_being_read_stays_whole) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 1);
  ASSERT_TRUE(save_state(log(), lease, "the old one", 4).has_value());
  const auto reader = log().read_snapshot(kCell);
  std::vector<std::byte> part;
  ASSERT_TRUE((*reader)->next(part).value());
  ASSERT_TRUE(save_state(log(), lease, "another", 4).has_value());
  const auto rest = read_parts(**reader);
  ASSERT_TRUE(rest.has_value());
  EXPECT_EQ(rest->state, "old one");
}

TEST_P(LogContractSnapshots, a_fenced_owner_cannot_replace_it) {
  Lease first = open_log(log());
  append_batches(log(), first, 1);
  ASSERT_TRUE(save_state(log(), first, "old").has_value());
  const auto begun = log().write_snapshot(first, head_at(first));
  ASSERT_TRUE((*begun)->add(as_bytes("ghost")).has_value());
  const Lease second = open_log(log());
  EXPECT_EQ((*begun)->commit().error().code, ErrorCode::kFenced);
  EXPECT_EQ(save_state(log(), first, "ghost").error().code, ErrorCode::kFenced);
  EXPECT_EQ((*load_state(log()))->state, "old");
  EXPECT_TRUE(save_state(log(), second, "new").has_value());
  EXPECT_EQ((*load_state(log()))->state, "new");
}

TEST_P(LogContractSnapshots, one_that_is_not_of_this_chain_is_a_programmers_error) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 3, 2);
  SnapshotHead wrong = head_at(lease);
  wrong.chain[0] ^= std::byte{1};
  EXPECT_DEATH((void)log().write_snapshot(lease, wrong), "assertion failed");
  wrong = head_at(lease);
  wrong.at = Sequence(5);
  EXPECT_DEATH((void)log().write_snapshot(lease, wrong), "assertion failed");
  wrong.at = Sequence(7);
  EXPECT_DEATH((void)log().write_snapshot(lease, wrong), "assertion failed");
}

// ---- one that is of no use

TEST_P(LogContractSnapshots, a_flipped_bit_anywhere_is_found_and_the_log_still_reads) {
  Lease lease = open_log(log());
  const auto all = append_batches(log(), lease, 3);
  constexpr std::string_view kState = "a state that matters";
  ASSERT_TRUE(save_state(log(), lease, kState, 8).has_value());
  for (size_t bit = 1; bit < stored_bytes(kState.size(), 3) * 8; bit += 53) {
    twin().flip_bit_of_snapshot(kCell, bit);
    open_log(log());
    const auto found = load_state(log());
    ASSERT_FALSE(found.has_value()) << bit;
    EXPECT_THAT(found.error().message, HasSubstr("the snapshot "));
    EXPECT_EQ(read_all(log()).batches, all);
    twin().flip_bit_of_snapshot(kCell, bit);
  }
  EXPECT_EQ((*load_state(log()))->state, kState);
}

TEST_P(LogContractSnapshots, a_torn_one_is_found_wherever_it_ends) {
  constexpr std::string_view kState = "a state that matters";
  Lease lease = open_log(log());
  append_batches(log(), lease, 1);
  for (const size_t bytes : {0U, 3U, 50U, 84U, 96U, 100U, 117U, 131U, 163U}) {
    ASSERT_TRUE(save_state(log(), lease, kState, 16).has_value());
    ASSERT_LT(bytes, stored_bytes(kState.size(), 2));
    twin().truncate_snapshot(kCell, bytes);
    lease = open_log(log());
    EXPECT_FALSE(load_state(log()).has_value()) << bytes;
  }
}

TEST_P(LogContractSnapshots, one_that_is_set_aside_is_kept_until_the_next_and_said_in_one_line) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 1);
  std::vector<std::byte> first;
  for (const std::string_view state : {"the first", "the next"}) {
    ASSERT_TRUE(save_state(log(), lease, state).has_value());
    ASSERT_TRUE(log().set_aside_snapshot(kCell, "the snapshot is ugly").has_value());
    EXPECT_THAT(twin().take_reports(),
                ::testing::MatchesRegex("cell 0: the snapshot is ugly; it was set aside as [^\n]*, "
                                        "and the log is replayed from its first event\n"));
    twin().crash();
    lease = open_log(log());
    EXPECT_EQ(*log().read_snapshot(kCell), nullptr);
    EXPECT_THAT(as_text(twin().snapshot_set_aside(kCell)), HasSubstr(state.substr(0, 5)));
    EXPECT_NE(twin().snapshot_set_aside(kCell), first);
    first = twin().snapshot_set_aside(kCell);
  }
}

// As a log that was restored from an older copy than the snapshot beside it: the owner, who knows the tail, has to see.
TEST_P(LogContractSnapshots, one_beyond_the_tail_is_given_as_it_is) {
  constexpr CellId kGolden(3);
  Lease lease = open_log(log(), kGolden);
  append_batches(log(), lease, 1);
  twin().replace_snapshot(kGolden, read_golden("snapshot_v2.bin"));
  open_log(log(), kGolden);
  const auto found = load_state(log(), kGolden);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_EQ((*found)->head.at, Sequence(1002));
}

TEST_P(LogContractSnapshots, one_of_another_log_is_refused) {
  constexpr CellId kGolden(3);
  Lease lease = open_log(log(), kGolden);
  append_batches(log(), lease, 30, 50);
  twin().replace_snapshot(kGolden, read_golden("snapshot_v2.bin"));
  open_log(log(), kGolden);
  const auto found = log().read_snapshot(kGolden);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(found.error().message, HasSubstr("of event 1002 is not of this log"));
}

INSTANTIATE_TEST_SUITE_P(Twins, LogContractSnapshots, every_twin(), name_of_twin);

}  // namespace
}  // namespace doorbuster::log
