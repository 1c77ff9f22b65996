// Keeps a view in step with what other services tell: reads their deliveries (webhooks/delivery.h) one after another
// and tells them to an audience. This is how a service knows another one: by its events, in the words of its API.
//
// What the audience knows is saved together with how far each source was read, at the end and after so many deliveries.
// A start goes on from there; without a saved state, or with one that can't be used, it reads everything from the
// beginning. While the audience listens to nothing, what is told is passed over unread: it costs a look at a number.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/doorbell.h"
#include "platform/views/state_store.h"
#include "platform/webhooks/delivery.h"

namespace doorbuster::platform {

// Who hears. All calls but listens() come from the follower's thread.
class DeliveryAudience {
 public:
  virtual ~DeliveryAudience() = default;

  // Whether anything that is told from now on may matter. Any thread.
  [[nodiscard]] virtual bool listens() const = 0;
  virtual void hear(const Delivery& delivery) = 0;
  // Behind some that were told one after another: for what is better done of several at once.
  virtual void end_turn() {}

  // The format of what save() writes, as a short text: another one is not loaded.
  [[nodiscard]] virtual std::string state_format() const = 0;
  [[nodiscard]] virtual Result<void> save(StateWriter& out) const = 0;
  // Into an audience that has heard nothing. After an error clear() is called.
  [[nodiscard]] virtual Result<void> load(StateReader& in) = 0;
  // Forgets all that it has heard.
  virtual void clear() = 0;
};

class DeliveryFollower {
 public:
  struct Options {
    StateStore* store = nullptr;  // null: nothing is saved, and every start reads from the beginning
    std::string name;             // of the state in the store, and of the thread
    uint64_t deliveries_a_save = 1'000'000;
    std::function<void(const std::string&)> on_trouble;
  };

  // Audience and store outlive it.
  DeliveryFollower(DeliveryAudience& audience, Options options) : audience_(audience), options_(std::move(options)) {}
  ~DeliveryFollower() { stop(); }
  DeliveryFollower(const DeliveryFollower&) = delete;
  DeliveryFollower& operator=(const DeliveryFollower&) = delete;

  void start(std::vector<std::unique_ptr<DeliverySource>> sources);
  // Ends the thread, saves, and lets go of the sources.
  void stop();

  // Whether it has read what was there when it was started. Any thread.
  [[nodiscard]] bool caught_up() const { return caught_up_.load(std::memory_order_acquire); }
  // Deliveries that are told and not read yet are among so many events. Any thread, between start() and stop().
  [[nodiscard]] uint64_t events_behind() const { return events_behind_.load(std::memory_order_relaxed); }

  // Runs `ask` while nothing is being told: how other threads look at what the audience knows. Keep it short.
  template <class Ask>
  auto look(Ask&& ask) const {
    const std::lock_guard lock(mutex_);
    return ask();
  }

 private:
  struct Followed {
    std::unique_ptr<DeliverySource> source;
    uint64_t read = 0;  // up to here
  };

  void run();
  bool turn(Followed& followed);
  void restore();
  [[nodiscard]] Result<void> load(StateReader& in);
  void save();
  [[nodiscard]] Result<void> try_save();

  DeliveryAudience& audience_;
  const Options options_;
  std::vector<Followed> followed_;
  std::vector<std::shared_ptr<const Delivery>> told_;  // in this turn
  std::thread thread_;
  Doorbell bell_;
  mutable std::mutex mutex_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> caught_up_{false};
  std::atomic<uint64_t> events_behind_{0};
  uint64_t heard_since_save_ = 0;
  bool is_changed_ = false;  // since it was saved
};

}  // namespace doorbuster::platform
