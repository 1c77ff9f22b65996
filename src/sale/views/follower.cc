#include "sale/views/follower.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "cell/frames.h"

namespace doorbuster::sale {

Follower::Follower(log::Log& log, CellId cell, std::vector<Projection*> projections,
                   std::function<void(const std::string&)> on_trouble)
    : log_(log), cell_(cell), projections_(std::move(projections)), on_trouble_(std::move(on_trouble)) {}

void Follower::start(Sequence tail) {
  start_tail_ = tail;
  tail_.store(tail.value(), std::memory_order_release);
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "views");
}

void Follower::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  bell_.ring();
  thread_.join();
}

void Follower::note_durable(Sequence tail) {
  tail_.store(tail.value(), std::memory_order_release);
  bell_.ring();
}

void Follower::run() {
  constexpr auto kRetry = std::chrono::seconds(1);
  // Batches come thousands of times a second; to open the store for each would cost as much as to write it.
  constexpr auto kBetweenReads = std::chrono::milliseconds(10);
  while (!stopping_.load(std::memory_order_acquire)) {
    if (turn()) {
      std::this_thread::sleep_for(kBetweenReads);
    } else {
      bell_.wait(kRetry);
    }
  }
}

bool Follower::turn() {
  const Sequence tail(tail_.load(std::memory_order_acquire));
  const bool heard = position() < tail && follow(tail);
  if (!caught_up() && position() >= std::min(tail, start_tail_)) note_caught_up();
  return heard;
}

void Follower::note_caught_up() {
  const std::lock_guard lock(mutex_);
  for (Projection* projection : projections_) projection->on_caught_up();
  caught_up_.store(true, std::memory_order_release);
}

// Reads what is new up to there; false if the log could not be read.
bool Follower::follow(Sequence until) {
  Result<void> applied;
  const auto read = log_.read(cell_, position() + 1, [&](const log::Batch& batch) {
    if (batch.first > until) return false;
    applied = apply(batch);
    return applied.has_value() && !stopping_.load(std::memory_order_acquire);
  });
  if (read && applied) return true;
  on_trouble_("the views can't follow the log: " + (read ? applied : read).error().message);
  return false;
}

Result<void> Follower::apply(const log::Batch& batch) {
  const std::lock_guard lock(mutex_);
  uint64_t sequence = batch.first.value();
  TRY(cell::for_each_frame(batch.payload, [&](Timestamp at, uint32_t, Bytes events) {
    const auto hear = [&](const auto& event) {
      const EventPlace place{Sequence(sequence++), at, causes_};
      for (Projection* projection : projections_) projection->on(event, place);
    };
    return for_each_known_event(events, hear, [&](uint8_t) { ++sequence; });
  }));
  position_.store(sequence - 1, std::memory_order_release);
  return {};
}

}  // namespace doorbuster::sale
