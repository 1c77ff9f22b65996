// The stored form of who opened a cell's log last: the kind of the machine and the owner's name. docs/formats/log.md
// has the bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "log/log.h"

namespace doorbuster::log {

struct OwnerRecord {
  MachineKind kind;
  std::string owner;
};

[[nodiscard]] std::vector<std::byte> encode_owner(const Opener& opener);
// Nothing if these are not exactly the bytes of a whole record.
[[nodiscard]] std::optional<OwnerRecord> decode_owner(Bytes bytes);

// kConflict unless a log that is of `found`, if that is said, may be opened for `asked`.
[[nodiscard]] Result<void> check_kind(CellId cell, MachineKind found, MachineKind asked);

}  // namespace doorbuster::log
