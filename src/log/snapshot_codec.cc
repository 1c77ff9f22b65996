#include "log/snapshot_codec.h"

#include <algorithm>
#include <string>

#include "base/crc32c.h"

namespace doorbuster::log {
namespace {

constexpr std::string_view kSnapshotMagic = "DBLS";

tl::unexpected<Error> damaged(CellId cell, ErrorCode code, const std::string& what) {
  return fail(code, "cell " + std::to_string(cell.value()) + ": the snapshot " + what +
                        ". Move it away and start again: the log alone gives the same state, only more slowly.");
}

uint32_t crc_of(Bytes bytes) { return crc32c(bytes.first(bytes.size() - kSnapshotTrailerBytes)); }

struct Header {
  CellId cell;
  Snapshot snapshot;
  uint64_t length = 0;
};

Header read_header(ByteReader& reader) {
  Header header;
  header.cell = CellId(reader.integer<uint32_t>());
  header.snapshot.at = Sequence(reader.integer<uint64_t>());
  header.snapshot.time = Timestamp::from_micros(reader.integer<int64_t>());
  std::ranges::copy(reader.raw(sizeof(Digest)), header.snapshot.chain.begin());
  header.length = reader.integer<uint64_t>();
  return header;
}

}  // namespace

SnapshotHeader encode_snapshot_header(CellId cell, const Snapshot& snapshot) {
  ASSERT(snapshot.state.size() <= kSnapshotBytesMax);
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.raw(as_bytes(kSnapshotMagic));
  writer.integer(kSnapshotVersion);
  writer.integer(uint16_t{0});
  writer.integer(cell.value());
  writer.integer(snapshot.at.value());
  writer.integer(snapshot.time.micros());
  writer.raw(snapshot.chain);
  writer.integer(uint64_t{snapshot.state.size()});
  writer.integer(uint32_t{0});
  ASSERT(bytes.size() == kSnapshotHeaderBytes);
  SnapshotHeader header{};
  std::ranges::copy(bytes, header.begin());
  return header;
}

SnapshotTrailer encode_snapshot_trailer(const SnapshotHeader& header, Bytes state) {
  return std::bit_cast<SnapshotTrailer>(crc32c(state, crc32c(header)));
}

Result<Snapshot> decode_snapshot(CellId cell, Bytes bytes) {
  const auto wrong = [&](const std::string& what) { return damaged(cell, ErrorCode::kCorrupt, what); };
  if (bytes.size() < kSnapshotHeaderBytes + kSnapshotTrailerBytes) return wrong("is shorter than any can be");
  ByteReader reader(bytes);
  if (as_text(reader.raw(kSnapshotMagic.size())) != kSnapshotMagic) return wrong("does not begin as one does");
  ByteReader trailer(bytes.last(kSnapshotTrailerBytes));
  if (trailer.integer<uint32_t>() != crc_of(bytes)) return wrong("has a checksum that does not match its bytes");
  const auto version = reader.integer<uint16_t>();
  if (version != kSnapshotVersion) {
    return damaged(cell, ErrorCode::kInvalid,
                   "has format version " + std::to_string(version) + ", not " + std::to_string(kSnapshotVersion));
  }
  const bool reserved_zero = reader.integer<uint16_t>() == 0;
  Header header = read_header(reader);
  if (!reserved_zero || reader.integer<uint32_t>() != 0) return wrong("has reserved bytes that are not zero");
  if (header.cell != cell) return wrong("belongs to cell " + std::to_string(header.cell.value()));
  if (header.length > kSnapshotBytesMax || header.length + kSnapshotTrailerBytes != reader.left()) {
    return wrong("is not as long as its header says");
  }
  const Bytes state = reader.raw(header.length);
  header.snapshot.state.assign(state.begin(), state.end());
  return std::move(header.snapshot);
}

}  // namespace doorbuster::log
