#include "log/batch_codec.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/bug_zoo.h"
#include "base/crc32c.h"

namespace doorbuster::log {
namespace {

constexpr std::string_view kBatchMagic = "DBLB";
constexpr uint16_t kBatchVersion1 = 1;
constexpr size_t kBatchHeaderBytes1 = 76;

tl::unexpected<Error> corrupt(std::string message) { return fail(ErrorCode::kCorrupt, std::move(message)); }

Result<void> check_crc(Bytes bytes) {
  if (bug_planted(Bug::kSkipCrcCheck)) return {};
  const size_t covered = bytes.size() - kBatchTrailerBytes;
  ByteReader trailer(bytes.subspan(covered));
  if (trailer.integer<uint32_t>() != crc32c(bytes.first(covered))) {
    return corrupt("its checksum does not match its bytes");
  }
  return {};
}

Result<void> check_version(uint16_t version) {
  if (version == kBatchVersion || version == kBatchVersion1) return {};
  return fail(ErrorCode::kInvalid, "it has format version " + std::to_string(version) + ", this program reads up to " +
                                       std::to_string(kBatchVersion) + "; start the program that wrote it");
}

// Nothing if the kind is not one.
std::optional<StoredBatch> read_fields(ByteReader& reader, uint16_t version) {
  StoredBatch stored;
  stored.cell = CellId(reader.integer<uint32_t>());
  stored.batch.count = reader.integer<uint32_t>();
  stored.batch.first = Sequence(reader.integer<uint64_t>());
  stored.epoch = Epoch(reader.integer<uint64_t>());
  stored.batch.at = Timestamp::from_micros(reader.integer<int64_t>());
  std::ranges::copy(reader.raw(sizeof stored.previous), stored.previous.begin());
  stored.kind = kKindBeforeKinds;
  if (version == kBatchVersion1) return stored;
  const auto kind = MachineKind::from_letters(as_text(reader.raw(MachineKind::kLettersMax)));
  if (!kind) return std::nullopt;
  stored.kind = *kind;
  return stored;
}

Result<void> check_fields(const StoredBatch& stored) {
  const uint64_t first = stored.batch.first.value();
  if (stored.batch.count == 0) return corrupt("it holds no event");
  if (first == 0 || first + (stored.batch.count - 1) < first) return corrupt("its event numbers are impossible");
  if (stored.epoch == Epoch()) return corrupt("it belongs to no epoch");
  return {};
}

}  // namespace

void encode_batch(const StoredBatch& stored, std::vector<std::byte>& out) {
  ASSERT(check_fields(stored).has_value() && stored.kind.is_said());
  ASSERT(stored.batch.payload.size() <= kPayloadBytesMax);
  out.clear();
  out.reserve(kBatchHeaderBytes + stored.batch.payload.size() + kBatchTrailerBytes);
  ByteWriter writer(out);
  writer.raw(as_bytes(kBatchMagic));
  writer.integer(kBatchVersion);
  writer.integer(uint16_t{0});
  writer.integer(stored.cell.value());
  writer.integer(stored.batch.count);
  writer.integer(stored.batch.first.value());
  writer.integer(stored.epoch.value());
  writer.integer(stored.batch.at.micros());
  writer.raw(stored.previous);
  writer.raw(as_bytes(stored.kind.letters()));
  writer.integer(static_cast<uint32_t>(stored.batch.payload.size()));
  ASSERT(out.size() == kBatchHeaderBytes);
  writer.raw(stored.batch.payload);
  writer.integer(crc32c(out));
}

Result<StoredBatch> decode_batch(Bytes bytes) {
  if (bytes.size() < kBatchHeaderBytes1 + kBatchTrailerBytes) return corrupt("it is shorter than any batch");
  ByteReader reader(bytes);
  if (as_text(reader.raw(kBatchMagic.size())) != kBatchMagic) return corrupt("it does not begin as a batch does");
  TRY(check_crc(bytes));
  const auto version = reader.integer<uint16_t>();
  TRY(check_version(version));
  if (reader.integer<uint16_t>() != 0) return corrupt("its reserved bytes are not zero");
  std::optional<StoredBatch> found = read_fields(reader, version);
  if (!found) return corrupt("its machine's kind is not one");
  StoredBatch& stored = *found;
  const auto length = reader.integer<uint32_t>();
  if (!reader.ok() || length > kPayloadBytesMax || length + kBatchTrailerBytes != reader.left()) {
    return corrupt("its length is not the one in its header");
  }
  stored.batch.payload = reader.raw(length);
  TRY(check_fields(stored));
  ASSERT(reader.ok() && reader.left() == kBatchTrailerBytes);
  return *found;
}

Digest chain_after(const Digest& previous, Bytes stored) { return sha256(previous, stored); }

}  // namespace doorbuster::log
