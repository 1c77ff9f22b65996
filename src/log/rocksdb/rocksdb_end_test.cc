// What an orderly end leaves for the next start.
#include <algorithm>

#include "log/rocksdb/rocksdb_test_helpers.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;

constexpr CellId kCell{0};
constexpr size_t kPayload = size_t{64} << 10;

class AnOrderlyEnd : public testing::Test {
 protected:
  // A server that appends so many batches, and is stopped.
  void live(size_t batches) {
    const auto log = must_start({.directory = folder_.path()});
    Lease lease = log->open(kCell, {.kind = MachineKind("adder")}).value();
    for (size_t i = 0; i < batches; ++i, ++appended_) {
      const std::vector<std::byte> payload(kPayload, static_cast<std::byte>(appended_));
      const Batch batch{.first = lease.tail + 1, .count = 1, .at = Timestamp::from_micros(1), .payload = payload};
      ASSERT_EQ(log->append(lease, batch), Appended::kDurable);
    }
  }
  size_t files(const char* extension) const {
    const fs::directory_iterator all(folder_.path() / "batches");
    return static_cast<size_t>(
        std::count_if(begin(all), end(all), [&](const auto& entry) { return entry.path().extension() == extension; }));
  }
  size_t tables() const { return files(".sst"); }
  size_t log_files() const { return files(".log"); }

  TemporaryFolder folder_;
  size_t appended_ = 0;
};

TEST_F(AnOrderlyEnd, leaves_a_table_in_place_of_much_that_would_be_read_again) {
  live(100);
  EXPECT_EQ(tables(), 1U);
  live(3);
  EXPECT_EQ(tables(), 1U) << "a little is read again";
  const auto log = must_start({.directory = folder_.path()});
  EXPECT_EQ(log->open(kCell, {.kind = MachineKind("adder")}).value().tail, Sequence(103));
  size_t read = 0;
  ASSERT_TRUE(log->read(kCell, MachineKind("adder"), Sequence(1),
                        [&](const Batch& batch) {
                          EXPECT_EQ(batch.payload.size(), kPayload);
                          EXPECT_EQ(batch.payload.back(), static_cast<std::byte>(read));
                          return ++read > 0;
                        })
                  .has_value());
  EXPECT_EQ(read, 103U);
}

TEST_F(AnOrderlyEnd, leaves_few_files_however_often_there_was_one) {
  size_t most = 0;
  for (int i = 0; i < 40; ++i) {
    live(1);
    most = std::max(most, log_files());
  }
  EXPECT_LE(most, 17U);
  EXPECT_EQ(must_start({.directory = folder_.path()})->open(kCell, {.kind = MachineKind("adder")}).value().tail,
            Sequence(40));
}

}  // namespace
}  // namespace doorbuster::log
