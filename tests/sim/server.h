// One server process: the real cell in a real host, log, views and payment outbox, driven by the agenda instead of by
// threads. Destroying it is kill -9.
#pragma once

#include <functional>
#include <memory>

#include "cell/cell.h"
#include "cell/host.h"
#include "log/memory/memory_log.h"
#include "sale/payment_outbox.h"
#include "sale/views/status_board.h"
#include "sale/views/views.h"
#include "sim/bank.h"
#include "sim/clients.h"

namespace doorbuster::sim {

inline constexpr CellId kCell{0};

// What the outside hears of a server.
struct ServerHooks {
  std::function<void(uint64_t ticket, cell::ReplyStatus, const sale::Reply&, Epoch)> answered;
  std::function<void(const sale::PublicStatus&)> published;
  std::function<void()> recovered;
};

class Server {
 public:
  Server(Site& site, uint32_t number, Bank& bank, const auth::IdSealer& ids, ServerHooks hooks);

  // Takes the log over and begins; tries again every second until it can.
  void start();
  [[nodiscard]] bool submit(uint64_t ticket, sale::Command&& command);
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
  [[nodiscard]] const sale::Views& views() const { return views_; }
  [[nodiscard]] const sale::StatusBoard& board() const { return board_; }
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
  void publish(sale::Machine::Publication&& publication);

  Site& site_;
  const uint32_t number_;
  const ServerHooks hooks_;
  BankLine line_;
  log::MemoryLog log_;
  sale::Directory directory_;
  sale::StatusBoard board_;
  sale::PaymentOutbox outbox_;
  sale::Views views_;
  cell::Cell<sale::Machine> cell_;
  cell::Port<sale::Machine> edge_;
  cell::CellProbe probe_;
  cell::Host host_;
  cell::CellRunner runner_;
  bool appending_ = false;
  bool saving_ = false;
  Epoch epoch_;
  Timestamp paused_until_;
  Timestamp next_turn_ = Timestamp::from_micros(INT64_MAX);
  bool stopping_ = false;
  bool has_restored_ = false;  // of the views, once a life
  std::function<void()> stopped_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// The newest snapshot and the log, from the disk alone; or from the log alone.
enum class From : bool { kSnapshotAndLog, kLogAlone };
[[nodiscard]] Result<std::unique_ptr<sale::Machine>> machine_on_disk(log::SimulatedDisk& disk, From from);

}  // namespace doorbuster::sim
