// Strong types for ids, counts and sequence numbers: two of them are never mixed up by accident.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace doorbuster {

template <class Tag, class Rep>
class Strong {
 public:
  using rep = Rep;
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(value) {}
  [[nodiscard]] constexpr Rep value() const { return value_; }
  constexpr auto operator<=>(const Strong&) const = default;
  constexpr Strong& operator++() {
    ++value_;
    return *this;
  }

 private:
  Rep value_{};
};

// The place of an event in a cell's log: 1 is the first event, 0 means "before all of them".
using Sequence = Strong<struct SequenceTag, uint64_t>;

// A number that only grows with every owner of a cell's log; a writer with an older one is fenced.
using Epoch = Strong<struct EpochTag, uint64_t>;

// Which cell (single writer, one log) of a server; 0 where there is only one.
using CellId = Strong<struct CellIdTag, uint32_t>;

constexpr Sequence operator+(Sequence sequence, uint64_t events) { return Sequence(sequence.value() + events); }

}  // namespace doorbuster

template <class Tag, class Rep>
struct std::hash<doorbuster::Strong<Tag, Rep>> {
  size_t operator()(const doorbuster::Strong<Tag, Rep>& strong) const noexcept {
    return std::hash<Rep>{}(strong.value());
  }
};
