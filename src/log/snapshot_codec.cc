#include "log/snapshot_codec.h"

#include <algorithm>
#include <string>

#include "base/crc32c.h"
#include "log/snapshot_v1.h"

namespace doorbuster::log {
namespace {

constexpr size_t kLengthBytes = 4;
constexpr size_t kCrcBytes = 4;

uint32_t last_integer(Bytes bytes) { return ByteReader(bytes.last(kCrcBytes)).integer<uint32_t>(); }

class ReaderOfParts final : public SnapshotReader {
 public:
  ReaderOfParts(std::unique_ptr<StoredBytes> stored, const SnapshotHead& head, Bytes header)
      : stored_(std::move(stored)),
        head_(head),
        crc_(last_integer(header)),
        chain_(sha256(header)),
        offset_(header.size()) {}

  const SnapshotHead& head() const override { return head_; }

  Result<bool> next(std::vector<std::byte>& part) override {
    TRY(read_piece(kLengthBytes));
    const auto length = ByteReader(piece_).integer<uint32_t>();
    if (length == 0) return finish();
    if (length > kSnapshotPartBytesMax) return damaged("has a part that is longer than any");
    TRY(read_piece(kLengthBytes + length + kCrcBytes));
    const Bytes covered = Bytes(piece_).first(kLengthBytes + length);
    crc_ = crc32c(covered, crc_);
    if (last_integer(piece_) != crc_) return damaged("has a part that is not what was written");
    chain_ = sha256(chain_, piece_);
    offset_ += piece_.size();
    ++parts_;
    part.assign(covered.begin() + kLengthBytes, covered.end());
    return true;
  }

 private:
  [[nodiscard]] static tl::unexpected<Error> damaged(const std::string& what) {
    return wrong_snapshot(ErrorCode::kCorrupt, what);
  }

  // The piece stays where it is until the offset moves.
  Result<void> read_piece(size_t bytes) {
    piece_.resize(bytes);
    if (TRY(stored_->read_at(offset_, piece_)) != bytes) return damaged("ends too early");
    return {};
  }

  Result<bool> finish() {
    TRY(read_piece(kSnapshotEndBytes));
    ByteReader reader(piece_);
    (void)reader.integer<uint32_t>();
    const bool all_there = reader.integer<uint64_t>() == parts_;
    const bool in_order = std::ranges::equal(reader.raw(sizeof chain_), chain_);
    const bool intact = last_integer(piece_) == crc32c(Bytes(piece_).first(kSnapshotEndBytes - kCrcBytes), crc_);
    if (!all_there || !in_order || !intact) return damaged("has an end that does not fit its parts");
    std::array<std::byte, 1> more{};
    if (TRY(stored_->read_at(offset_ + kSnapshotEndBytes, more)) != 0) return damaged("goes on behind its end");
    return false;
  }

