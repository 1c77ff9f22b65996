// What a cell puts into a batch of the log: one or more frames, each the events that were decided at one time.
//
//   frame: time, 8 bytes (microseconds since 1970) | number of events, 4 bytes | bytes of events, 4 bytes | the events
//
// While a batch is being made durable the next one fills, turn by turn; every turn is a frame of its own, so that a
// replay applies each event at exactly the time at which it was decided (docs/formats/sale-events.md).
#pragma once

#include <cstring>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::cell {

class FrameWriter {
 public:
  explicit FrameWriter(std::vector<std::byte>& payload) : payload_(payload) {}

  // Between begin and end the events are appended to the payload.
  void begin(Timestamp at) {
    start_ = payload_.size();
    ByteWriter header(payload_);
    header.integer(at.micros());
    header.integer(uint32_t{0});
    header.integer(uint32_t{0});
  }

  // A frame in which nothing happened leaves no trace.
  void end(uint32_t count) {
    if (count == 0) return payload_.resize(start_);
    const auto size = static_cast<uint32_t>(payload_.size() - start_ - kHeaderSize);
    std::memcpy(payload_.data() + start_ + 8, &count, sizeof count);
    std::memcpy(payload_.data() + start_ + 12, &size, sizeof size);
  }

 private:
  static constexpr size_t kHeaderSize = 16;
  std::vector<std::byte>& payload_;
  size_t start_ = 0;
};

// Calls visit(Timestamp at, uint32_t count, Bytes events) -> Result<void> for each frame of a batch's payload.
template <class Visit>
[[nodiscard]] Result<void> for_each_frame(Bytes payload, Visit&& visit) {
  ByteReader reader(payload);
  while (reader.left() > 0) {
    const auto at = Timestamp::from_micros(reader.integer<int64_t>());
    const auto count = reader.integer<uint32_t>();
    const auto size = reader.integer<uint32_t>();
    const Bytes events = reader.raw(size);
    if (!reader.ok()) return fail(ErrorCode::kCorrupt, "a batch of the log ends in the middle of a frame");
    TRY(visit(at, count, events));
  }
  return {};
}

}  // namespace doorbuster::cell
