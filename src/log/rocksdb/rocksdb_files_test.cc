// What RocksDB does with the files of a log on disk.
#include <chrono>
#include <thread>

#include "base/prng.h"
#include "log/log_test_helpers.h"
#include "log/rocksdb/rocksdb_test_helpers.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBytesAStart = size_t{5} << 20;  // an orderly end leaves so much in a table of its own
constexpr int kTablesTogether = 4;                // RocksDB leaves so many in a row before it puts them together

// The first table that holds what several starts have left, and is not `known`; empty: there is none.
fs::path put_together(const fs::path& folder, const fs::path& known = {}) {
  for (const auto& entry : fs::directory_iterator(folder / "batches")) {
    std::error_code gone;
    const bool is_large =
        entry.path().extension() == ".sst" && entry.file_size(gone) > (kTablesTogether - 1) * kBytesAStart;
    if (is_large && !gone && entry.path() != known) return entry.path();
  }
  return {};
}

// One start, with such a table if it is there in the end: what an end breaks off leaves none.
fs::path live_once(const fs::path& folder, const std::string& payload, const fs::path& known, bool may_be_there) {
  constexpr auto kPatience = std::chrono::seconds(30);
  fs::path table;
  {
    const auto log = must_start({.directory = folder});
    Lease lease = open_log(*log);
    const Batch batch{lease.tail + 1, 1, Timestamp::from_micros(1), as_bytes(payload)};
    EXPECT_EQ(log->append(lease, batch), Appended::kDurable);
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (may_be_there && table.empty() && std::chrono::steady_clock::now() < end) {
      table = put_together(folder, known);
      if (table.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  return fs::exists(table) ? table : fs::path();
}

// Starts and ends until there is another such table.
fs::path live_until_put_together(const fs::path& folder, const std::string& payload, const fs::path& known = {}) {
  for (int start = 0; start < 3 * kTablesTogether; ++start) {
    if (fs::path table = live_once(folder, payload, known, start >= kTablesTogether); !table.empty()) return table;
  }
  return {};
}

// Each start writes an epoch, whose key comes behind those of all batches: in a table with batches it would make every
// later table overlap with that one, and all its batches would be written again.
TEST(RocksdbFiles, batches_that_were_put_together_are_not_written_again) {
  const TemporaryFolder folder;
  Prng prng(1);
  std::string payload(kBytesAStart, '\0');
  for (char& each : payload) each = static_cast<char>(prng.next());
  const fs::path first = live_until_put_together(folder.path(), payload);
  ASSERT_FALSE(first.empty());
  const fs::path second = live_until_put_together(folder.path(), payload, first);
  ASSERT_FALSE(second.empty());
  EXPECT_TRUE(fs::exists(first)) << second;
}

}  // namespace
}  // namespace doorbuster::log
