// Damage to the real files of a log on disk. Whatever is broken, a log either has every acknowledged batch or refuses.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "base/prng.h"
#include "log/log_test_helpers.h"
#include "log/rocksdb/preallocated_logs.h"
#include "log/rocksdb/rocksdb_test_helpers.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr CellId kCell(0);

class RocksdbLogDamage : public ::testing::Test {
 protected:
  RocksdbLogDamage() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto log = must_start({.directory = original_.path()});
    Lease lease = open_log(*log);
    all_ = append_batches(*log, lease, 40, 20);
    EXPECT_TRUE(save_state(*log, lease, "the state").has_value());
    const auto more = append_batches(*log, lease, 40, 20);
    all_.insert(all_.end(), more.begin(), more.end());
  }

  // A fresh copy of the healthy folder to break.
  fs::path copy() {
    const fs::path path = copies_.path() / std::to_string(next_copy_++);
    fs::copy(original_.path(), path, fs::copy_options::recursive);
    return path;
  }
  static fs::path largest(const fs::path& folder, std::string_view suffix) {
    fs::path found;
    for (const auto& entry : fs::directory_iterator(folder / "batches")) {
      const bool fits = entry.path().extension() == suffix;
      if (fits && (found.empty() || entry.file_size() > fs::file_size(found))) found = entry.path();
    }
    return found;
  }
  static fs::path newest_wal(const fs::path& folder) {
    fs::path found;
    for (const auto& entry : fs::directory_iterator(folder / "batches")) {
      if (entry.path().extension() == ".log" && entry.path() > found) found = entry.path();
    }
    return found;
  }
  // The one promise. Returns the refusal, or "" if everything was there.
  std::string expect_whole_or_refused(const fs::path& folder) {
    const auto log = RocksdbLog::start({.directory = folder});
    if (!log) return refusal(log.error());
    const auto lease = (*log)->open(kCell, kTester);
    if (!lease) return refusal(lease.error());
    const Contents contents = read_all(**log);
    if (!contents.error.empty()) return refusal({contents.code, contents.error});
    EXPECT_EQ(contents.batches, all_);
    return "";
  }
  static std::string refusal(const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::kCorrupt) << error.message;
    return error.message;
  }

  const TemporaryFolder original_;
  const TemporaryFolder copies_;
  std::vector<Written> all_;
  int next_copy_ = 0;
};

TEST_F(RocksdbLogDamage, a_bit_flipped_anywhere_in_the_write_ahead_log_loses_nothing_silently) {
  Prng prng(20261127);
  int refused = 0;
  for (int round = 0; round < 40; ++round) {
    const fs::path folder = copy();
    const fs::path wal = largest(folder, ".log");
    flip_bit_of_file(wal, prng.below(fs::file_size(wal) * 8));
    refused += expect_whole_or_refused(folder).empty() ? 0 : 1;
    fs::remove_all(folder);
  }
  EXPECT_GT(refused, 30);
}

TEST_F(RocksdbLogDamage, a_write_ahead_log_cut_anywhere_loses_nothing_silently) {
  Prng prng(20261128);
  for (int round = 0; round < 25; ++round) {
    const fs::path folder = copy();
    const fs::path wal = largest(folder, ".log");
    fs::resize_file(wal, prng.below(fs::file_size(wal)));
    EXPECT_THAT(expect_whole_or_refused(folder), HasSubstr("--log-allow-lost-tail"));
    fs::remove_all(folder);
  }
}

TEST_F(RocksdbLogDamage, any_file_that_is_deleted_is_missed_or_was_not_needed) {
  std::vector<fs::path> names;
  for (const auto& entry : fs::recursive_directory_iterator(original_.path())) {
    if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(original_.path()));
  }
  ASSERT_GE(names.size(), 6U);
  for (const fs::path& name : names) {
    const fs::path folder = copy();
    fs::remove(folder / name);
    const std::string refused = expect_whole_or_refused(folder);
    const bool needed = name.extension() == ".log" || name.extension() == ".mark" || name.filename() == "CURRENT" ||
                        name.string().find("MANIFEST") != std::string::npos;
    EXPECT_EQ(!refused.empty(), needed) << name << ": " << refused;
    fs::remove_all(folder);
  }
}

