// A snapshot only makes a start quicker: one that is of no use never stops it.
#include "cell/recovery.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "cell/testing/adder.h"
#include "log/memory/memory_log.h"

namespace doorbuster::cell {
namespace {

using testing::Adder;
using ::testing::HasSubstr;

constexpr CellId kCell{0};
constexpr log::Opener kOpener{.kind = log::MachineKind("adder")};
constexpr log::RecordName kSnapshot{.kind = log::RecordKind::kSnapshot, .cell = kCell};

// An adder that does not take what it is given.
struct Choosy : Adder {
  Result<void> finish_load() {
    (void)Adder::finish_load();  // half done
    return fail(ErrorCode::kCorrupt, "the state is damaged");
  }
};
struct NarrowAdder : Adder {
  [[nodiscard]] Result<void> check_limits() const {
    return fail(ErrorCode::kLimit, "limits.total is 10, but the data folder has " + std::to_string(total));
  }
};
struct NewerAdder : Adder {
  static constexpr uint32_t kSnapshotVersion = 2;
};

class RecoveryTest : public ::testing::Test {
 protected:
  RecoveryTest() {
    log::Lease lease = log_.open(kCell, kOpener).value();
    add(lease, 5);
    add(lease, 6);
    save_total(lease, 11);
    add(lease, 7);
  }

  void add(log::Lease& lease, int64_t number) {
    std::vector<std::byte> payload;
    FrameWriter frame(payload);
    frame.begin(Timestamp::from_micros(1));
    ByteWriter(payload).integer(number);
    frame.end(1);
    const log::Batch batch{.first = lease.tail + 1, .count = 1, .at = Timestamp::from_micros(1), .payload = payload};
    ASSERT_EQ(log_.append(lease, batch), log::Appended::kDurable);
  }
  void save_total(const log::Lease& lease, int64_t total, std::string_view kind = "adder") {
    const log::SnapshotHead head{.at = lease.tail,
                                 .chain = lease.chain,
                                 .time = Timestamp::from_micros(1),
                                 .kind = log::MachineKind(kind),
                                 .version = 1};
    std::vector<std::byte> state;
    ByteWriter(state).integer(total);
    const auto writer = log_.write_snapshot(lease, head);
    ASSERT_TRUE(writer && (*writer)->add(state) && (*writer)->commit());
  }

  template <class M>
  Result<Recovered> replay() {
    std::unique_ptr<M> machine;
    auto recovered = replay_log(log_, TRY(log_.open(kCell, kOpener)), std::make_unique<M>, machine);
    if (recovered) total_ = machine->total;
    return recovered;
  }
  template <class M>
  void expect_replayed_without_snapshot(const std::string& why) {
    const auto recovered = replay<M>();
    ASSERT_TRUE(recovered.has_value()) << recovered.error().message;
    EXPECT_EQ(recovered->snapshot_at, Sequence(0));
    EXPECT_EQ(recovered->replayed, 3U);
    EXPECT_EQ(total_, 18);
    EXPECT_THAT(reports_, HasSubstr(why));
    EXPECT_THAT(reports_, HasSubstr("cell 0: the snapshot"));
    EXPECT_EQ(std::ranges::count(reports_, '\n'), 1);
    EXPECT_EQ(*log_.read_snapshot(kCell), nullptr) << "it is out of the way";
  }

