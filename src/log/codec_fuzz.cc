// Any bytes: the decoders of what lies on disk must refuse them or take them whole, and what they take must encode to
// the same bytes.
#include <algorithm>

#include "base/assert.h"
#include "base/crc32c.h"
#include "log/batch_codec.h"
#include "log/mark_codec.h"
#include "log/owner_codec.h"
#include "log/snapshot_codec.h"

namespace doorbuster::log {
namespace {

void try_batch(Bytes bytes) {
  const auto found = decode_batch(bytes);
  const bool is_version_1 = bytes.size() > 4 && bytes[4] == std::byte{1};
  if (!found || is_version_1) return;  // which is read only
  std::vector<std::byte> again;
  encode_batch(*found, again);
  ASSERT(as_text(again) == as_text(bytes));
}

void try_mark(Bytes bytes) {
  for (const CellId cell : {CellId(0), CellId(3)}) {
    const auto found = decode_mark(cell, bytes);
    if (found) ASSERT(as_text(encode_mark(*found)) == as_text(bytes));
  }
}

void try_owner(Bytes bytes) {
  const auto found = decode_owner(bytes);
  if (found) ASSERT(as_text(encode_owner({.kind = found->kind, .owner = found->owner})) == as_text(bytes));
}

class Input final : public StoredBytes {
 public:
  explicit Input(Bytes bytes) : bytes_(bytes) {}
  Result<size_t> read_at(uint64_t offset, std::span<std::byte> out) override {
    const Bytes left = bytes_.subspan(std::min<uint64_t>(offset, bytes_.size()));
    const size_t count = std::min(left.size(), out.size());
    std::ranges::copy(left.first(count), out.begin());
    return count;
  }

 private:
  const Bytes bytes_;
};

// Version 1 is read only. Whatever else is taken whole is what is written of the same parts.
void try_snapshot(Bytes bytes) {
  for (const CellId cell : {CellId(0), CellId(3)}) {
    const auto reader = decode_snapshot(cell, std::make_unique<Input>(bytes));
    if (!reader) continue;
    SnapshotEncoder encoder;
    std::vector<std::byte> again;
    ByteWriter(again).raw(encoder.header(cell, (*reader)->head()));
    std::vector<std::byte> part;
    auto more = (*reader)->next(part);
    for (; more && *more; more = (*reader)->next(part)) ByteWriter(again).raw(encoder.part(part));
    if (!more || (*reader)->head().version == 0) continue;
    ByteWriter(again).raw(encoder.end());
    ASSERT(as_text(again) == as_text(bytes));
  }
}

// A fuzzer does not find a right checksum by itself: the same bytes once more, with theirs put right.
std::vector<std::byte> with_checksum(Bytes bytes) {
  std::vector<std::byte> mended(bytes.begin(), bytes.end());
  ByteWriter(mended).integer(crc32c(bytes));
  return mended;
}

}  // namespace
}  // namespace doorbuster::log

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  for (const auto& input : {std::vector<std::byte>(bytes.begin(), bytes.end()), log::with_checksum(bytes)}) {
    log::try_batch(input);
    log::try_mark(input);
    log::try_snapshot(input);
    log::try_owner(input);
  }
  return 0;
}
