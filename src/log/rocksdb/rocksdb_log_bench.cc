// What a durable batch costs on this machine's disk, and how soon a log of a million events is read again.
// DOORBUSTER_BENCH_DIR chooses the disk; without it the folder for temporary files.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "log/rocksdb/rocksdb_log.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;

constexpr size_t kEventBytes = 64;
constexpr CellId kCell(0);
constexpr Opener kOpener{.kind = MachineKind("bench")};

// An empty folder on the disk to measure, gone at the end.
class BenchFolder {
 public:
  BenchFolder() {
    const char* chosen = std::getenv("DOORBUSTER_BENCH_DIR");
    const fs::path above = chosen != nullptr ? fs::path(chosen) : fs::temp_directory_path();
    std::string pattern = (above / "doorbuster-bench-XXXXXX").string();
    ASSERT(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  ~BenchFolder() { fs::remove_all(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

template <class T>
T must(Result<T> result) {
  if (!result) std::fprintf(stderr, "%s\n", result.error().message.c_str());
  ASSERT(result.has_value());
  return std::move(*result);
}

void append_events(RocksdbLog& log, Lease& lease, uint32_t count, const std::string& payload) {
  const Batch batch{lease.tail + 1, count, Timestamp::from_micros(1), as_bytes(payload)};
  ASSERT(log.append(lease, batch) == Appended::kDurable);
}

void append_durably(benchmark::State& state) {
  const BenchFolder folder;
  const auto log = must(RocksdbLog::start({.directory = folder.path()}));
  Lease lease = must(log->open(kCell, kOpener));
  const auto count = static_cast<uint32_t>(state.range(0));
  const std::string payload(count * kEventBytes, 'e');
  for (auto _ : state) append_events(*log, lease, count, payload);
  state.counters["batches/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["events/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * count, benchmark::Counter::kIsRate);
}
BENCHMARK(append_durably)->Arg(1)->Arg(128)->Arg(1024)->Arg(4096)->UseRealTime()->MinTime(3);

// Sixteen cells have a small batch each: by one sync for all, or by one each.
constexpr uint32_t kCells = 16;
constexpr uint32_t kEventsACell = 8;

struct SixteenCells {
  explicit SixteenCells(RocksdbLog& log) {
    for (uint32_t cell = 0; cell < kCells; ++cell) leases.push_back(must(log.open(CellId(cell), kOpener)));
  }
  void make_batches() {
    batches.clear();
    for (const Lease& lease : leases) {
      batches.push_back({lease.tail + 1, kEventsACell, Timestamp::from_micros(1), as_bytes(payload)});
    }
  }
  const std::string payload = std::string(kEventsACell * kEventBytes, 'e');
  std::vector<Lease> leases;
  std::vector<Batch> batches;
};

void count_events(benchmark::State& state) {
  const auto events = static_cast<double>(state.iterations()) * kCells * kEventsACell;
  state.counters["events/s"] = benchmark::Counter(events, benchmark::Counter::kIsRate);
}

void append_sixteen_cells_together(benchmark::State& state) {
  const BenchFolder folder;
  const auto log = must(RocksdbLog::start({.directory = folder.path()}));
  SixteenCells cells(*log);
  for (auto _ : state) {
    cells.make_batches();
    std::vector<Append> appends;
    for (size_t i = 0; i < kCells; ++i) appends.push_back({.lease = &cells.leases[i], .batch = &cells.batches[i]});
    log->append_together(appends);
    for (const Append& append : appends) ASSERT(append.outcome == Appended::kDurable);
  }
  count_events(state);
}
BENCHMARK(append_sixteen_cells_together)->UseRealTime()->MinTime(3);

void append_sixteen_cells_one_by_one(benchmark::State& state) {
  const BenchFolder folder;
  const auto log = must(RocksdbLog::start({.directory = folder.path()}));
  SixteenCells cells(*log);
  for (auto _ : state) {
    cells.make_batches();
    for (size_t i = 0; i < kCells; ++i) {
      ASSERT(log->append(cells.leases[i], cells.batches[i]) == Appended::kDurable);
    }
  }
  count_events(state);
}
BENCHMARK(append_sixteen_cells_one_by_one)->UseRealTime()->MinTime(3);

uint64_t recover(const fs::path& folder) {
  const auto log = must(RocksdbLog::start({.directory = folder}));
  const Lease lease = must(log->open(kCell, kOpener));
  uint64_t events = 0;
  const auto read = log->read(kCell, Sequence(1), [&](const Batch& batch) {
    events += batch.count;
    return true;
  });
  ASSERT(read.has_value() && events == lease.tail.value());
  return events;
}

// Start, open, read and verify everything: a restart's part that belongs to the log.
void recover_a_million_events(benchmark::State& state) {
  constexpr uint64_t kEvents = 1'000'000;
  constexpr uint32_t kInBatch = 128;
  const BenchFolder folder;
  {
    const auto log = must(RocksdbLog::start({.directory = folder.path()}));
    Lease lease = must(log->open(kCell, kOpener));
    const std::string payload(kInBatch * kEventBytes, 'e');
    while (lease.tail.value() < kEvents) append_events(*log, lease, kInBatch, payload);
  }
  for (auto _ : state) benchmark::DoNotOptimize(recover(folder.path()));
}
BENCHMARK(recover_a_million_events)->Unit(benchmark::kMillisecond)->Iterations(5)->UseRealTime();

}  // namespace
}  // namespace doorbuster::log
