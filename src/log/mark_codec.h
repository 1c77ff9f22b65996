// The stored form of a high-water mark, version 1: 72 bytes that say how far a cell's log was durable at least, and who
// owned it. It is kept apart from the batches, so that a store which lost the end of its log is found out.
// docs/formats/log.md has the bytes.
#pragma once

#include <string>
#include <vector>

#include "log/log.h"

namespace doorbuster::log {

inline constexpr uint16_t kMarkVersion = 1;
inline constexpr size_t kMarkBytes = 72;

struct Mark {
  CellId cell;
  Epoch epoch;
  Sequence tail;  // of a durable batch's last event
  Digest chain;   // of that batch
};

[[nodiscard]] std::array<std::byte, kMarkBytes> encode_mark(const Mark& mark);

// Nothing if these are not exactly the bytes of a whole mark of this cell: a torn mark is ordinary, another copy is
// then used.
[[nodiscard]] std::optional<Mark> decode_mark(CellId cell, Bytes bytes);

// Whether `a` was written after `b`.
[[nodiscard]] constexpr bool newer(const Mark& a, const Mark& b) {
  return a.epoch != b.epoch ? a.epoch > b.epoch : a.tail > b.tail;
}

// "cell 0: the log ends with event 4, but event 6 had been made durable: at least 2 acknowledged events are missing"
[[nodiscard]] std::string describe_loss(const Mark& mark, Sequence tail);

// The error for a log that ends before its mark; `advice` is the sentence that says what to do.
[[nodiscard]] tl::unexpected<Error> lost_tail(const Mark& mark, Sequence tail, const std::string& advice);

}  // namespace doorbuster::log
