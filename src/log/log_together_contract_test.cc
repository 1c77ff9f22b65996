// The contract of appends to several cells by one sync, and of the way out of an append that nobody knows the end of.
#include <gmock/gmock.h>

#include "log/log_test_helpers.h"
#include "log/log_twins_test.h"

namespace doorbuster::log {
namespace {

constexpr size_t kCells = 3;

// Some cells with their leases, and what each was appended.
class Cells {
 public:
  explicit Cells(Log& log) : log_(log) { open(); }

  void open() {
    leases_.clear();
    for (uint32_t cell = 0; cell < kCells; ++cell) leases_.push_back(open_log(log_, CellId(cell)));
  }
  // One batch to each, of other sizes, last cell first.
  std::vector<Appended> append() {
    batches_.clear();
    for (size_t cell = 0; cell < kCells; ++cell) {
      next_[cell] = next_batch(leases_[cell], static_cast<uint32_t>(1 + 5 * cell));
      batches_.push_back(as_batch(next_[cell]));
    }
    std::vector<Append> appends;
    before_ = leases_;
    for (size_t cell = kCells; cell-- > 0;) appends.push_back({.lease = &leases_[cell], .batch = &batches_[cell]});
    log_.append_together(appends);
    std::vector<Appended> outcomes(kCells);
    for (size_t i = 0; i < kCells; ++i) outcomes[kCells - 1 - i] = appends[i].outcome;
    for (size_t cell = 0; cell < kCells; ++cell) {
      if (outcomes[cell] == Appended::kDurable) written_[cell].push_back(next_[cell]);
    }
    return outcomes;
  }
  [[nodiscard]] Lease& lease(size_t cell) { return leases_[cell]; }
  // What became of the last batch, by a new opening; the cells go on from there.
  std::vector<InFlight> find_in_flight() {
    const std::vector<Lease> before = before_;
    open();
    std::vector<InFlight> found;
    for (size_t cell = 0; cell < kCells; ++cell) {
      found.push_back(log::find_in_flight(before[cell], batches_[cell], leases_[cell]));
      if (found.back() == InFlight::kWritten) written_[cell].push_back(next_[cell]);
    }
    return found;
  }
  void expect_all_there() const {
    for (uint32_t cell = 0; cell < kCells; ++cell) {
      EXPECT_EQ(read_all(log_, CellId(cell)).batches, written_[cell]) << "cell " << cell;
      EXPECT_EQ(read_all(log_, CellId(cell)).error, "");
    }
  }

