// The victim of rocksdb_log_kill_test.cc: opens the log in a folder and appends batches for as long as it lives,
// telling on standard output, one line at a time, which event is durable. Now and then it replaces the snapshot.
//
// log_writer DIR writes to one cell; log_writer DIR N to N cells together, a batch each at a time, and what it tells is
// true of each of them.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

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
  auto lease = log ? (*log)->open(kCell, kTester) : tl::unexpected(log.error());
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

int write_together_until_killed(const char* directory, uint32_t cells) {
  auto log = RocksdbLog::start({.directory = directory});
  if (!log) return 1;
  std::vector<Lease> leases;
  for (uint32_t cell = 0; cell < cells; ++cell) leases.push_back(open_log(**log, CellId(cell)));
  std::vector<Written> written(cells);
  std::vector<Batch> batches(cells);
  std::vector<Append> appends(cells);
  while (true) {
    for (size_t cell = 0; cell < cells; ++cell) {
      written[cell] = next_batch(leases[cell], 1 + static_cast<uint32_t>(leases[cell].tail.value() % 200));
      batches[cell] = as_batch(written[cell]);
      appends[cell] = {.lease = &leases[cell], .batch = &batches[cell]};
    }
    (*log)->append_together(appends);
    for (const Append& append : appends) {
      if (append.outcome != Appended::kDurable) return 1;
    }
    if (!tell(leases.front().tail)) return 1;
  }
}

}  // namespace
}  // namespace doorbuster::log

int main(int argc, char** argv) {
  if (argc == 3)
    return doorbuster::log::write_together_until_killed(argv[1], static_cast<uint32_t>(std::atoi(argv[2])));
  if (argc != 2) return 2;
  return doorbuster::log::write_until_killed(argv[1]);
}
