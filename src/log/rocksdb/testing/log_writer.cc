// The victim of rocksdb_log_kill_test.cc: opens the log in a folder and appends batches for as long as it lives,
// telling on standard output, one line at a time, which event is durable. Now and then it replaces the snapshot.
#include <unistd.h>

#include <cstdio>
#include <string>

#include "log/log_test_helpers.h"
#include "log/rocksdb/rocksdb_log.h"

namespace doorbuster::log {
namespace {

constexpr CellId kCell(0);

// Unbuffered, so that a line is out when this returns.
bool tell(Sequence durable) {
  const std::string line = std::to_string(durable.value()) + "\n";
  return ::write(STDOUT_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

int write_until_killed(const char* directory) {
  auto log = RocksdbLog::start({.directory = directory});
  auto lease = log ? (*log)->open(kCell) : tl::unexpected(log.error());
  if (!lease) {
    std::fprintf(stderr, "%s\n", lease.error().message.c_str());
    return 1;
  }
  for (uint64_t step = 0;; ++step) {
    const Written batch = next_batch(*lease, 1 + static_cast<uint32_t>(lease->tail.value() % 200));
    if ((*log)->append(*lease, as_batch(batch)) != Appended::kDurable || !tell(lease->tail)) return 1;
    if (step % 50 == 49 && !save_state(**log, *lease, batch.payload, 100)) return 1;
  }
}

}  // namespace
}  // namespace doorbuster::log

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  return doorbuster::log::write_until_killed(argv[1]);
}
