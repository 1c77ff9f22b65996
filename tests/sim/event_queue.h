// The simulation's time: what is going to happen, in the order in which it happens. Nothing else makes time pass.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "base/server_clock.h"
#include "base/time.h"

namespace doorbuster::sim {

class EventQueue {
 public:
  using Act = std::function<void()>;

  explicit EventQueue(Timestamp start) : now_(start) {}

  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] uint64_t steps() const { return steps_; }
  [[nodiscard]] size_t size() const { return heap_.size(); }

  // What falls on the same moment happens in the order in which it was put down.
  void at(Timestamp when, Act act) {
    heap_.push_back({std::max(when, now_), numbers_++, std::move(act)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  void in(Duration wait, Act act) { at(now_ + wait, std::move(act)); }

  // Does the next thing; false if there is none.
  bool step() {
    if (heap_.empty()) return false;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Item item = std::move(heap_.back());
    heap_.pop_back();
    now_ = item.when;
    ++steps_;
    item.act();
    return true;
  }

 private:
  struct Item {
    Timestamp when;
    uint64_t number;
    Act act;
  };
  static bool later(const Item& a, const Item& b) { return std::pair(a.when, a.number) > std::pair(b.when, b.number); }

  Timestamp now_;
  uint64_t numbers_ = 0;
  uint64_t steps_ = 0;
  std::vector<Item> heap_;
};

// The clock on the server's wall: usually right, but it can be set, forward and back.
class WallClock final : public Clock {
 public:
  explicit WallClock(const EventQueue& events) : events_(events) {}
  [[nodiscard]] Timestamp now() const override { return events_.now() + wrong_by_; }
  [[nodiscard]] Duration wrong_by() const { return wrong_by_; }
  void set_wrong_by(Duration by) { wrong_by_ = by; }

 private:
  const EventQueue& events_;
  Duration wrong_by_;
};

// What no setting of the clock touches.
class SimulatedSteady final : public SteadySource {
 public:
  explicit SimulatedSteady(const EventQueue& events) : events_(events) {}
  [[nodiscard]] Duration elapsed() const override { return events_.now() - Timestamp(); }

 private:
  const EventQueue& events_;
};

}  // namespace doorbuster::sim
