// A real process, killed with SIGKILL at random moments over one folder: whatever it said was durable must be there
// afterwards.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "base/prng.h"
#include "log/log_test_helpers.h"
#include "log/rocksdb/rocksdb_test_helpers.h"

extern char** environ;

namespace doorbuster::log {
namespace {

constexpr int kRounds = 10;

struct Child {
  pid_t id = 0;
  int output = -1;
};

Child start_writer(const std::filesystem::path& folder, std::string cells = "") {
  std::array<int, 2> ends{};
  ASSERT(::pipe2(ends.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  ASSERT(::posix_spawn_file_actions_init(&actions) == 0);
  ASSERT(::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) == 0);
  std::string program = DOORBUSTER_LOG_WRITER;
  std::string directory = folder.string();
  std::array<char*, 4> arguments = {program.data(), directory.data(), cells.empty() ? nullptr : cells.data(), nullptr};
  Child child{.id = 0, .output = ends[0]};
  ASSERT(::posix_spawn(&child.id, program.c_str(), &actions, nullptr, arguments.data(), environ) == 0);
  ASSERT(::posix_spawn_file_actions_destroy(&actions) == 0);
  ::close(ends[1]);
  return child;
}

// Everything that the child says until it ends, and after `lines` lines and `pause` more its end is made.
std::string listen_and_kill(const Child& child, size_t lines, std::chrono::microseconds pause) {
  std::string said;
  std::array<char, 4096> buffer{};
  bool killed = false;
  while (true) {
    const ssize_t count = ::read(child.output, buffer.data(), buffer.size());
    if (count <= 0) break;
    said.append(buffer.data(), static_cast<size_t>(count));
    if (killed || static_cast<size_t>(std::ranges::count(said, '\n')) < lines) continue;
    std::this_thread::sleep_for(pause);
    killed = ::kill(child.id, SIGKILL) == 0;
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child.id, &status, 0), child.id);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer ended by itself";
  ::close(child.output);
  return said;
}

uint64_t last_told(const std::string& said) {
  const size_t end = said.rfind('\n');
  if (end == std::string::npos) return 0;
  const size_t before = end == 0 ? std::string::npos : said.rfind('\n', end - 1);
  return std::stoull(said.substr(before == std::string::npos ? 0 : before + 1, end));
}

// Every batch is what the writer writes at that place.
Sequence expect_all_of_cell(RocksdbLog& log, CellId cell, uint64_t told) {
  Lease expected = open_log(log, cell);
  EXPECT_GE(expected.tail.value(), told);
  const Sequence tail = expected.tail;
  expected.tail = Sequence();
  const auto read = log.read(cell, Sequence(1), [&](const Batch& batch) {
    const Written wanted = next_batch(expected, 1 + static_cast<uint32_t>(expected.tail.value() % 200));
    EXPECT_EQ(written(batch), wanted);
    expected.tail = expected.tail + batch.count;
    return !::testing::Test::HasFailure();
  });
  EXPECT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(expected.tail, tail);
  return tail;
}

// Round after round over one folder a writer is killed, after some of at most `lines_max` lines, and the log is opened
// again: check(log, told) with the last event that the writers of all rounds have told of. Returns that of the last.
template <class Check>
uint64_t kill_again_and_again(const std::string& cells, uint64_t lines_max, const Check& check) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Prng prng(seed);
  const TemporaryFolder folder;
  uint64_t told = 0;
  for (int round = 0; round < kRounds && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Child child = start_writer(folder.path(), cells);
    const std::string said = listen_and_kill(child, prng.below(lines_max), std::chrono::microseconds(prng.below(3000)));
    told = std::max(told, last_told(said));
    check(*must_start({.directory = folder.path()}), told);
  }
  return told;
}

TEST(RocksdbLogKilled, nothing_that_was_told_to_be_durable_is_missing) {
  const uint64_t told = kill_again_and_again("", 150, [](RocksdbLog& log, uint64_t durable) {
    expect_all_of_cell(log, CellId(0), durable);
    const auto snapshot = load_state(log);
    EXPECT_TRUE(snapshot.has_value()) << snapshot.error().message;
  });
  EXPECT_GT(told, 1000U);
}

TEST(RocksdbLogKilled, what_was_appended_together_is_there_in_every_cell_or_in_none) {
  constexpr uint32_t kCells = 5;
  const uint64_t told = kill_again_and_again(std::to_string(kCells), 60, [](RocksdbLog& log, uint64_t durable) {
    const Sequence tail = expect_all_of_cell(log, CellId(0), durable);
    for (uint32_t cell = 1; cell < kCells; ++cell) EXPECT_EQ(expect_all_of_cell(log, CellId(cell), durable), tail);
  });
  EXPECT_GT(told, 100U);
}

TEST(RocksdbLogKilled, a_second_server_is_told_that_another_uses_the_folder) {
  const TemporaryFolder folder;
  const Child child = start_writer(folder.path());
  std::array<char, 1> first_word{};
  ASSERT_EQ(::read(child.output, first_word.data(), 1), 1);
  const auto second = RocksdbLog::start({.directory = folder.path()});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(second.error().message.find("another server is using " + folder.path().string()), std::string::npos);
  listen_and_kill(child, 1, std::chrono::microseconds(0));
  open_log(*must_start({.directory = folder.path()}));
}

}  // namespace
}  // namespace doorbuster::log
