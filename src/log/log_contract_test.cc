// The contract of the event log, for every twin. What each twin owes beyond it (faults, real files, kill -9) has tests
// of its own.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "log/log_test_helpers.h"
#include "log/log_twins_test.h"

namespace doorbuster::log {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr CellId kCell(0);

// For twins whose store may not be able to tell how an append ended; the others end the process instead.
class LogContractUnknown : public LogContract {};

// ---- opening and owning

TEST_P(LogContract, an_empty_log_opens_at_zero_and_reads_as_nothing) {
  const Lease lease = open_log(log());
  EXPECT_EQ(lease.tail, Sequence(0));
  EXPECT_EQ(lease.chain, Digest{});
  EXPECT_GT(lease.epoch, Epoch(0));
  EXPECT_THAT(read_all(log()).batches, IsEmpty());
  EXPECT_EQ(read_all(log()).error, "");
}

TEST_P(LogContract, every_opening_has_a_newer_epoch_also_after_a_crash) {
  Epoch last;
  for (int round = 0; round < 6; ++round) {
    const Lease lease = open_log(log());
    EXPECT_GT(lease.epoch, last);
    last = lease.epoch;
    if (round % 3 == 1) twin().restart();
    if (round % 3 == 2) twin().crash();
  }
}

TEST_P(LogContract, a_second_opening_fences_the_first) {
  Lease first = open_log(log());
  append_batches(log(), first, 2);
  Lease second = open_log(log());
  EXPECT_EQ(log().append(first, as_batch(next_batch(first))), Appended::kFenced);
  EXPECT_EQ(read_all(log()).batches.size(), 2U);
  append_batches(log(), second, 1);
  EXPECT_EQ(log().append(first, as_batch(next_batch(first))), Appended::kFenced);
  EXPECT_EQ(read_all(log()).batches.size(), 3U);
}

TEST_P(LogContract, cells_do_not_see_each_other) {
  Lease zero = open_log(log(), CellId(0));
  Lease one = open_log(log(), CellId(1));
  const auto of_zero = append_batches(log(), zero, 2);
  const auto of_one = append_batches(log(), one, 3, 5);
  ASSERT_TRUE(save_state(log(), one, "one").has_value());
  twin().restart();
  EXPECT_EQ(open_log(log(), CellId(0)).tail, Sequence(2));
  EXPECT_EQ(open_log(log(), CellId(1)).tail, Sequence(15));
  EXPECT_EQ(read_all(log(), CellId(0)).batches, of_zero);
  EXPECT_EQ(read_all(log(), CellId(1)).batches, of_one);
  EXPECT_FALSE(load_state(log(), CellId(0))->has_value());
}

// ---- appending

TEST_P(LogContract, append_moves_the_lease_and_read_gives_the_same_batches_back) {
  Lease lease = open_log(log());
  std::vector<Written> all;
  Digest chain = lease.chain;
  for (const uint32_t count : {1U, 3U, 128U, 1U}) {
    const auto one = append_batches(log(), lease, 1, count);
    all.insert(all.end(), one.begin(), one.end());
    EXPECT_NE(lease.chain, chain);
    chain = lease.chain;
  }
  EXPECT_EQ(lease.tail, Sequence(133));
  EXPECT_EQ(read_all(log()).batches, all);
}

TEST_P(LogContract, an_append_that_does_not_follow_the_tail_is_a_programmers_error) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 1);
  Written gap = next_batch(lease);
  gap.first += 1;
  EXPECT_DEATH((void)log().append(lease, as_batch(gap)), "assertion failed");
  Written nothing = next_batch(lease);
  nothing.count = 0;
  EXPECT_DEATH((void)log().append(lease, as_batch(nothing)), "assertion failed");
}

TEST_P(LogContract, acknowledged_batches_survive_restarts_and_crashes) {
  std::vector<Written> all;
  for (int round = 0; round < 8; ++round) {
    Lease lease = open_log(log());
    EXPECT_EQ(lease.tail.value(), all.size() * 2);
    const auto more = append_batches(log(), lease, 5, 2);
    all.insert(all.end(), more.begin(), more.end());
    if (round % 2 == 0) twin().crash();
    if (round % 2 == 1) twin().restart();
    EXPECT_EQ(open_log(log()).chain, lease.chain);
    EXPECT_EQ(read_all(log()).batches, all);
  }
}

TEST_P(LogContract, empty_and_large_payloads_come_back_whole) {
  Lease lease = open_log(log());
  std::vector<Written> all;
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100'000}, size_t{9} << 20}) {
    Written batch = next_batch(lease, 4096);
    batch.payload.assign(size, static_cast<char>('a' + size % 26));
    ASSERT_EQ(log().append(lease, as_batch(batch)), Appended::kDurable);
    all.push_back(std::move(batch));
  }
  twin().crash();
  EXPECT_EQ(open_log(log()).tail, lease.tail);
  EXPECT_TRUE(read_all(log()).batches == all);
}

// ---- what nobody knows

