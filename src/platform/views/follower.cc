#include "platform/views/follower.h"

#include <algorithm>
#include <utility>

#include "base/this_thread.h"
#include "cell/frames.h"

namespace doorbuster::platform {

Follower::Follower(log::Log& log, const std::vector<CellId>& cells, EventAudience& audience, FollowerOptions options)
    : log_(log), audience_(audience), options_(std::move(options)), cells_([&] {
        std::vector<std::unique_ptr<Followed>> followed;
        for (const CellId cell : cells) followed.push_back(std::make_unique<Followed>(cell));
        return followed;
      }()) {}

Follower::Followed& Follower::of(CellId cell) const {
  const auto found = std::ranges::find(cells_, cell, [](const auto& each) { return each->id; });
  ASSERT(found != cells_.end());
  return **found;
}

void Follower::start(const std::vector<Sequence>& tails) {
  restore(tails);
  thread_ = std::thread([this] { run(); });
}

void Follower::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  bell_.ring();
  thread_.join();
  save();
}

void Follower::note_durable(CellId cell, Sequence tail) {
  of(cell).tail.store(tail.value(), std::memory_order_release);
  if (options_.wake) return options_.wake();
  bell_.ring();
}

void Follower::on_heard(CellId cell, std::function<void()> heard) const {
  Followed& followed = of(cell);
  const std::lock_guard lock(followed.listener_mutex);
  followed.listener = std::move(heard);
}

void Follower::tell_listener(Followed& cell) {
  const std::lock_guard lock(cell.listener_mutex);
  if (cell.listener) cell.listener();
}

void Follower::run() {
  begin_thread(options_.name);
  while (!stopping_.load(std::memory_order_acquire)) {
    if (turn(SavePace::kWithRests)) {
      std::this_thread::sleep_for(options_.between_reads);
    } else {
      bell_.wait(kRetry);
    }
  }
}

bool Follower::hear_new(bool& is_behind) {
  bool heard = false;
  for (const auto& cell : cells_) {
    const Sequence tail(cell->tail.load(std::memory_order_acquire));
    if (position(cell->id) < tail && follow(*cell)) {
      heard = true;
      tell_listener(*cell);
    }
    is_behind = is_behind || position(cell->id) < std::min(tail, cell->start_tail);
  }
  return heard;
}

bool Follower::turn(SavePace pace) {
  bool is_behind = false;
  const bool heard = hear_new(is_behind);
  if (!caught_up() && !is_behind) note_caught_up();
  if (heard_since_save_ >= options_.events_a_save) save(pace);
  return heard;
}

void Follower::note_caught_up() {
  audience_.tidy();
  const std::lock_guard lock(mutex_);
  audience_.on_caught_up();
  caught_up_.store(true, std::memory_order_release);
}

// Reads what is new up to the tail; false if the log could not be read.
bool Follower::follow(Followed& cell) {
  const Sequence until(cell.tail.load(std::memory_order_acquire));
  Result<void> applied;
  const auto read = log_.read(cell.id, position(cell.id) + 1, [&](const log::Batch& batch) {
    if (batch.first > until) return false;
    applied = apply(cell, batch);
    audience_.tidy();
    return applied.has_value() && !stopping_.load(std::memory_order_acquire);
  });
  if (read && applied) return true;
  options_.on_trouble("the views can't follow the log: " + (read ? applied : read).error().message);
  return false;
}

Result<void> Follower::apply(Followed& cell, const log::Batch& batch) {
  const std::lock_guard lock(mutex_);
  Sequence next = batch.first;
  TRY(cell::for_each_frame(batch.payload, [&](Timestamp at, uint32_t, Bytes events) -> Result<void> {
    const auto heard = audience_.hear(events, {.cell = cell.id, .sequence = next, .at = at, .traces = cell.traces});
    if (!heard) return tl::unexpected(heard.error());
    next = next + *heard;
    return {};
  }));
  heard_since_save_ += batch.count;
  cell.position.store(next.value() - 1, std::memory_order_release);
  return {};
}

}  // namespace doorbuster::platform
