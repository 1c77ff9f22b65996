// The stored form of a snapshot, version 2: a header, parts, an end. docs/formats/log.md has the bytes.
//
// Each part carries a CRC-32C that continues the one before it, so that damage, a lost, a doubled or a moved part shows
// at the part; the end carries their count and a SHA-256 chain over all of them, so that a torn file shows. Nothing
// here holds more than one part.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "log/log.h"

namespace doorbuster::log {

inline constexpr std::string_view kSnapshotLetters = "DBLS";  // every version begins so
inline constexpr uint16_t kSnapshotVersion = 2;
inline constexpr size_t kSnapshotHeaderBytes = 84;
inline constexpr size_t kSnapshotEndBytes = 48;

// Makes the bytes of one snapshot: header(), part() for each, end(), in this order. What is returned is valid until the
// next call.
class SnapshotEncoder {
 public:
  [[nodiscard]] Bytes header(CellId cell, const SnapshotHead& head);
  [[nodiscard]] Bytes part(Bytes state);
  [[nodiscard]] Bytes end();

 private:
  Bytes seal_piece();

  std::vector<std::byte> piece_;
  uint32_t crc_ = 0;
  Digest chain_{};
  uint64_t parts_ = 0;
};

// Bytes at rest, read at any place: a file, or a copy in memory.
class StoredBytes {
 public:
  virtual ~StoredBytes() = default;
  // Fills `out` from `offset` on and returns how many bytes there were; fewer only at the end.
  [[nodiscard]] virtual Result<size_t> read_at(uint64_t offset, std::span<std::byte> out) = 0;
};

// Reads any version; what version 1 did not say is kKindBeforeKinds and 0. The head is believed only if its checksum is
// right and it is of this cell. kCorrupt or kInvalid (a version of later) say what is wrong.
[[nodiscard]] Result<std::unique_ptr<SnapshotReader>> decode_snapshot(CellId cell, std::unique_ptr<StoredBytes> stored);

// "the snapshot WHAT"
[[nodiscard]] tl::unexpected<Error> wrong_snapshot(ErrorCode code, const std::string& what);

// "cell 0: WHY; it was set aside as PLACE, and the log is replayed from its first event"
[[nodiscard]] std::string describe_set_aside(CellId cell, std::string_view why, const std::string& place);

}  // namespace doorbuster::log
