#include "ops/metric_cells.h"

#include <algorithm>

#include "base/assert.h"

namespace doorbuster::ops {

struct MetricCells::Shard {
  explicit Shard(size_t capacity) : cells(std::make_unique<std::atomic<uint64_t>[]>(capacity)) {}
  std::atomic<bool> taken{true};
  const std::unique_ptr<std::atomic<uint64_t>[]> cells;
};

namespace {

// What one thread holds. It shares the shards with their registry, because either may end first.
class ThreadShards {
 public:
  ~ThreadShards() {
    for (const Entry& entry : entries_) entry.shard->taken.store(false, std::memory_order_release);
  }
  [[nodiscard]] std::atomic<uint64_t>* find(uint64_t owner) const {
    for (const Entry& entry : entries_) {
      if (entry.owner == owner) return entry.shard->cells.get();
    }
    return nullptr;
  }
  void keep(uint64_t owner, std::shared_ptr<MetricCells::Shard> shard) {
    std::erase_if(entries_, [](const Entry& entry) { return entry.shard.use_count() == 1; });  // their registry is gone
    entries_.push_back({owner, std::move(shard)});
  }

 private:
  struct Entry {
    uint64_t owner;
    std::shared_ptr<MetricCells::Shard> shard;
  };
  std::vector<Entry> entries_;
};

ThreadShards& this_thread() {
  thread_local ThreadShards shards;
  return shards;
}

// The registry that this thread used last; in the server it is the only one.
struct LastUsed {
  uint64_t owner = 0;
  std::atomic<uint64_t>* cells = nullptr;
};
thread_local constinit LastUsed last_used;

uint64_t next_id() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

}  // namespace

MetricCells::MetricCells(size_t capacity) : capacity_(capacity), id_(next_id()) {}
MetricCells::~MetricCells() = default;

size_t MetricCells::reserve(size_t count) {
  const std::lock_guard lock(mutex_);
  ASSERT(count <= capacity_ - reserved_);
  const size_t first = reserved_;
  reserved_ += count;
  return first;
}

std::atomic<uint64_t>* MetricCells::this_threads_cells() {
  if (last_used.owner == id_) return last_used.cells;
  std::atomic<uint64_t>* cells = this_thread().find(id_);
  if (cells == nullptr) cells = claim_shard();
  last_used = {id_, cells};
  return cells;
}

std::atomic<uint64_t>* MetricCells::claim_shard() {
  const std::lock_guard lock(mutex_);
  const auto free = std::ranges::find_if(shards_, [](const std::shared_ptr<Shard>& shard) {
    return !shard->taken.exchange(true, std::memory_order_acquire);
  });
  if (free != shards_.end()) {
    this_thread().keep(id_, *free);
    return (*free)->cells.get();
  }
  shards_.push_back(std::make_shared<Shard>(capacity_));
  this_thread().keep(id_, shards_.back());
  return shards_.back()->cells.get();
}

uint64_t MetricCells::sum(size_t cell) const {
  const std::lock_guard lock(mutex_);
  ASSERT(cell < reserved_);
  uint64_t total = 0;
  for (const std::shared_ptr<Shard>& shard : shards_) total += shard->cells[cell].load(std::memory_order_relaxed);
  return total;
}

size_t MetricCells::threads() const {
  const std::lock_guard lock(mutex_);
  return shards_.size();
}

}  // namespace doorbuster::ops
