// What the simulated disk can do to a log, and that nothing acknowledged is lost by any of it.
#include "log/memory/memory_log.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "log/log_test_helpers.h"

namespace doorbuster::log {
namespace {

constexpr CellId kCell(0);

// A writer that lives through crashes and unknown outcomes, and holds the log to what it was told.
class Survivor {
 public:
  explicit Survivor(SimulatedDisk& disk) : disk_(disk) {}

  // Opens, appends and saves snapshots until something goes wrong or the steps are done. Any end is allowed but a lie.
  void live(int steps) {
    MemoryLog log(disk_);
    if (const auto cells = log.cells(); !cells) return expect_excuse(cells.error());  // may be asked before an opening
    const Result<Lease> lease = log.open(kCell, kTester);
    if (!lease) return expect_excuse(lease.error());
    Lease mine = *lease;
    check_history(log, mine);
    for (int step = 0; step < steps; ++step) {
      if (!append(log, mine)) return;
      if (step % 4 == 2 && !save(log, mine)) return;
    }
  }
  void restart_if_crashed() {
    if (disk_.crashed()) disk_.restart();
  }
  [[nodiscard]] const std::vector<Written>& durable() const { return durable_; }

 private:
  bool append(MemoryLog& log, Lease& lease) {
    Written batch = next_batch(lease, 1 + static_cast<uint32_t>(lease.tail.value() % 3));
    batch.payload += " of epoch " + std::to_string(lease.epoch.value());
    const Appended outcome = log.append(lease, as_batch(batch));
    EXPECT_NE(outcome, Appended::kFenced);
    if (outcome == Appended::kDurable) durable_.push_back(batch);
    if (outcome == Appended::kUnknown) unknown_ = batch;
    return outcome == Appended::kDurable;
  }
  bool save(MemoryLog& log, const Lease& lease) {
    const std::string state = "state at " + std::to_string(lease.tail.value());
    const auto saved = save_state(log, lease, state);
    if (!saved) expect_excuse(saved.error());
    if (saved) snapshot_ = lease.tail;
    return saved.has_value();
  }
  void check_history(MemoryLog& log, const Lease& lease) {
    const Contents contents = read_all(log);
    EXPECT_EQ(contents.error, "");
    if (unknown_ && contents.batches.size() == durable_.size() + 1) durable_.push_back(*unknown_);
    unknown_.reset();
    EXPECT_EQ(contents.batches, durable_);
    EXPECT_EQ(lease.tail.value(), durable_.empty() ? 0 : durable_.back().first + durable_.back().count - 1);
    const auto snapshot = load_state(log);
    ASSERT_TRUE(snapshot.has_value()) << snapshot.error().message;
    EXPECT_EQ(snapshot->has_value() ? (*snapshot)->head.at >= snapshot_ : snapshot_ == Sequence(), true);
    if (!*snapshot) return;
    EXPECT_EQ((*snapshot)->state, "state at " + std::to_string((*snapshot)->head.at.value()));
  }
  static void expect_excuse(const Error& error) {
    EXPECT_TRUE(error.code == ErrorCode::kIo || error.code == ErrorCode::kUnavailable) << error.message;
  }