  const std::unique_ptr<StoredBytes> stored_;
  const SnapshotHead head_;
  std::vector<std::byte> piece_;
  uint32_t crc_;
  Digest chain_;
  uint64_t offset_;
  uint64_t parts_ = 0;
};

Result<std::unique_ptr<SnapshotReader>> decode_parts(CellId cell, std::unique_ptr<StoredBytes> stored) {
  std::vector<std::byte> header(kSnapshotHeaderBytes);
  const bool whole = TRY(stored->read_at(0, header)) == header.size();
  if (!whole || last_integer(header) != crc32c(Bytes(header).first(kSnapshotHeaderBytes - kCrcBytes))) {
    return wrong_snapshot(ErrorCode::kCorrupt, "has a header that is not what was written");
  }
  ByteReader reader(header);
  (void)reader.raw(kSnapshotLetters.size() + sizeof(uint16_t));
  const bool reserved_zero = reader.integer<uint16_t>() == 0;
  const CellId found(reader.integer<uint32_t>());
  SnapshotHead head{.at = Sequence(reader.integer<uint64_t>()),
                    .chain = {},
                    .time = Timestamp::from_micros(reader.integer<int64_t>()),
                    .kind = {},
                    .version = 0};
  std::ranges::copy(reader.raw(sizeof head.chain), head.chain.begin());
  const auto kind = MachineKind::from_letters(as_text(reader.raw(MachineKind::kLettersMax)));
  head.version = reader.integer<uint32_t>();
  if (!reserved_zero || !kind) return wrong_snapshot(ErrorCode::kCorrupt, "has an impossible header");
  if (found != cell) return wrong_snapshot(ErrorCode::kCorrupt, "is of cell " + std::to_string(found.value()));
  head.kind = *kind;
  return std::make_unique<ReaderOfParts>(std::move(stored), head, header);
}

}  // namespace

tl::unexpected<Error> wrong_snapshot(ErrorCode code, const std::string& what) {
  return fail(code, "the snapshot " + what);
}

std::string describe_set_aside(CellId cell, std::string_view why, const std::string& place) {
  return "cell " + std::to_string(cell.value()) + ": " + std::string(why) + "; it was set aside as " + place +
         ", and the log is replayed from its first event";
}

Bytes SnapshotEncoder::seal_piece() {
  crc_ = crc32c(piece_, crc_);
  ByteWriter(piece_).integer(crc_);
  chain_ = parts_ == 0 ? sha256(piece_) : sha256(chain_, piece_);
  return piece_;
}

Bytes SnapshotEncoder::header(CellId cell, const SnapshotHead& head) {
  ASSERT(piece_.empty() && head.kind.is_said());
  ByteWriter writer(piece_);
  writer.raw(as_bytes(kSnapshotLetters));
  writer.integer(kSnapshotVersion);
  writer.integer(uint16_t{0});
  writer.integer(cell.value());
  writer.integer(head.at.value());
  writer.integer(head.time.micros());
  writer.raw(head.chain);
  writer.raw(as_bytes(head.kind.letters()));
  writer.integer(head.version);
  const Bytes header = seal_piece();
  ASSERT(header.size() == kSnapshotHeaderBytes);
  return header;
}

Bytes SnapshotEncoder::part(Bytes state) {
  ASSERT(!piece_.empty() && !state.empty() && state.size() <= kSnapshotPartBytesMax);
  ++parts_;
  piece_.clear();
  ByteWriter writer(piece_);
  writer.integer(static_cast<uint32_t>(state.size()));
  writer.raw(state);
  return seal_piece();
}

Bytes SnapshotEncoder::end() {
  ASSERT(!piece_.empty());
  piece_.clear();
  ByteWriter writer(piece_);
  writer.integer(uint32_t{0});
  writer.integer(parts_);
  writer.raw(chain_);
  writer.integer(crc32c(piece_, crc_));
  ASSERT(piece_.size() == kSnapshotEndBytes);
  return piece_;
}

Result<std::unique_ptr<SnapshotReader>> decode_snapshot(CellId cell, std::unique_ptr<StoredBytes> stored) {
  std::array<std::byte, kSnapshotLetters.size() + sizeof(uint16_t)> begin{};
  const bool whole = TRY(stored->read_at(0, begin)) == begin.size();
  ByteReader reader(begin);
  if (!whole || as_text(reader.raw(kSnapshotLetters.size())) != kSnapshotLetters) {
    return wrong_snapshot(ErrorCode::kCorrupt, "does not begin as one does");
  }
  const auto version = reader.integer<uint16_t>();
  if (version == kSnapshotVersion) return decode_parts(cell, std::move(stored));
  if (version == kSnapshotVersion1) return decode_snapshot_v1(cell, std::move(stored));
  return wrong_snapshot(ErrorCode::kInvalid, "has format version " + std::to_string(version) +
                                                 ", this program reads up to " + std::to_string(kSnapshotVersion));
}

}  // namespace doorbuster::log
