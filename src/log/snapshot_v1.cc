#include "log/snapshot_v1.h"

#include <algorithm>
#include <string>

#include "base/crc32c.h"

namespace doorbuster::log {
namespace {

constexpr size_t kHeaderBytes = 72;
constexpr size_t kTrailerBytes = 4;
constexpr size_t kPieceBytes = size_t{256} << 10;

// Bytes that a checksum has vouched for already, cut into parts.
class ReaderOfOnePiece final : public SnapshotReader {
 public:
  ReaderOfOnePiece(std::unique_ptr<StoredBytes> stored, const SnapshotHead& head, uint64_t length)
      : stored_(std::move(stored)), head_(head), left_(length) {}

  const SnapshotHead& head() const override { return head_; }

  Result<bool> next(std::vector<std::byte>& part) override {
    if (left_ == 0) return false;
    part.resize(std::min<uint64_t>(left_, kPieceBytes));
    if (TRY(stored_->read_at(offset_, part)) != part.size()) {
      return wrong_snapshot(ErrorCode::kCorrupt, "was cut while it was read");
    }
    offset_ += part.size();
    left_ -= part.size();
    return true;
  }

 private:
  const std::unique_ptr<StoredBytes> stored_;
  const SnapshotHead head_;
  uint64_t left_;
  uint64_t offset_ = kHeaderBytes;
};

// Of all bytes but the last four, and those four.
struct Checked {
  uint64_t size = 0;
  uint32_t crc = 0;
  uint32_t written = 0;
};

Result<Checked> check(StoredBytes& stored) {
  std::vector<std::byte> window(kPieceBytes + kTrailerBytes);
  Checked checked;
  while (true) {
    const size_t count = TRY(stored.read_at(checked.size, window));
    if (count < kTrailerBytes) return Checked{};  // shorter than any can be
    const Bytes covered = Bytes(window).first(count - kTrailerBytes);
    checked.crc = crc32c(covered, checked.crc);
    checked.size += covered.size();
    if (count == window.size()) continue;
    checked.written = ByteReader(Bytes(window).subspan(covered.size(), kTrailerBytes)).integer<uint32_t>();
    return checked;
  }
}

}  // namespace

Result<std::unique_ptr<SnapshotReader>> decode_snapshot_v1(CellId cell, std::unique_ptr<StoredBytes> stored) {
  const auto wrong = [&](const std::string& what) { return wrong_snapshot(ErrorCode::kCorrupt, what); };
  const Checked checked = TRY(check(*stored));
  if (checked.size < kHeaderBytes) return wrong("is shorter than any can be");
  if (checked.crc != checked.written) return wrong("has a checksum that does not match its bytes");
  std::array<std::byte, kHeaderBytes> header{};
  if (TRY(stored->read_at(0, header)) != header.size()) return wrong("was cut while it was read");
  ByteReader reader(header);
  (void)reader.raw(kSnapshotLetters.size() + sizeof kSnapshotVersion1);
  const bool first_zero = reader.integer<uint16_t>() == 0;
  const CellId found(reader.integer<uint32_t>());
  SnapshotHead head{.at = Sequence(reader.integer<uint64_t>()),
                    .chain = {},
                    .time = Timestamp::from_micros(reader.integer<int64_t>()),
                    .kind = kKindBeforeKinds,
                    .version = 0};
  std::ranges::copy(reader.raw(sizeof head.chain), head.chain.begin());
  const auto length = reader.integer<uint64_t>();
  if (!first_zero || reader.integer<uint32_t>() != 0) return wrong("has reserved bytes that are not zero");
  if (found != cell) return wrong("is of cell " + std::to_string(found.value()));
  if (length != checked.size - kHeaderBytes) return wrong("is not as long as its header says");
  return std::make_unique<ReaderOfOnePiece>(std::move(stored), head, length);
}

}  // namespace doorbuster::log