  SimulatedDisk& disk_;
  std::vector<Written> durable_;
  std::optional<Written> unknown_;
  Sequence snapshot_;
};

class EveryFault : public ::testing::TestWithParam<Fault> {};

// As SQLite does it: the n-th operation goes wrong, for n = 1, 2, 3 until all operations went well.
TEST_P(EveryFault, at_every_operation_in_turn_loses_nothing_acknowledged) {
  constexpr int kSteps = 12;
  uint64_t nth = 1;
  for (bool all_well = false; !all_well; ++nth) {
    SimulatedDisk disk({.seed = nth});
    disk.fail_at(nth, GetParam());
    Survivor survivor(disk);
    for (int life = 0; life < 3; ++life) {
      survivor.live(kSteps);
      if (life == 0) all_well = disk.operations() < nth;
      survivor.restart_if_crashed();
    }
    EXPECT_GE(survivor.durable().size(), 2U * kSteps) << "lives after the fault must go on";
    ASSERT_FALSE(HasFailure()) << kFaultNames[static_cast<size_t>(GetParam())] << " at operation " << nth;
  }
  EXPECT_GT(nth, 3U * kSteps);  // or the loop failed none of the operations that count
}

INSTANTIATE_TEST_SUITE_P(Faults, EveryFault, ::testing::Values(Fault::kFailsDone, Fault::kFailsUndone, Fault::kCrash),
                         [](const auto& fault) { return std::string(kFaultNames[static_cast<size_t>(fault.param)]); });

// One life of a disk that fails and crashes by itself.
void survive_a_bad_disk(uint64_t seed) {
  SimulatedDisk disk({.seed = seed,
                      .tear = seed % 4 != 0,
                      .reorder = seed % 2 != 0,
                      .fail_one_in = 60,
                      .crash_one_in = 40,
                      .stall_one_in = 10});
  Survivor survivor(disk);
  for (int life = 0; life < 30; ++life) {
    survivor.live(20);
    if (life % 5 == 4 && !disk.crashed()) disk.crash();
    survivor.restart_if_crashed();
  }
  EXPECT_GT(survivor.durable().size(), 50U);
}

// DOORBUSTER_SEED=n runs that seed alone.
TEST(MemoryLog, lives_on_any_bad_disk_without_losing_what_was_acknowledged) {
  const char* chosen = std::getenv("DOORBUSTER_SEED");
  const uint64_t first = chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 1;
  const uint64_t last = chosen != nullptr ? first : 100;
  for (uint64_t seed = first; seed <= last; ++seed) {
    survive_a_bad_disk(seed);
    ASSERT_FALSE(::testing::Test::HasFailure()) << "DOORBUSTER_SEED=" << seed;
  }
}

TEST(MemoryLog, the_same_seed_gives_the_same_run) {
  const auto run = [] {
    SimulatedDisk disk({.seed = 4711, .fail_one_in = 30, .crash_one_in = 30});
    Survivor survivor(disk);
    for (int life = 0; life < 20; ++life) {
      survivor.live(20);
      survivor.restart_if_crashed();
    }
    return std::pair(disk.operations(), survivor.durable());
  };
  EXPECT_EQ(run(), run());
}

TEST(MemoryLog, two_servers_over_one_disk_fence_each_other) {
  SimulatedDisk disk;
  MemoryLog first(disk);
  MemoryLog second(disk);
  Lease of_first = open_log(first);
  append_batches(first, of_first, 2);
  Lease of_second = open_log(second);
  EXPECT_EQ(of_second.tail, Sequence(2));
  EXPECT_EQ(first.append(of_first, as_batch(next_batch(of_first))), Appended::kFenced);
  append_batches(second, of_second, 1);
}

// Three cells together, and every operation fails in turn: what each was told is what each finds.
TEST_P(EveryFault, in_appends_to_several_cells_ends_each_as_it_was_told) {
  uint64_t nth = 1;
  for (bool all_well = false; !all_well; ++nth) {
    SimulatedDisk disk({.seed = nth});
    MemoryLog log(disk);
    std::vector<Lease> leases;
    for (uint32_t cell = 0; cell < 3; ++cell) leases.push_back(open_log(log, CellId(cell)));
    const uint64_t operations = disk.operations();
    disk.fail_at(nth, GetParam());
    std::vector<Append> appends;
    std::vector<Written> written;
    for (Lease& lease : leases) written.push_back(next_batch(lease));
    std::vector<Batch> batches;
    for (const Written& batch : written) batches.push_back(as_batch(batch));
    for (size_t i = 0; i < 3; ++i) appends.push_back({.lease = &leases[i], .batch = &batches[i]});
    log.append_together(appends);
    all_well = disk.operations() < operations + nth;
    if (disk.crashed()) disk.restart();
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_NE(appends[i].outcome, Appended::kFenced);
      const bool is_durable = appends[i].outcome == Appended::kDurable;
      EXPECT_TRUE(is_durable || !all_well);
      if (!is_durable || all_well) continue;
      EXPECT_EQ(open_log(log, CellId(static_cast<uint32_t>(i))).tail, Sequence(1)) << "cell " << i;
    }
    ASSERT_FALSE(HasFailure()) << kFaultNames[static_cast<size_t>(GetParam())] << " at operation " << nth;
  }
  EXPECT_GT(nth, 7U);
}

TEST(MemoryLog, a_write_that_fails_for_one_cell_does_not_stop_the_others) {
  SimulatedDisk disk;
  MemoryLog log(disk);
  Lease zero = open_log(log, CellId(0));
  Lease one = open_log(log, CellId(1));
  const Written of_zero = next_batch(zero);
  const Written of_one = next_batch(one);
  const Batch batch_zero = as_batch(of_zero);
  const Batch batch_one = as_batch(of_one);
  std::vector<Append> appends = {{.lease = &zero, .batch = &batch_zero}, {.lease = &one, .batch = &batch_one}};
  disk.fail_at(1, Fault::kFailsUndone);
  log.append_together(appends);
  EXPECT_EQ(appends[0].outcome, Appended::kUnknown);
  EXPECT_EQ(appends[1].outcome, Appended::kDurable);
  EXPECT_EQ(open_log(log, CellId(0)).tail, Sequence(0));
  EXPECT_EQ(open_log(log, CellId(1)).tail, Sequence(1));
}

TEST(MemoryLog, saves_no_snapshot_of_which_another_cells_failed_sync_has_lost_a_part) {
  SimulatedDisk disk;
  MemoryLog log(disk);
  Lease zero = open_log(log, CellId(0));
  Lease one = open_log(log, CellId(1));
  ASSERT_EQ(log.append(one, as_batch(next_batch(one))), Appended::kDurable);
  const auto writer = log.write_snapshot(one, head_at(one));
  ASSERT_TRUE(writer.has_value());
  ASSERT_TRUE((*writer)->add(as_bytes("one half")).has_value());
  disk.fail_at(2, Fault::kFailsUndone);  // after its write, the sync of
  EXPECT_EQ(log.append(zero, as_batch(next_batch(zero))), Appended::kUnknown);
  ASSERT_TRUE((*writer)->add(as_bytes("the other")).has_value());
  EXPECT_EQ((*writer)->commit().error().code, ErrorCode::kIo);
  const auto read = log.read_snapshot(CellId(1));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, nullptr);
}

