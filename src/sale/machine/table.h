// A table of records of one size, found by their slot: it grows by segments, and a snapshot of it is written segment by
// segment while it goes on changing.
//
// Its records are constant but for mutate(), which keeps what a snapshot still needs of a segment before it gives a
// reference that can be written to. So nothing can change a record behind a snapshot's back.
#pragma once

#include "base/segmented_array.h"
#include "sale/machine/snapshot_pieces.h"

namespace doorbuster::sale {

// Records of a segment: 72 KiB of holds, kept in about 20 microseconds when a snapshot needs that.
inline constexpr uint32_t kSegmentRecords = 1'024;

constexpr uint32_t segments_of(uint32_t records) {
  return records / kSegmentRecords + (records % kSegmentRecords != 0);
}

template <class Record>
class Table {
 public:
  // `write` appends the bytes of a segment, with all that goes with its records.
  Table(uint32_t capacity, SnapshotPieces::Write write) : records_(capacity), pieces_(std::move(write)) {}

  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(records_.size()); }

  const Record& operator[](uint32_t slot) const { return records_[slot]; }

  Record& mutate(uint32_t slot) {
    pieces_.before_change(slot / kSegmentRecords);
    return records_[slot];
  }

  // New records are behind what a snapshot that is under way consists of.
  void grow() { records_.grow(); }
  void grow_to(uint32_t size) { records_.grow_to(size); }

  void begin_snapshot() { pieces_.begin(segments_of(size())); }
  [[nodiscard]] SnapshotPieces& pieces() { return pieces_; }

 private:
  SegmentedArray<Record, kSegmentRecords> records_;
  SnapshotPieces pieces_;
};

}  // namespace doorbuster::sale
