// One process of recommendations: the real machine in its cell, the real host, log, follower and tables, over a
// simulated disk, driven a round at a time instead of by threads. Destroying it is kill -9.
#pragma once

#include <functional>
#include <string>

#include "base/server_clock.h"
#include "cell/host.h"
#include "log/memory/memory_log.h"
#include "platform/views/follower.h"
#include "platform/views/memory_store.h"
#include "recs/service.h"

namespace doorbuster::recs::sim {

// What outlives a process.
struct Machine {
  log::SimulatedDisk disk;
  platform::MemoryStore store;
  Capacity capacity;
  uint64_t history = 400;
  uint64_t events_a_snapshot = 300;
  uint64_t events_a_save = 200;
};

class SimulatedClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return now_; }
  void advance(Duration by) { now_ = now_ + by; }

 private:
  Timestamp now_ = Timestamp::from_micros(1'780'000'000'000'000);
};

class Server {
 public:
  using PortType = cell::Port<RecsMachine>;

  Server(Machine& machine, const SimulatedClock& clock);

  // Takes the log over. False: the disk did not let it.
  [[nodiscard]] bool start();
  [[nodiscard]] PortType& port() { return port_; }

  // --- Rounds: each does what is there to be done, if anything. ---
  void decide() {
    port_.flush();
    (void)host_.timekeeper().round();
  }
  void append();
  void save_snapshot() { (void)host_.snapshot_saver().round(); }
  void follow() { (void)follower_.turn(); }
  void save_tables() { follower_.save(); }

  // How far the tables have heard: an answer that rests on more is kept back.
  [[nodiscard]] uint64_t heard() const { return follower_.position(kCellOfRecs).value(); }
  [[nodiscard]] uint64_t durable() const { return tail_; }
  [[nodiscard]] bool owns() const { return cell_.ownership() == cell::Ownership::kOwner; }
  [[nodiscard]] const RecsView& view() const { return view_; }
  [[nodiscard]] log::MemoryLog& log() { return log_; }
  // What could not be read or kept; a disk that fails makes some.
  [[nodiscard]] uint64_t troubles() const { return troubles_; }

 private:
  uint64_t troubles_ = 0;
  uint64_t tail_ = 0;
  log::MemoryLog log_;
  RecsView view_;
  platform::Follower follower_;
  cell::Cell<RecsMachine> cell_;
  cell::CellProbe probe_;
  cell::Host host_;
  cell::CellRunner runner_;
  PortType port_;
};

}  // namespace doorbuster::recs::sim
