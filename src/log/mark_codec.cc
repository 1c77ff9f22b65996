#include "log/mark_codec.h"

#include <algorithm>

#include "base/crc32c.h"

namespace doorbuster::log {
namespace {

constexpr std::string_view kMarkMagic = "DBLM";
constexpr size_t kCovered = kMarkBytes - sizeof(uint32_t);

}  // namespace

std::array<std::byte, kMarkBytes> encode_mark(const Mark& mark) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.raw(as_bytes(kMarkMagic));
  writer.integer(kMarkVersion);
  writer.integer(uint16_t{0});
  writer.integer(mark.cell.value());
  writer.integer(mark.epoch.value());
  writer.integer(mark.tail.value());
  writer.raw(mark.chain);
  writer.integer(uint64_t{0});
  ASSERT(bytes.size() == kCovered);
  writer.integer(crc32c(bytes));
  std::array<std::byte, kMarkBytes> out{};
  std::ranges::copy(bytes, out.begin());
  return out;
}

std::optional<Mark> decode_mark(CellId cell, Bytes bytes) {
  if (bytes.size() != kMarkBytes) return std::nullopt;
  ByteReader reader(bytes);
  const bool known = as_text(reader.raw(kMarkMagic.size())) == kMarkMagic &&
                     reader.integer<uint16_t>() == kMarkVersion && reader.integer<uint16_t>() == 0;
  Mark mark{.cell = CellId(reader.integer<uint32_t>()),
            .epoch = Epoch(reader.integer<uint64_t>()),
            .tail = Sequence(reader.integer<uint64_t>()),
            .chain = {}};
  std::ranges::copy(reader.raw(sizeof mark.chain), mark.chain.begin());
  const bool reserved_zero = reader.integer<uint64_t>() == 0;
  const bool intact = reader.integer<uint32_t>() == crc32c(bytes.first(kCovered));
  if (!known || !reserved_zero || !intact || mark.cell != cell) return std::nullopt;
  return mark;
}

std::string describe_loss(const Mark& mark, Sequence tail) {
  return "cell " + std::to_string(mark.cell.value()) + ": the log ends with event " + std::to_string(tail.value()) +
         ", but event " + std::to_string(mark.tail.value()) + " had been made durable: at least " +
         std::to_string(mark.tail.value() - tail.value()) + " acknowledged events are missing";
}

tl::unexpected<Error> lost_tail(const Mark& mark, Sequence tail, const std::string& advice) {
  return fail(ErrorCode::kCorrupt, describe_loss(mark, tail) + ". " + advice);
}

}  // namespace doorbuster::log
