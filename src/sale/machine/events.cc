#include "sale/machine/events.h"

namespace doorbuster::sale::detail {
namespace {

// A length is written seven bits a byte, the lowest first; the eighth says that another byte follows (LEB128).
constexpr size_t kBitsAByte = 7;
constexpr size_t kMoreFollows = size_t{1} << kBitsAByte;
constexpr size_t kLengthBytesMax = 4;

// Every length in its shortest form, so that the same events are always the same bytes.
std::optional<size_t> length_of(Reader& archive) {
  size_t length = 0;
  for (size_t i = 0; i < kLengthBytesMax; ++i) {
    uint8_t byte = 0;
    archive(byte);
    length |= (byte & (kMoreFollows - 1)) << (kBitsAByte * i);
    if ((byte & kMoreFollows) == 0) return byte == 0 && i > 0 ? std::nullopt : std::optional(length);
  }
  return std::nullopt;
}

}  // namespace

Bytes counted_fields(Reader& archive) {
  const auto length = length_of(archive);
  return archive.raw(length ? *length : archive.left() + 1);
}

std::byte* begin_event(uint8_t kind, size_t length, std::vector<std::byte>& out) {
  ASSERT(length < size_t{1} << (kBitsAByte * kLengthBytesMax));
  const size_t begin = out.size();
  out.resize(begin + 1 + kLengthBytesMax + length);
  std::byte* at = out.data() + begin;
  *at++ = static_cast<std::byte>(kind | kLengthFollows);
  size_t left = length;
  for (; left >= kMoreFollows; left >>= kBitsAByte) {
    *at++ = static_cast<std::byte>((left & (kMoreFollows - 1)) | kMoreFollows);
  }
  *at++ = static_cast<std::byte>(left);
  out.resize(static_cast<size_t>(at - out.data()) + length);
  return at;
}

Error not_an_event(size_t at, uint8_t kind) {
  return {ErrorCode::kCorrupt, "byte " + std::to_string(at) +
                                   " of a batch is not an event that this version knows (kind " + std::to_string(kind) +
                                   "): was it written by a newer one?"};
}

}  // namespace doorbuster::sale::detail
