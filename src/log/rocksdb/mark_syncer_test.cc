// Many marks on few threads.
#include <chrono>
#include <deque>
#include <thread>

#include "log/log_test_helpers.h"
#include "log/rocksdb/rocksdb_test_helpers.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;

size_t threads_of_this_process() {
  const fs::directory_iterator threads("/proc/self/task");
  return static_cast<size_t>(std::distance(begin(threads), end(threads)));
}

Mark mark_of(uint32_t cell, uint64_t tail) {
  return {.cell = CellId(cell), .epoch = Epoch(1), .tail = Sequence(tail), .chain = {}};
}

class Marks : public ::testing::Test {
 protected:
  fs::path path(uint32_t cell) const { return folder_.path() / (std::to_string(cell) + ".mark"); }
  void add(uint32_t cell) { files_.push_back(*MarkFile::create(path(cell), mark_of(cell, 0), syncer_)); }
  // How many of the slots hold a mark.
  size_t slots_used(uint32_t cell) const {
    const auto bytes = *read_file(path(cell));
    size_t used = 0;
    for (size_t at = 0; at < bytes->size(); at += bytes->size() / 3)
      used += decode_mark(CellId(cell), Bytes(*bytes).subspan(at, kMarkBytes)).has_value() ? 1 : 0;
    return used;
  }

  const TemporaryFolder folder_;
  MarkSyncer syncer_{Duration::millis(1)};
  std::deque<std::unique_ptr<MarkFile>> files_;
};

TEST(RocksdbLogThreads, they_do_not_grow_with_cells) {
  const TemporaryFolder folder;
  const auto log = must_start({.directory = folder.path()});
  std::vector<size_t> threads;
  uint32_t opened = 0;
  for (const size_t cells : {MarkSyncer::kThreadsMax, size_t{60}}) {
    for (; opened < cells; ++opened) {
      Lease lease = open_log(*log, CellId(opened));
      append_batches(*log, lease, 1, 1);
    }
    threads.push_back(threads_of_this_process());
  }
  EXPECT_EQ(threads.front(), threads.back());
}

TEST_F(Marks, one_cell_has_one_thread) {
  std::thread([] {}).join();  // with the first thread of a process ThreadSanitizer starts one of its own
  const size_t before = threads_of_this_process();
  add(0);
  EXPECT_EQ(threads_of_this_process(), before + 1);
}

// The third slot is written only after the second one was synced.
TEST_F(Marks, each_of_many_that_are_raised_all_the_time_is_synced) {
  constexpr uint32_t kFiles = 3 * MarkSyncer::kThreadsMax;
  for (uint32_t cell = 0; cell < kFiles; ++cell) add(cell);
  uint32_t done = 0;
  for (uint64_t tail = 1; done < kFiles && tail < 30'000; ++tail) {
    for (uint32_t cell = 0; cell < kFiles; ++cell) files_[cell]->raise(mark_of(cell, tail));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    while (done < kFiles && slots_used(done) == 3) ++done;
  }
  EXPECT_EQ(done, kFiles);
}

TEST_F(Marks, one_that_ends_while_it_is_raised_leaves_its_newest_mark) {
  for (uint32_t cell = 0; cell < 40; ++cell) {
    add(cell);
    for (uint64_t tail = 1; tail <= 5 + cell; ++tail) files_.back()->raise(mark_of(cell, tail));
    if (cell % 3 != 0) std::this_thread::sleep_for(std::chrono::microseconds(cell * 100));
    if (cell % 3 == 2) files_.back()->raise(mark_of(cell, 6 + cell));
    files_.pop_back();
    const auto found = MarkFile::find(path(cell), CellId(cell));
    ASSERT_TRUE(found.has_value() && found->has_value());
    EXPECT_EQ((*found)->tail, Sequence(5 + cell + (cell % 3 == 2 ? 1 : 0)));
  }
}

}  // namespace
}  // namespace doorbuster::log
