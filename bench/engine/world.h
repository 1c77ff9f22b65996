// A cell of sales as it runs in production (RocksDB, a thread of its own, the system's clock), with clients beside it
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

// One thread's way to the cell.
struct Client {
  static constexpr size_t kUnderWayMax = 4'096;  // what the server allows one reactor

  Doorbell bell;
  SalePort port{kUnderWayMax, [this] { bell.ring(); }};
};

class World {
 public:
  // In an empty folder. One sale, the one given, is open when it returns.
  [[nodiscard]] static Result<std::unique_ptr<World>> start(const std::filesystem::path& folder, size_t clients,
                                                            sale::Settings settings);
  ~World() { host_.stop(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] Client& client(size_t index) { return *clients_[index]; }
  [[nodiscard]] const cell::CellProbe& probe() const { return probe_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] log::Log& log() { return *log_; }

  // When the log was durable up to where, commit by commit. Read it after stop().
  struct Commit {
    Sequence tail;
    Timestamp at;
  };
  [[nodiscard]] const std::vector<Commit>& commits() const { return commits_; }
  void stop() { host_.stop(); }

 private:
  World(std::unique_ptr<log::RocksdbLog> log, size_t clients);
  void open_sale(sale::Settings settings);

  const SystemClock clock_;
  const std::unique_ptr<log::RocksdbLog> log_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::atomic<bool> open_{false};
  std::vector<Commit> commits_;
  cell::CellProbe probe_;
  cell::Cell<sale::Machine> cell_;
  cell::Host host_;
  cell::CellRunner runner_;
};

// A sale without a queue that has been open for long.
[[nodiscard]] sale::Settings open_sale_of(uint32_t units, uint32_t hold_seconds);

// The customer number `index` of a run: distinct, and spread as keyed hashes are.
[[nodiscard]] CustomerHash customer_at(uint64_t index);

// Asks for holds for the customers first .. first + count - 1, as many at a time as the port takes, and not faster than
// `a_second` (0: as fast as answers come). Returns how many were held.
[[nodiscard]] uint64_t reserve_all(World& world, Client& client, uint64_t first, uint64_t count, double a_second = 0);

}  // namespace doorbuster::bench
