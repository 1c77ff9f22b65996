// Deadlines for a bounded set of timers: a hierarchical timing wheel (Varghese and Lauck, SOSP 1987, scheme 7), four
// wheels of 256 slots with a tick of a millisecond. Arming, disarming and firing are O(1); deadlines beyond 49 days
// wait in the outermost slot and are sorted in again when it comes round.
//
// A timer never fires early. It fires in the first advance() at or after its deadline, rounded up to the next
// millisecond. Within one advance timers fire in the order of their ticks.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/sparse_array.h"
#include "base/time.h"

namespace doorbuster {

class TimerWheel {
 public:
  using Timer = uint32_t;

  // Timers are numbered 0 .. capacity - 1 by their owner; all are disarmed at first. Memory follows those that are ever
  // armed.
  explicit TimerWheel(size_t capacity) : nodes_(capacity) {
    ASSERT(capacity < kHeadBit - 1);
    for (auto& wheel : heads_) wheel.fill(kNone);
  }

  // Says what time it is, once, before the first timer is armed: nothing fires for what lies before.
  void start(Timestamp now) {
    ASSERT(armed_ == 0);
    current_ = now.micros() / kTickMicros;
  }

  // Sets or moves a deadline.
  void arm(Timer timer, Timestamp deadline) {
    disarm(timer);
    nodes_[timer].tick = tick_at_or_after(deadline);
    link(timer);
    ++armed_;
  }

  void disarm(Timer timer) {
    if (!armed(timer)) return;
    unlink(timer);
    --armed_;
  }

  [[nodiscard]] bool armed(Timer timer) const {
    const Node* node = nodes_.find(timer);
    return node != nullptr && node->armed();
  }
  [[nodiscard]] size_t armed_count() const { return armed_; }

  // Fires timers that are due at `now`, at most `limit`; each is disarmed before fire(timer) is called, which may arm
  // it, or any other, again. Returns false if the limit stopped it and more are due.
  template <class Fire>
  bool advance(Timestamp now, size_t limit, Fire&& fire) {
    const int64_t target = now.micros() / kTickMicros;
    while (current_ <= target) {
      auto& head = heads_[0][index(current_, 0)];
      while (head != kNone) {
        if (limit-- == 0) return false;
        const Timer timer = head;
        disarm(timer);
        fire(timer);
      }
      current_ = std::min(next_stop(), target + 1);
      cascade();
    }
    return true;
  }

  // Within advance(): what the clock shows when the timers that fire are due, their deadline or the end of the
  // millisecond it lies in, unless that had passed before they were armed.
  [[nodiscard]] Timestamp reached() const { return Timestamp::from_micros(current_ * kTickMicros); }

  // No timer is due before this moment; it is exact for the next quarter of a second, and early beyond, never late.
  [[nodiscard]] Timestamp next_deadline_hint() const {
    if (armed_ == 0) return Timestamp::from_micros(INT64_MAX);
    int64_t tick = linked_[0] > 0 ? current_ : next_stop();
    while (linked_[0] > 0 && heads_[0][index(tick, 0)] == kNone) ++tick;
    return Timestamp::from_micros(tick * kTickMicros);
  }

 private:
  static constexpr int64_t kTickMicros = 1'000;
  static constexpr int kBits = 8;
  static constexpr int64_t kSlots = 1 << kBits;
  static constexpr int kWheels = 4;
  static constexpr int64_t kHorizon = int64_t{1} << (kBits * kWheels);
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Node {
    int64_t tick;            // when it is due
    uint32_t next_plus_one;  // 0: last of its slot
    uint32_t prev;           // a timer, or kHeadBit | wheel | slot for the first of its slot; 0 when disarmed
    [[nodiscard]] bool armed() const { return prev != 0; }
  };
  static constexpr uint32_t kHeadBit = 0x8000'0000;

  static int64_t tick_at_or_after(Timestamp at) {
    return at.micros() / kTickMicros + (at.micros() % kTickMicros > 0 ? 1 : 0);
  }
  static size_t index(int64_t tick, int wheel) { return static_cast<size_t>((tick >> (kBits * wheel)) & (kSlots - 1)); }

  // The wheel in which a timer that is due at `tick` lies: the innermost that does not have to come round for it.
  [[nodiscard]] size_t wheel_of(int64_t tick) const {
    size_t wheel = 0;
    const int64_t distance_in_bits = std::max(tick, current_) ^ current_;
    while (wheel < kWheels - 1 && (distance_in_bits >> (kBits * (wheel + 1))) != 0) ++wheel;
    return wheel;
  }

  // The next tick at which a timer may fire or has to be sorted in again: empty inner wheels are skipped as a whole, so
  // that a jump of the clock by days costs no more than one by seconds.
  [[nodiscard]] int64_t next_stop() const {
    int wheel = 0;
    while (wheel < kWheels - 1 && linked_[static_cast<size_t>(wheel)] == 0) ++wheel;
    return (current_ | ((int64_t{1} << (kBits * wheel)) - 1)) + 1;
  }

  void link(Timer timer) {
    Node& node = nodes_[timer];
    // A deadline that has passed already goes into the slot that is looked at next.
    const int64_t tick = std::clamp(node.tick, current_, current_ + kHorizon - 1);
    const size_t wheel = wheel_of(node.tick);
    const size_t slot = index(tick, static_cast<int>(wheel));
    uint32_t& head = heads_[wheel][slot];
    ++linked_[wheel];
    node.next_plus_one = head == kNone ? 0 : head + 1;
    if (head != kNone) nodes_[head].prev = timer + 1;
    node.prev = kHeadBit | static_cast<uint32_t>(wheel) << kBits | static_cast<uint32_t>(slot);
    head = timer;
  }

  void unlink(Timer timer) {
    Node& node = nodes_[timer];
    --linked_[wheel_of(node.tick)];
    if ((node.prev & kHeadBit) != 0) {
      heads_[(node.prev >> kBits) & (kWheels - 1)][node.prev & (kSlots - 1)] =
          node.next_plus_one == 0 ? kNone : node.next_plus_one - 1;
    } else {
      nodes_[node.prev - 1].next_plus_one = node.next_plus_one;
    }
    if (node.next_plus_one != 0) nodes_[node.next_plus_one - 1].prev = node.prev;
    node.prev = 0;
  }

  // Where an inner wheel has come round, the next slot of the one around it is spread over it.
  void cascade() {
    for (int wheel = 1; wheel < kWheels && index(current_, wheel - 1) == 0; ++wheel) {
      uint32_t timer = heads_[static_cast<size_t>(wheel)][index(current_, wheel)];
      heads_[static_cast<size_t>(wheel)][index(current_, wheel)] = kNone;
      while (timer != kNone) {
        const uint32_t next_plus_one = nodes_[timer].next_plus_one;
        --linked_[static_cast<size_t>(wheel)];
        link(timer);
        timer = next_plus_one == 0 ? kNone : next_plus_one - 1;
      }
    }
  }

  static constexpr size_t kSegment = size_t{1} << 16;  // a mebibyte of addresses
  SparseArray<Node, kSegment> nodes_;
  std::array<std::array<uint32_t, kSlots>, kWheels> heads_;
  std::array<size_t, kWheels> linked_{};  // timers in each wheel
  int64_t current_ = 0;                   // the next tick to fire
  size_t armed_ = 0;
};

}  // namespace doorbuster
