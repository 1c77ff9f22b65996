// What one visitor did lately: so many of their newest interactions, in the order of their times. All that is counted
// of items is counted of these, so that who is forgotten leaves nothing behind.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {

struct Touch {
  Timestamp at;
  uint32_t item = 0;
  uint32_t by = kNobody;  // of a session's: the user whose it is, and in whose history it counts
  uint32_t quantity = 1;
  int64_t value_thousandths = 0;
  EventKind kind = EventKind::kView;
  bool operator==(const Touch&) const = default;
};

class History {
 public:
  [[nodiscard]] const std::vector<Touch>& touches() const { return touches_; }  // the oldest first
  [[nodiscard]] bool empty() const { return touches_.empty(); }
  [[nodiscard]] bool has(uint32_t item, EventKind kind) const;
  [[nodiscard]] bool has(uint32_t item) const;

  void add(const Touch& touch);
  // Which one has to go if there may be only so many: purchases stay the longest.
  [[nodiscard]] std::optional<size_t> one_too_many(size_t most) const;
  // The newest purchase of an item.
  [[nodiscard]] std::optional<size_t> purchase_of(uint32_t item) const;
  Touch remove(size_t index);

  bool operator==(const History&) const = default;

 private:
  std::vector<Touch> touches_;
};

}  // namespace doorbuster::recs
