// One server process: the sale's real engine (cells, host, views, handlers) with its payment outboxes and webhooks,
// over logs on a simulated disk, driven by the simulation's time instead of by threads. Destroying it is kill -9.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "log/memory/memory_log.h"
#include "platform/webhooks/webhooks.h"
#include "sale/engine.h"
#include "sale/payment_outboxes.h"
#include "sale/webhook_feed.h"
#include "sim/answer_book.h"
#include "sim/bank.h"
#include "sim/cells.h"
#include "sim/edge.h"
#include "sim/events_on_disk.h"
#include "sim/gate.h"
#include "sim/receiver.h"
#include "sim/server_time.h"

namespace doorbuster::sim {

// What the outside hears of a server.
struct ServerHooks {
  std::function<void(uint64_t ticket, const std::string& answer, const LogRanges&)> answered;
  std::function<void(uint64_t ticket, const std::string& part, const LogRanges&)> streamed;
  std::function<void(const sale::PublicStatus&)> published;
  std::function<void(CellId, Epoch)> claimed;  // a cell's log
  std::function<void()> recovered;             // after one or more of those
  std::function<void()> could_not_start;       // its process ends
};

class Server {
 public:
  Server(Site& site, uint32_t number, Bank& bank, Receiver& receiver, ServerHooks hooks);

  // Takes the logs over and begins, if it can.
  void start();
  // A request arrives; nobody is there to take it before the server has started, or once it is asked to end.
  void take(uint64_t ticket, std::string request);
  // The same, of a request whose answer may go on; and whoever sent it is gone. Whether the answer still goes on.
  void take_stream(uint64_t ticket, std::string request);
  void hang_up(uint64_t ticket) { edge_.hang_up(ticket); }
  [[nodiscard]] bool has_open(uint64_t ticket) const { return edge_.is_open(ticket); }
  // The answer to what needs no decision.
  [[nodiscard]] std::string ask_now(const std::string& request) { return edge_.answer_now(request); }
  // SIGSTOP, and SIGCONT after that time.
  // One that stands still already does so until the later of both ends: what it was to do waits for that.
  void pause(Duration how_long);
  // Gives a cell back once what it has decided is durable; takes one again that it gave back. Until it has it, whoever
  // asks for it hears that it is not there.
  void release(CellId cell);
  void claim(CellId cell);
  // SIGTERM: takes nothing more, finishes, saves a snapshot; then done() is called.
  void stop(std::function<void()> done);
  [[nodiscard]] bool is_stopping() const { return stopping_; }
  [[nodiscard]] bool is_paused() const { return site_.events.now() < paused_until_; }
  // The end of its last pause, or of this one.
  [[nodiscard]] Timestamp paused_until() const { return paused_until_; }

  [[nodiscard]] uint32_t number() const { return number_; }
  [[nodiscard]] const std::vector<CellId>& cells() const { return ids_; }
  [[nodiscard]] bool is_owner(CellId cell) const { return at(cell).ownership() == cell::Ownership::kOwner; }
  // Of all logs; of any that was taken over.
  [[nodiscard]] bool is_owner() const;
  [[nodiscard]] bool is_fenced() const;
  // Nothing is decided that is not durable.
  [[nodiscard]] bool is_quiet() const;
  // The next turn would decide nothing by itself: a server that was stopped for a while may be behind its timers.
  [[nodiscard]] bool is_up_to_date() const { return is_quiet() && next_deadline() > time_.clock().now(); }
  [[nodiscard]] bool is_apart_from_wall() const { return time_.is_apart_from_wall(); }
  [[nodiscard]] const sale::Machine& machine(CellId cell) const { return at(cell).machine(); }
  // Of an owner.
  [[nodiscard]] CellStates states() const;
  [[nodiscard]] std::vector<std::byte> saved_states() const;
  // Whether a machine may have changed since this was last asked: none does but in a turn that had something to do, as
  // it hears what became of a batch, and as its log is given back or taken over.
  [[nodiscard]] bool has_been_busy() { return std::exchange(has_been_busy_, false); }
  [[nodiscard]] const std::vector<Epoch>& epochs() const { return epochs_; }
  [[nodiscard]] const sale::PaymentOutboxes& outboxes() const { return outboxes_; }
  [[nodiscard]] const sale::Views& views(CellId cell) const { return engine_.context().views.of(cell); }
  [[nodiscard]] const sale::Directory& directory() const { return directory_; }
  // Of webhooks: all of a cell that the log tells; whether the receiver has taken everything; and that it is tried
  // again.
  void for_each_delivery(CellId cell, const std::function<void(const platform::Delivery&)>& visit) const;
  [[nodiscard]] bool has_told_all() const;
  void enable_webhooks();
  // The views hear everything that is durable.
  void follow_to_the_end();
  [[nodiscard]] bool views_have_caught_up() const { return engine_.context().views.caught_up(); }

 private:
  void later(Duration wait, std::function<void()> act);
  [[nodiscard]] Edge::Tails durable_tails() const;
  void turn();
  void turn_soon(Duration wait);
  void append_soon();
  void append();
  void tell_outcome();
  void save_soon();
  void begin();
  void reopen();
  void owns(CellId cell, std::string_view how);
  void go_on();
  void follow();
  void tend_payments();
  [[nodiscard]] bool start_webhooks();
  void webhooks_soon(Duration wait);
  void tend_webhooks();
  void finish_stopping();
  void tell_published();
  [[nodiscard]] cell::Cell<sale::Machine>& at(CellId cell) const { return *cells_[cell.value()]; }
  [[nodiscard]] platform::Follower& follower(CellId cell) { return engine_.parts(cell).follower; }
  [[nodiscard]] Timestamp next_deadline() const;
  [[nodiscard]] bool is_settled() const;
  [[nodiscard]] LogRanges logs_since(const Edge::Tails& came_at) const;
  void check_fences(const std::vector<Sequence>& before);

  static constexpr Timestamp kNever = Timestamp::from_micros(INT64_MAX);

  Site& site_;
  const uint32_t number_;
  const ServerHooks hooks_;
  ServerTime time_;
  BankLine line_;
  Receiver& receiver_;
  mutable log::MemoryLog log_;
  sale::Directory directory_;
  SimulatedGate gate_{site_, time_.clock().now()};
  platform::OperatorAccess operators_;
  sale::PaymentOutboxes outboxes_;
  sale::Engine engine_;
  std::vector<CellId> ids_;
  std::vector<cell::Cell<sale::Machine>*> cells_;
  cell::Host& host_;
  Edge edge_;
  std::vector<std::unique_ptr<sale::WebhookFeed>> feeds_;
  std::unique_ptr<platform::WebhookEngine> webhooks_;
  bool has_been_busy_ = false;
  bool appending_ = false;
  bool saving_ = false;
  bool reopening_ = false;
  std::vector<Epoch> epochs_ = std::vector<Epoch>(site_.cells());
  Timestamp paused_until_;
  Timestamp next_turn_ = kNever;
  Timestamp next_webhooks_ = kNever;
  bool started_ = false;
  bool stopping_ = false;
  std::vector<uint64_t> seen_versions_;  // of the sales
  std::function<void()> stopped_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace doorbuster::sim
