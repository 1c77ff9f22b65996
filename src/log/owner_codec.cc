#include "log/owner_codec.h"

#include "base/crc32c.h"

namespace doorbuster::log {

std::vector<std::byte> encode_owner(const Opener& opener) {
  ASSERT(opener.kind.is_said());
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.raw(as_bytes(opener.kind.letters()));
  writer.text(opener.owner.substr(0, kOwnerBytesMax));
  writer.integer(crc32c(bytes));
  return bytes;
}

std::optional<OwnerRecord> decode_owner(Bytes bytes) {
  ByteReader reader(bytes);
  const auto kind = MachineKind::from_letters(as_text(reader.raw(MachineKind::kLettersMax)));
  const std::string owner(reader.text());
  const size_t covered = bytes.size() - reader.left();
  const auto written = reader.integer<uint32_t>();
  if (!kind || !reader.finished() || owner.size() > kOwnerBytesMax) return std::nullopt;
  if (written != crc32c(bytes.first(covered))) return std::nullopt;
  return OwnerRecord{.kind = *kind, .owner = owner};
}

Result<void> check_kind(CellId cell, MachineKind found, MachineKind asked) {
  ASSERT(asked.is_said());
  if (!found.is_said() || found == asked) return {};
  return fail(ErrorCode::kConflict, "cell " + std::to_string(cell.value()) + ": its log is of a machine of the kind '" +
                                        std::string(found.word()) + "', not '" + std::string(asked.word()) +
                                        "': give each service cells of its own");
}

}  // namespace doorbuster::log
