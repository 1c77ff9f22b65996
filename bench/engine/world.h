// Cells of sales as they run in production (RocksDB, a host, the system's clock, snapshots), with clients beside them
// and without HTTP.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/doorbell.h"
#include "cell/cell.h"
#include "cell/host.h"
#include "log/rocksdb/rocksdb_log.h"
#include "sale/machine/machine.h"

namespace doorbuster::bench {

using SalePort = cell::Port<sale::Machine>;

// What the server has by default.
inline constexpr uint64_t kSnapshotEveryEvents = 1'000'000;

struct WorldOptions {
  size_t clients = 1;
  uint32_t cells = 1;
  uint64_t snapshot_every_events = kSnapshotEveryEvents;
  sale::Capacity capacity = {};  // of each cell
};

// One thread's way to every cell.
struct Client {
  static constexpr size_t kUnderWayMax = 4'096;  // in each cell: what the server allows one reactor

  Doorbell bell;
  std::vector<std::unique_ptr<SalePort>> ports;  // by cell
};

// One cell, with a sale of its own.
struct WorldCell {
  WorldCell(CellId id, log::Log& log, cell::Host& host, const Clock& clock, const WorldOptions& options);

  // When the log was durable up to where, commit by commit. Read it after stop().
  struct Commit {
    Sequence tail;
    Timestamp at;
  };
  std::atomic<bool> is_open{false};
  std::vector<Commit> commits;
  cell::CellProbe probe;
  cell::Cell<sale::Machine> cell;
  cell::CellRunner runner;
};

class World {
 public:
  // In an empty folder. In every cell one sale, the one given, is open when it returns.
  [[nodiscard]] static Result<std::unique_ptr<World>> start(const std::filesystem::path& folder,
                                                            const WorldOptions& options,
                                                            const sale::Settings& settings);
  ~World() { host_.stop(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] Client& client(size_t index) { return *clients_[index]; }
  [[nodiscard]] const WorldCell& cell(size_t index = 0) const { return *cells_[index]; }
  [[nodiscard]] size_t cells() const { return cells_.size(); }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] log::Log& log() { return *log_; }
  void stop() { host_.stop(); }

 private:
  World(std::unique_ptr<log::RocksdbLog> log, const WorldOptions& options);
  void open_sale(size_t cell, const sale::Settings& settings);

  const SystemClock clock_;
  const std::unique_ptr<log::RocksdbLog> log_;
  std::vector<std::unique_ptr<Client>> clients_;
  cell::Host host_;
  std::vector<std::unique_ptr<WorldCell>> cells_;
};

// A sale without a queue that has been open for long.
[[nodiscard]] sale::Settings open_sale_of(uint32_t units, uint32_t hold_seconds);

// The customer number `index` of a run: distinct, and spread as keyed hashes are.
[[nodiscard]] CustomerHash customer_at(uint64_t index);

// Asks for holds for the customers first .. first + count - 1, each in the next cell, as many at a time as the ports
// take, and not faster than `a_second` (0: as fast as answers come). Returns how many were held.
[[nodiscard]] uint64_t reserve_all(World& world, Client& client, uint64_t first, uint64_t count, double a_second = 0);

}  // namespace doorbuster::bench
