// Who is known: users, or sessions. Each has a number as long as anything is kept of them; there are only so many, and
// who was seen least recently makes room.
#pragma once

#include <optional>
#include <vector>

#include "base/flat_index.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {

class VisitorTable {
 public:
  struct Entry {
    NameHash hash;
    uint32_t earlier = kNobody;  // seen before, and after
    uint32_t later = kNobody;
    bool is_used = false;
  };

  explicit VisitorTable(size_t capacity) : capacity_(capacity), index_(kNumbersMax) {}

  [[nodiscard]] std::optional<uint32_t> find(const NameHash& hash) const {
    return index_.find(hash.low, [&](uint32_t slot) { return entries_[slot].hash == hash; });
  }
  [[nodiscard]] bool is_full() const { return index_.size() >= capacity_; }
  [[nodiscard]] size_t size() const { return index_.size(); }
  [[nodiscard]] uint32_t oldest() const { return oldest_; }
  [[nodiscard]] bool knows(uint32_t number) const { return number < entries_.size() && entries_[number].is_used; }
  void prefetch(const NameHash& hash) const { index_.prefetch(hash.low); }

  // The number that somebody new is to be given: there is room.
  [[nodiscard]] uint32_t next() const { return free_.empty() ? static_cast<uint32_t>(entries_.size()) : free_.back(); }
  // Gives it. A log that was written under a higher limit may hold more than there may be.
  void add(uint32_t number, const NameHash& hash) {
    ASSERT(!knows(number));
    if (number >= entries_.size()) {
      entries_.resize(size_t{number} + 1);
    } else if (!is_loading_) {
      ASSERT(!free_.empty() && free_.back() == number);
      free_.pop_back();
    }
    entries_[number] = {.hash = hash, .is_used = true};
    index_.insert(hash.low, number);
    append(number);
  }
  // They were seen just now.
  void touch(uint32_t number) {
    if (number == newest_) return;
    unlink(number);
    append(number);
  }
  void remove(uint32_t number) {
    ASSERT(knows(number));
    unlink(number);
    index_.erase(entries_[number].hash.low, number);
    entries_[number] = {};
    free_.push_back(number);
  }

  // From the least recently seen on.
  struct Known {
    uint32_t number = 0;
    NameHash hash;
  };
  [[nodiscard]] std::vector<Known> in_order() const {
    std::vector<Known> known;
    known.reserve(size());
    for (uint32_t each = oldest_; each != kNobody; each = entries_[each].later)
      known.push_back({each, entries_[each].hash});
    return known;
  }
  // What is given next depends on them, too.
  [[nodiscard]] const std::vector<uint32_t>& free_numbers() const { return free_; }
  // Between begin_load() and this, numbers come in any order.
  void begin_load() { is_loading_ = true; }
  void finish_load(std::vector<uint32_t> free_numbers) {
    free_ = std::move(free_numbers);
    is_loading_ = false;
  }

 private:
  void append(uint32_t number) {
    Entry& entry = entries_[number];
    entry.earlier = newest_;
    entry.later = kNobody;
    (newest_ == kNobody ? oldest_ : entries_[newest_].later) = number;
    newest_ = number;
  }
  void unlink(uint32_t number) {
    const Entry& entry = entries_[number];
    (entry.earlier == kNobody ? oldest_ : entries_[entry.earlier].later) = entry.later;
    (entry.later == kNobody ? newest_ : entries_[entry.later].earlier) = entry.earlier;
  }

  const size_t capacity_;
  FlatIndex index_;
  std::vector<Entry> entries_;  // by number
  std::vector<uint32_t> free_;  // the last is given next
  uint32_t oldest_ = kNobody;
  uint32_t newest_ = kNobody;
  bool is_loading_ = false;
};

}  // namespace doorbuster::recs
