// Which events of a log are dealt with: all up to a position, and whole ranges above it.
//
// What is dealt with in another order than that of the log costs a range, and ranges that touch become one; so they are
// never more than the gaps between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace doorbuster::platform {

struct SequenceRange {
  uint64_t first = 0;
  uint64_t last = 0;
  bool operator==(const SequenceRange&) const = default;
};

class SequenceRanges {
 public:
  // Ranges that lie below the position, or touch, are merged.
  explicit SequenceRanges(uint64_t position, const std::vector<SequenceRange>& above = {});

  // Everything up to here is dealt with, and the next one is not.
  [[nodiscard]] uint64_t position() const { return position_; }
  [[nodiscard]] bool contains(uint64_t sequence) const;
  // The ranges above the position, ascending, the lowest `count_max` of them.
  [[nodiscard]] std::vector<SequenceRange> above(size_t count_max) const;
  [[nodiscard]] size_t size() const { return above_.size(); }

  void add(SequenceRange range);

 private:
  uint64_t position_;
  std::map<uint64_t, uint64_t> above_;  // first -> last; neither touching each other nor the position
};

}  // namespace doorbuster::platform