  std::string reports_;
  log::SimulatedDisk disk_;
  log::MemoryLog log_{disk_, [this](std::string_view sentence) { reports_ += std::string(sentence) + "\n"; }};
  int64_t total_ = 0;
};

TEST_F(RecoveryTest, begins_with_the_snapshot) {
  const auto recovered = replay<Adder>();
  ASSERT_TRUE(recovered.has_value());
  EXPECT_EQ(recovered->snapshot_at, Sequence(2));
  EXPECT_EQ(recovered->replayed, 1U);
  EXPECT_EQ(total_, 18);
  EXPECT_EQ(reports_, "");
}

TEST_F(RecoveryTest, sets_a_snapshot_of_another_version_aside) {
  expect_replayed_without_snapshot<NewerAdder>("is of version 1, this program has version 2");
}

TEST_F(RecoveryTest, sets_a_snapshot_of_another_machine_aside) {
  save_total(log_.open(kCell, kOpener).value(), 18, "multiplier");
  expect_replayed_without_snapshot<Adder>("is of another machine: multiplier");
}

TEST_F(RecoveryTest, sets_a_damaged_snapshot_aside) {
  disk_.flip_bit(kSnapshot, 100 * 8);  // in its first part
  expect_replayed_without_snapshot<Adder>("has a part that is not what was written");
}

TEST_F(RecoveryTest, sets_a_snapshot_with_a_damaged_head_aside) {
  disk_.flip_bit(kSnapshot, 16 * 8);
  expect_replayed_without_snapshot<Adder>("has a header that is not what was written");
}

TEST_F(RecoveryTest, sets_a_torn_snapshot_aside) {
  disk_.truncate(kSnapshot, 120);
  expect_replayed_without_snapshot<Adder>("ends too early");
}

TEST_F(RecoveryTest, sets_a_snapshot_of_another_log_aside) {
  log::SimulatedDisk other_disk;
  log::MemoryLog other(other_disk);
  log::Lease lease = other.open(kCell, kOpener).value();
  std::vector<std::byte> payload(8);
  const log::Batch batch{.first = lease.tail + 1, .count = 2, .at = Timestamp::from_micros(9), .payload = payload};
  ASSERT_EQ(other.append(lease, batch), log::Appended::kDurable);
  const auto writer = other.write_snapshot(lease, {.at = lease.tail,
                                                   .chain = lease.chain,
                                                   .time = Timestamp::from_micros(1),
                                                   .kind = log::MachineKind("adder"),
                                                   .version = 1});
  ASSERT_TRUE((*writer)->commit().has_value());
  ASSERT_EQ(disk_.write(kSnapshot, *other_disk.read(kSnapshot)), log::DiskResult::kDone);
  expect_replayed_without_snapshot<Adder>("of event 2 is not of this log");
}

// The machine has taken in half of it: what replays the log is another one.
TEST_F(RecoveryTest, sets_a_snapshot_that_the_machine_refuses_aside_and_begins_with_a_fresh_machine) {
  expect_replayed_without_snapshot<Choosy>("the state is damaged");
}

TEST_F(RecoveryTest, refuses_limits_that_are_too_low_and_changes_nothing) {
  const auto recovered = replay<NarrowAdder>();
  ASSERT_FALSE(recovered.has_value());
  EXPECT_EQ(recovered.error().code, ErrorCode::kLimit);
  EXPECT_EQ(recovered.error().message, "limits.total is 10, but the data folder has 18") << "of snapshot and log";
  EXPECT_EQ(reports_, "");
  const auto with_higher_limits = replay<Adder>();
  ASSERT_TRUE(with_higher_limits.has_value());
  EXPECT_EQ(with_higher_limits->snapshot_at, Sequence(2)) << "the snapshot is where it was";
  EXPECT_EQ(total_, 18);
}

TEST_F(RecoveryTest, refuses_limits_that_are_too_low_for_the_log_alone) {
  disk_.remove(kSnapshot);
  EXPECT_EQ(replay<NarrowAdder>().error().code, ErrorCode::kLimit);
}

// Somebody has put an older copy of the log beside a newer snapshot: what was acknowledged is missing.
TEST_F(RecoveryTest, refuses_to_start_when_the_log_ends_before_the_snapshot) {
  const auto newest = disk_.read(kSnapshot);
  log::SimulatedDisk restored;
  log::MemoryLog log(restored);
  const auto lease = log.open(kCell, kOpener);
  ASSERT_TRUE(lease.has_value());
  ASSERT_EQ(restored.write(kSnapshot, *newest), log::DiskResult::kDone);
  std::unique_ptr<Adder> machine;
  const auto recovered = replay_log(log, *lease, std::make_unique<Adder>, machine);
  ASSERT_FALSE(recovered.has_value());
  EXPECT_EQ(recovered.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(recovered.error().message, HasSubstr("the snapshot is of event 2, but the log ends at 0"));
  EXPECT_TRUE(restored.read(kSnapshot).has_value());
}

}  // namespace
}  // namespace doorbuster::cell