TEST_F(RocksdbLogDamage, a_bit_flipped_in_a_sorted_file_is_found_and_a_lost_one_too) {
  {
    const auto log = must_start({.directory = original_.path()});
    Lease lease = open_log(*log);
    const std::string big(size_t{20} << 20, 'x');
    for (int i = 0; i < 5; ++i) {  // enough for RocksDB to write a sorted file
      Written batch = next_batch(lease);
      batch.payload = big;
      ASSERT_EQ(log->append(lease, as_batch(batch)), Appended::kDurable);
      all_.push_back(std::move(batch));
    }
  }
  must_start({.directory = original_.path()});  // or it does when it starts with so much in its write-ahead log
  ASSERT_FALSE(largest(original_.path(), ".sst").empty());
  const fs::path flipped = copy();
  flip_bit_of_file(largest(flipped, ".sst"), 80'000);
  EXPECT_NE(expect_whole_or_refused(flipped), "");
  const fs::path lost = copy();
  fs::remove(largest(lost, ".sst"));
  EXPECT_NE(expect_whole_or_refused(lost), "");
}

TEST_F(RocksdbLogDamage, an_operator_can_accept_the_loss_and_is_told_what_it_is) {
  const fs::path folder = copy();
  const fs::path wal = largest(folder, ".log");
  fs::resize_file(wal, fs::file_size(wal) * 3 / 10);
  EXPECT_THAT(expect_whole_or_refused(folder), HasSubstr("start once with --log-allow-lost-tail"));
  std::string told;
  const auto report = [&](std::string_view sentence) { told += std::string(sentence) + "\n"; };
  Sequence tail;
  {
    const auto log = must_start({.directory = folder, .allow_lost_tail = true, .report = report});
    Lease lease = open_log(*log);
    tail = lease.tail;
    EXPECT_GT(tail, Sequence(0));
    EXPECT_LT(tail, Sequence(800));
    EXPECT_THAT(told, HasSubstr("the log ends with event " + std::to_string(tail.value()) + ", but event 1600"));
    EXPECT_THAT(told, HasSubstr("the snapshot is from beyond that event"));
    EXPECT_EQ(*log->read_snapshot(kCell), nullptr);
    EXPECT_TRUE(fs::exists(folder / "cell-0.snapshot.aside"));
    append_batches(*log, lease, 1, 20);
  }
  const auto log = must_start({.directory = folder});  // without the flag: the mark was set to what is there
  EXPECT_EQ(open_log(*log).tail, tail + 20);
}

// A machine that lost power in the middle of a write: what was not acknowledged may be half there, and is dropped. What
// is written behind that place must stay, however often the log is opened.
TEST_F(RocksdbLogDamage, a_half_written_batch_that_nobody_was_told_of_is_dropped) {
  const fs::path folder = copy();
  {
    const auto log = must_start({.directory = folder});
    Lease lease = open_log(*log);
    append_batches(*log, lease, 1, 20);
  }
  fs::copy_file(original_.path() / "cell-0.mark", folder / "cell-0.mark", fs::copy_options::overwrite_existing);
  const fs::path newest = newest_wal(folder);
  fs::resize_file(newest, fs::file_size(newest) - 5);
  for (int life = 0; life < 3; ++life) {
    EXPECT_EQ(expect_whole_or_refused(folder), "");
    const auto log = must_start({.directory = folder});
    Lease lease = open_log(*log);
    const auto more = append_batches(*log, lease, 3, 20);
    all_.insert(all_.end(), more.begin(), more.end());
  }
  EXPECT_EQ(expect_whole_or_refused(folder), "");
}

// The same in a log that was preallocated: the half batch ends in them, and so does the log of a server that was
// killed.
TEST_F(RocksdbLogDamage, a_half_written_batch_among_zeros_is_dropped) {
  fs::path folder = copy();
  {
    const auto log = must_start({.directory = folder});
    Lease lease = open_log(*log);
    append_batches(*log, lease, 1, 20);
  }
  fs::copy_file(original_.path() / "cell-0.mark", folder / "cell-0.mark", fs::copy_options::overwrite_existing);
  const fs::path newest = newest_wal(folder);
  const auto size = fs::file_size(newest);
  fs::resize_file(newest, size - 5);
  fs::resize_file(newest, size + 100'000);
  for (int life = 0; life < 3; ++life) {
    EXPECT_EQ(expect_whole_or_refused(folder), "");
    const auto log = must_start({.directory = folder});
    Lease lease = open_log(*log);
    const auto more = append_batches(*log, lease, 3, 20);
    all_.insert(all_.end(), more.begin(), more.end());
    const fs::path killed = copies_.path() / ("killed-" + std::to_string(life));
    copy_running(folder, killed);
    folder = killed;
  }
  EXPECT_EQ(expect_whole_or_refused(folder), "");
}

TEST_F(RocksdbLogDamage, zeros_lie_ahead_of_a_log_in_use_and_none_behind_one_that_was_closed) {
  const fs::path folder = copy();
  {
    const auto log = must_start({.directory = folder});
    Lease lease = open_log(*log);
    append_batches(*log, lease, 1, 20);
    const auto in_use = fs::file_size(newest_wal(folder));
    EXPECT_GT(in_use, kPreallocatedBytes);
    append_batches(*log, lease, 40, 20);
    EXPECT_EQ(fs::file_size(newest_wal(folder)), in_use);
    append_batches(*log, lease, 40, 4'000);
    EXPECT_GT(fs::file_size(newest_wal(folder)), in_use + kPreallocatedBytes / 2);
  }
  EXPECT_EQ(read_all(*must_start({.directory = folder})).batches.size(), all_.size() + 81);
  EXPECT_LT(fs::file_size(newest_wal(original_.path())), kPreallocatedBytes / 2);
}

// The real thing: the operating system refuses to let the file grow, as it does on a full disk.
TEST_F(RocksdbLogDamage, a_write_that_fails_ends_the_process_and_nothing_acknowledged_is_lost) {
  const fs::path folder = copy();
  const auto write_until_refused = [&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = size_t{4} << 20, .rlim_max = size_t{4} << 20};
    ASSERT(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    const auto log = must_start({.directory = folder});
    Lease lease = open_log(*log);
    for (int i = 0; i < 1000; ++i) append_batches(*log, lease, 1, 4000);
  };
  EXPECT_DEATH(write_until_refused(), "the log cannot go on: a write to .* did not become durable: .*File too large");
  const auto log = must_start({.directory = folder});
  EXPECT_GE(open_log(*log).tail, Sequence(1600));
  const Contents contents = read_all(*log);
  EXPECT_EQ(contents.error, "");
  EXPECT_TRUE(std::equal(all_.begin(), all_.end(), contents.batches.begin()));
}

}  // namespace
}  // namespace doorbuster::log