 private:
  Log& log_;
  std::vector<Lease> leases_;
  std::vector<Lease> before_;
  std::vector<Batch> batches_;
  std::array<Written, kCells> next_;
  std::array<std::vector<Written>, kCells> written_;
};

const std::vector<Appended> kAllDurable(kCells, Appended::kDurable);
const std::vector<Appended> kAllUnknown(kCells, Appended::kUnknown);

class LogContractTogether : public LogContract {};
class LogContractTogetherUnknown : public LogContract {};

TEST_P(LogContractTogether, every_cells_batch_is_durable_and_survives_a_crash) {
  {
    Cells cells(log());
    for (int round = 0; round < 5; ++round) EXPECT_EQ(cells.append(), kAllDurable);
    cells.expect_all_there();
    EXPECT_EQ(cells.lease(2).tail, Sequence(55));
  }
  twin().crash();
  for (uint32_t cell = 0; cell < kCells; ++cell) {
    EXPECT_EQ(open_log(log(), CellId(cell)).tail, Sequence(5 * (1 + 5 * cell)));
    EXPECT_EQ(read_all(log(), CellId(cell)).error, "");
  }
}

TEST_P(LogContractTogether, one_that_is_fenced_does_not_stop_the_others) {
  Cells cells(log());
  EXPECT_EQ(cells.append(), kAllDurable);
  const Lease newer = open_log(log(), CellId(1));
  const Lease before = cells.lease(1);
  EXPECT_EQ(cells.append(), std::vector({Appended::kDurable, Appended::kFenced, Appended::kDurable}));
  EXPECT_EQ(cells.lease(1).tail, before.tail);
  EXPECT_EQ(cells.lease(1).chain, before.chain);
  cells.expect_all_there();
  EXPECT_EQ(newer.tail, before.tail);
}

TEST_P(LogContractTogether, alone_and_together_give_the_same_chain) {
  Cells cells(log());
  EXPECT_EQ(cells.append(), kAllDurable);
  Lease lease = cells.lease(1);
  const Written next = next_batch(lease, 7);
  const Digest expected = chain_after(lease, as_batch(next));
  EXPECT_EQ(log().append(lease, as_batch(next)), Appended::kDurable);
  EXPECT_EQ(lease.chain, expected);
  EXPECT_EQ(open_log(log(), CellId(1)).chain, expected);
}

TEST_P(LogContractTogether, nothing_to_append_is_nothing_to_do) {
  open_log(log());
  log().append_together({});
}

TEST_P(LogContractTogether, one_cell_twice_is_a_programmers_error) {
  Lease lease = open_log(log());
  const Written next = next_batch(lease);
  const Batch batch = as_batch(next);
  std::vector<Append> twice(2, Append{.lease = &lease, .batch = &batch});
  EXPECT_DEATH(log().append_together(twice), "assertion failed");
}

TEST_P(LogContractTogether, a_batch_that_somebody_else_has_followed_is_overtaken) {
  Lease first = open_log(log());
  append_batches(log(), first, 1);
  const Written next = next_batch(first);
  Lease second = open_log(log());
  EXPECT_EQ(find_in_flight(first, as_batch(next), second), InFlight::kNotWritten);
  append_batches(log(), second, 2, 3);
  EXPECT_EQ(find_in_flight(first, as_batch(next), open_log(log())), InFlight::kOvertaken);
}

// The same events, but by another owner: the chain tells.
TEST_P(LogContractTogether, the_same_batch_under_another_epoch_is_not_the_one_in_flight) {
  Lease first = open_log(log());
  append_batches(log(), first, 1);
  const Written next = next_batch(first);
  Lease second = open_log(log());
  EXPECT_EQ(log().append(second, as_batch(next)), Appended::kDurable);
  EXPECT_EQ(find_in_flight(first, as_batch(next), open_log(log())), InFlight::kOvertaken);
}

TEST_P(LogContractTogether, its_durability_is_attested) {
  const Durability attested = log().durability();
  EXPECT_EQ(attested.store, GetParam().name == "Memory" ? "memory" : "rocksdb");
  EXPECT_EQ(attested.survives_process_crash, GetParam().name != "Memory");
  EXPECT_EQ(attested.survives_power_loss, GetParam().name != "Memory");
  EXPECT_FALSE(attested.survives_loss_of_machine);
}

TEST_P(LogContractTogetherUnknown, what_was_written_is_found_without_a_replay) {
  Cells cells(log());
  EXPECT_EQ(cells.append(), kAllDurable);
  twin().make_next_append_unknown(Unknown::kWritten, kCells);
  EXPECT_EQ(cells.append(), kAllUnknown);
  EXPECT_EQ(cells.find_in_flight(), std::vector(kCells, InFlight::kWritten));
  EXPECT_EQ(cells.append(), kAllDurable);
  cells.expect_all_there();
}

TEST_P(LogContractTogetherUnknown, what_was_not_written_is_known_to_be_missing) {
  Cells cells(log());
  EXPECT_EQ(cells.append(), kAllDurable);
  twin().make_next_append_unknown(Unknown::kNotWritten, kCells);
  EXPECT_EQ(cells.append(), kAllUnknown);
  EXPECT_EQ(cells.find_in_flight(), std::vector(kCells, InFlight::kNotWritten));
  EXPECT_EQ(cells.append(), kAllDurable);
  cells.expect_all_there();
}

INSTANTIATE_TEST_SUITE_P(Twins, LogContractTogether, every_twin(), name_of_twin);
INSTANTIATE_TEST_SUITE_P(Twins, LogContractTogetherUnknown, twins_that_may_not_know(), name_of_twin);

}  // namespace
}  // namespace doorbuster::log
