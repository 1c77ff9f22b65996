// One server process: the sale's real engine (cell, host, views, handlers) with its payment outbox, over a log on a
// simulated disk, driven by the simulation's time instead of by threads. Destroying it is kill -9.
#pragma once

#include <functional>
#include <memory>

#include "log/memory/memory_log.h"
#include "sale/engine.h"
#include "sale/payment_outboxes.h"
#include "sim/answer_book.h"
#include "sim/bank.h"
#include "sim/edge.h"
#include "sim/events_on_disk.h"

namespace doorbuster::sim {

// What the outside hears of a server.
struct ServerHooks {
  std::function<void(uint64_t ticket, const std::string& answer, Epoch, LogRange)> answered;
  std::function<void(const sale::PublicStatus&)> published;
  std::function<void()> recovered;
};

class Server {
 public:
  Server(Site& site, uint32_t number, Bank& bank, ServerHooks hooks);

  // Takes the log over and begins; tries again every second until it can.
  void start();
  // A request arrives; nobody is there to take it before the server has started, or once it is asked to end.
  void take(uint64_t ticket, std::string request);
  // SIGSTOP, and SIGCONT after that time.
  void pause(Duration how_long);
  // SIGTERM: takes nothing more, finishes, saves a snapshot; then done() is called.
  void stop(std::function<void()> done);

  [[nodiscard]] uint32_t number() const { return number_; }
  [[nodiscard]] bool is_owner() const { return cell_.ownership() == cell::Ownership::kOwner; }
  [[nodiscard]] bool is_fenced() const { return cell_.ownership() == cell::Ownership::kFenced; }
  // Nothing is decided that is not durable.
  [[nodiscard]] bool is_quiet() const { return is_owner() && cell_.is_quiet(); }
  // The next turn would decide nothing by itself: a server that was stopped for a while may be behind its timers.
  [[nodiscard]] bool is_up_to_date() const { return is_quiet() && cell_.next_deadline() > site_.clock.now(); }
  [[nodiscard]] const sale::Machine& machine() const { return cell_.machine(); }
  [[nodiscard]] Timestamp time() const { return cell_.now(); }
  [[nodiscard]] Epoch epoch() const { return epoch_; }
  [[nodiscard]] sale::PaymentOutbox& outbox() { return outbox_; }
  [[nodiscard]] const sale::Views& views() const { return engine_.context().views.of(kCell); }
  [[nodiscard]] const sale::Directory& directory() const { return directory_; }
  // The views hear everything that is durable.
  void follow_to_the_end();

 private:
  void later(Duration wait, std::function<void()> act);
  void turn();
  void turn_soon(Duration wait);
  void append_soon();
  void append();
  void tell_outcome();
  void save_soon();
  void recover();
  void follow();
  void tend_payments();
  void finish_stopping();
  void tell_published();

  Site& site_;
  const uint32_t number_;
  const ServerHooks hooks_;
  BankLine line_;
  log::MemoryLog log_;
  sale::Directory directory_;
  platform::OperatorAccess operators_;
  sale::PaymentOutboxes outboxes_;
  sale::PaymentOutbox& outbox_;
  sale::Engine engine_;
  cell::Cell<sale::Machine>& cell_;
  cell::CellRunner& runner_;
  cell::Host& host_;
  platform::Follower& follower_;
  Edge edge_;
  bool appending_ = false;
  bool saving_ = false;
  Epoch epoch_;
  Timestamp paused_until_;
  Timestamp next_turn_ = Timestamp::from_micros(INT64_MAX);
  bool started_ = false;
  bool stopping_ = false;
  std::vector<uint64_t> seen_versions_ = std::vector<uint64_t>(kSimCapacity.sales);  // of the sales
  std::function<void()> stopped_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// The newest snapshot and the log, from the disk alone; or from the log alone.
enum class From : bool { kSnapshotAndLog, kLogAlone };
[[nodiscard]] Result<std::unique_ptr<sale::Machine>> machine_on_disk(log::SimulatedDisk& disk, From from);

}  // namespace doorbuster::sim