TEST_P(LogContractUnknown, an_unknown_append_that_was_written_is_found_by_the_next_opening) {
  Lease lease = open_log(log());
  auto all = append_batches(log(), lease, 3);
  all.push_back(next_batch(lease));
  twin().make_next_append_unknown(Unknown::kWritten);
  ASSERT_EQ(log().append(lease, as_batch(all.back())), Appended::kUnknown);
  Lease again = open_log(log());
  EXPECT_EQ(again.tail, Sequence(4));
  const auto more = append_batches(log(), again, 1);
  all.insert(all.end(), more.begin(), more.end());
  twin().crash();
  open_log(log());
  EXPECT_EQ(read_all(log()).batches, all);
}

TEST_P(LogContractUnknown, an_unknown_append_that_was_not_written_leaves_the_place_free) {
  Lease lease = open_log(log());
  auto all = append_batches(log(), lease, 3);
  twin().make_next_append_unknown(Unknown::kNotWritten);
  ASSERT_EQ(log().append(lease, as_batch(next_batch(lease))), Appended::kUnknown);
  Lease again = open_log(log());
  EXPECT_EQ(again.tail, Sequence(3));
  const auto more = append_batches(log(), again, 2, 7);
  all.insert(all.end(), more.begin(), more.end());
  twin().crash();
  open_log(log());
  EXPECT_EQ(read_all(log()).batches, all);
}

// ---- reading

TEST_P(LogContract, read_begins_with_the_batch_that_holds_the_event) {
  Lease lease = open_log(log());
  const auto all = append_batches(log(), lease, 6, 3);
  for (uint64_t from = 0; from <= 20; ++from) {
    std::vector<Written> expected;
    for (const Written& batch : all) {
      if (batch.first + batch.count > from) expected.push_back(batch);
    }
    const Contents found = read_all(log(), kCell, Sequence(from));
    EXPECT_EQ(found.batches, expected) << "from " << from;
    EXPECT_EQ(found.error, "");
  }
}

TEST_P(LogContract, read_stops_when_the_visitor_has_enough) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 5);
  int seen = 0;
  EXPECT_TRUE(log().read(kCell, Sequence(1), [&](const Batch&) { return ++seen < 3; }).has_value());
  EXPECT_EQ(seen, 3);
}

TEST_P(LogContract, followers_read_while_the_owner_appends) {
  Lease lease = open_log(log());
  std::atomic<uint64_t> durable{0};
  std::atomic<bool> done{false};
  std::thread follower([&] {
    uint64_t next = 1;
    while ((!done || next <= durable) && !HasFailure()) {
      const uint64_t known = durable;
      const auto read = log().read(kCell, Sequence(next), [&](const Batch& batch) {
        EXPECT_EQ(batch.first.value(), next);
        next = batch.first.value() + batch.count;
        return true;
      });
      EXPECT_TRUE(read.has_value()) << read.error().message;
      EXPECT_GT(next, known) << "a durable batch was not seen";
    }
  });
  for (int i = 0; i < 200; ++i) {
    append_batches(log(), lease, 1, 3);
    durable = lease.tail.value();
  }
  done = true;
  follower.join();
}

// ---- damage

// Damage may be refused by open() or by a read of everything, but must be, and the words must name the place.
void expect_refused(Log& log, const std::string& named) {
  const Result<Lease> lease = log.open(kCell, kTester);
  const Contents contents = read_all(log);
  const std::string message = lease ? contents.error : lease.error().message;
  EXPECT_EQ(lease ? contents.code : lease.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(message, HasSubstr("cell 0"));
  EXPECT_THAT(message, HasSubstr(named));
}

TEST_P(LogContract, a_flipped_bit_anywhere_in_a_batch_is_found_and_named) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 7, 2);
  for (const size_t bit : {size_t{0}, size_t{33}, size_t{100}, size_t{300}, size_t{400}, size_t{650}}) {
    twin().flip_bit_of_batch(kCell, Sequence(9), bit);
    expect_refused(log(), "event 9");
    twin().flip_bit_of_batch(kCell, Sequence(9), bit);  // mended
    EXPECT_EQ(open_log(log()).tail, Sequence(14));
    EXPECT_EQ(read_all(log()).error, "");
  }
}

TEST_P(LogContract, a_flipped_bit_in_the_last_batch_is_found_and_named) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 7, 2);
  twin().flip_bit_of_batch(kCell, Sequence(13), 650);
  expect_refused(log(), "event 13");
}

TEST_P(LogContract, a_missing_batch_is_found_and_named) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 7, 2);
  twin().remove_batch(kCell, Sequence(5));
  expect_refused(log(), "event 5");
}

TEST_P(LogContract, a_missing_first_batch_is_found_and_named) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 7, 2);
  twin().remove_batch(kCell, Sequence(1));
  expect_refused(log(), "event 1 ");
}

TEST_P(LogContract, a_missing_last_batch_is_found_by_the_high_water_mark) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 7, 2);
  twin().remove_batch(kCell, Sequence(13));
  expect_refused(log(), "the log ends with event 12, but event 14 had been made durable");
}

TEST_P(LogContract, exchanged_batches_are_found_though_each_is_whole) {
  Lease lease = open_log(log());
  append_batches(log(), lease, 7, 2);
  twin().exchange_batches(kCell, Sequence(3), Sequence(7));
  expect_refused(log(), "event 3");
}

INSTANTIATE_TEST_SUITE_P(Twins, LogContract, every_twin(), name_of_twin);
INSTANTIATE_TEST_SUITE_P(Twins, LogContractUnknown, twins_that_may_not_know(), name_of_twin);

}  // namespace
}  // namespace doorbuster::log
