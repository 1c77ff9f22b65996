// What it costs to write what was counted of links that nobody remembers, and to read it: what counting would cost if
// each record had to be read first.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>

#include "base/prng.h"
#include "links/views/rocksdb/rocksdb_count_store.h"

namespace doorbuster::links {
namespace {

constexpr uint64_t kLinks = 1'000'000;
constexpr size_t kAtOnce = 20'000;

CountRecord part_at(Sequence heard) {
  CountRecord part{.heard = heard, .counts = {}};
  part.counts.note({.link = 1, .country = {'D', 'E'}, .referrer = "news.example", .visitor_hash = heard.value()},
                   Timestamp::from_micros(1'795'773'600'000'000));
  return part;
}

// A million links, each followed once.
class FilledStore {
 public:
  FilledStore() {
    head_ = store_.open().value();
    for (uint64_t first = 0; first < kLinks; first += kAtOnce) write([&](size_t i) { return first + i; });
  }
  ~FilledStore() { std::filesystem::remove_all(folder_); }

  template <class LinkAt>
  void write(LinkAt&& link_at) {
    std::vector<CountRecord> parts;
    std::vector<CountStore::Change> changes;
    parts.reserve(kAtOnce);
    for (size_t i = 0; i < kAtOnce; ++i) {
      head_.heard = head_.heard + 1;
      parts.push_back(part_at(head_.heard));
      changes.push_back({.link = link_at(i), .is_gone = false, .parts = {&parts.back(), 1}});
    }
    ASSERT(store_.write(changes, head_, CountStore::Durable::kSoon).has_value());
  }
  [[nodiscard]] const CountStore& store() const { return store_; }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("count-store-bench-" + std::to_string(getpid()));
  RocksdbCountStore store_{{.folder = folder_}};
  CountStore::Head head_;
};

void write_a_click_of_a_cold_link(benchmark::State& state) {
  FilledStore filled;
  Prng random(1);
  for (auto _ : state) filled.write([&](size_t) { return random.below(kLinks); });
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kAtOnce));
}
BENCHMARK(write_a_click_of_a_cold_link)->Unit(benchmark::kMillisecond)->Iterations(25);

void read_a_cold_link(benchmark::State& state) {
  const FilledStore filled;
  Prng random(1);
  for (auto _ : state) benchmark::DoNotOptimize(filled.store().find(random.below(kLinks)));
}
BENCHMARK(read_a_cold_link)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace doorbuster::links
