// Keeps projections in step with the log, on a thread of its own.
//
// A projection is a read model: it hears every event in order, with its sequence number and time, and can be thrown
// away and built anew. The follower starts at the first event, so that a projection needs no storage of its own; until
// it has caught up, caught_up() is false and questions should be answered with "try again".
#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <mutex>
#include <thread>

#include "base/doorbell.h"
#include "log/log.h"
#include "platform/views/trace_index.h"
#include "sale/machine/events.h"

namespace doorbuster::sale {

struct EventPlace {
  Sequence sequence;
  Timestamp at;
  const platform::TraceIndex& causes;
  // Of the request that caused it, where there was one and it is still known.
  [[nodiscard]] std::optional<TraceContext> trace() const { return causes.of(sequence); }
};

// One function a kind of event; what a projection does not care for, it does not override.
class Projection {
 public:
  virtual ~Projection() = default;
  virtual void on(const SaleCreated&, const EventPlace&) {}
  virtual void on(const SaleChanged&, const EventPlace&) {}
  virtual void on(const SaleMoved&, const EventPlace&) {}
  virtual void on(const SaleArchived&, const EventPlace&) {}
  virtual void on(const AllHeld&, const EventPlace&) {}
  virtual void on(const AllSold&, const EventPlace&) {}
  virtual void on(const SaleAnnounced&, const EventPlace&) {}
  virtual void on(const Joined&, const EventPlace&) {}
  virtual void on(const DrawCommitted&, const EventPlace&) {}
  virtual void on(const Enrolled&, const EventPlace&) {}
  virtual void on(const Drawn&, const EventPlace&) {}
  virtual void on(const Offered&, const EventPlace&) {}
  virtual void on(const OfferExtended&, const EventPlace&) {}
  virtual void on(const OfferLapsed&, const EventPlace&) {}
  virtual void on(const EntryLeft&, const EventPlace&) {}
  virtual void on(const EntryRemoved&, const EventPlace&) {}
  virtual void on(const EntryForgotten&, const EventPlace&) {}
  virtual void on(const Held&, const EventPlace&) {}
  virtual void on(const HoldReleased&, const EventPlace&) {}
  virtual void on(const HoldExpired&, const EventPlace&) {}
  virtual void on(const HoldForgotten&, const EventPlace&) {}
  virtual void on(const PaymentStarted&, const EventPlace&) {}
  virtual void on(const PaymentSucceeded&, const EventPlace&) {}
  virtual void on(const PaymentFailed&, const EventPlace&) {}
  virtual void on(const PaymentLate&, const EventPlace&) {}
  virtual void on(const RefundDone&, const EventPlace&) {}
  virtual void on(const BeaconNamed&, const EventPlace&) {}
  virtual void on(const DrawClosed&, const EventPlace&) {}
  virtual void on(const BeaconGiven&, const EventPlace&) {}
  // Once: what was durable at the start has been heard.
  virtual void on_caught_up() {}
};

class Follower {
 public:
  // Projections outlive the follower. `on_trouble` hears of a log that can't be read.
  Follower(log::Log& log, CellId cell, std::vector<Projection*> projections,
           std::function<void(const std::string&)> on_trouble);
  ~Follower() { stop(); }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // `tail` was durable at the start: caught_up() means to have heard it.
  void start(Sequence tail);
  void stop();

  // One round of what the thread does, for whoever drives a follower without one: hears what is durable and new.
  // Returns whether there was anything, and it could be read.
  bool turn();

  // Any thread: the log is durable up to here.
  void note_durable(Sequence tail);

  // Whoever notes that events are durable notes first what caused them.
  [[nodiscard]] platform::TraceIndex& causes() { return causes_; }
  [[nodiscard]] const platform::TraceIndex& causes() const { return causes_; }

  [[nodiscard]] bool caught_up() const { return caught_up_.load(std::memory_order_acquire); }
  [[nodiscard]] Sequence position() const { return Sequence(position_.load(std::memory_order_acquire)); }

  // Runs `ask` while no event is being applied: how other threads look at projections. Keep it short.
  template <class Ask>
  auto look(Ask&& ask) const {
    const std::lock_guard lock(mutex_);
    return ask();
  }

 private:
  void run();
  bool follow(Sequence until);
  void note_caught_up();
  [[nodiscard]] Result<void> apply(const log::Batch& batch);

  log::Log& log_;
  const CellId cell_;
  const std::vector<Projection*> projections_;
  const std::function<void(const std::string&)> on_trouble_;
  platform::TraceIndex causes_;
  std::thread thread_;
  Doorbell bell_;
  mutable std::mutex mutex_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> caught_up_{false};
  Sequence start_tail_{std::numeric_limits<uint64_t>::max()};  // without start(): whatever is durable
  std::atomic<uint64_t> tail_{0};
  std::atomic<uint64_t> position_{0};
};

}  // namespace doorbuster::sale