TEST(MemoryLog, refuses_everything_while_the_power_is_off) {
  MemoryLog log;
  Lease lease = open_log(log);
  log.disk().crash();
  EXPECT_EQ(log.append(lease, as_batch(next_batch(lease))), Appended::kUnknown);
  EXPECT_EQ(log.open(kCell, kTester).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(read_all(log).code, ErrorCode::kUnavailable);
  EXPECT_EQ(log.read_snapshot(kCell).error().code, ErrorCode::kUnavailable);
  log.disk().restart();
  EXPECT_EQ(open_log(log).tail, Sequence(0));
}

TEST(MemoryLog, a_stall_is_told_to_whoever_keeps_the_time) {
  Duration waited;
  SimulatedDisk disk({.stall_one_in = 1, .stall_max = Duration::millis(5), .on_stall = [&](Duration by) {
                        EXPECT_LE(by, Duration::millis(5));
                        waited = waited + by;
                      }});
  MemoryLog log(disk);
  Lease lease = open_log(log);
  append_batches(log, lease, 10);
  EXPECT_GT(waited, Duration());
}

TEST(MemoryLog, a_missing_high_water_mark_is_damage) {
  MemoryLog log;
  Lease lease = open_log(log);
  append_batches(log, lease, 2);
  for (uint64_t slot = 0; slot < 2; ++slot)
    log.disk().remove({.kind = RecordKind::kMark, .cell = kCell, .number = slot});
  EXPECT_EQ(log.open(kCell, kTester).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace doorbuster::log
