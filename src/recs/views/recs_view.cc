#include "recs/views/recs_view.h"

namespace doorbuster::recs {
namespace {

constexpr uint64_t kEventsAtOnce = 64;

}  // namespace

Result<uint64_t> RecsView::hear(Bytes events, const platform::EventPlace& first) {
  uint64_t told = 0;
  std::unique_lock<std::shared_mutex> lock;
  const uint64_t count = TRY(for_each_event(events, first.at, [&](const Event& event) {
    if (told++ % kEventsAtOnce == 0) {
      lock = {};
      const std::lock_guard turn(turn_);
      lock = std::unique_lock(mutex_);
    }
    if (std::holds_alternative<Interaction>(event)) interactions_heard_.fetch_add(1, std::memory_order_relaxed);
    tables_.note(event, first.at);
    if (std::holds_alternative<ItemPut>(event)) has_catalogue_.store(true, std::memory_order_release);
  }));
  heard_at_.store(first.at.micros(), std::memory_order_relaxed);
  return count;
}

// What it replaces goes with `model`, when nobody waits any more.
void RecsView::serve(std::shared_ptr<const LearntModel> model) {
  const std::lock_guard turn(turn_);
  const std::unique_lock lock(mutex_);
  tables_.serve(model);
}

// Nobody is answered before.
void RecsView::on_caught_up() {
  const std::lock_guard turn(turn_);
  const std::unique_lock lock(mutex_);
  tables_.count_all();
}

Result<void> RecsView::load(platform::StateReader& in) {
  const std::lock_guard turn(turn_);
  const std::unique_lock lock(mutex_);
  TRY(tables_.load(in));
  has_catalogue_.store(tables_.catalogue().has_put(), std::memory_order_release);
  return {};
}

void RecsView::clear() {
  const std::lock_guard turn(turn_);
  const std::unique_lock lock(mutex_);
  tables_.clear();
  has_catalogue_.store(false, std::memory_order_release);
}

}  // namespace doorbuster::recs
