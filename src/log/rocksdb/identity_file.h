// Which log a folder holds, and under which keys it is written: DIR/identity, made once, when the log is begun or when
// one of an older release is first opened. Whoever starts a server compares it with the keys before anything is opened
// or changed. docs/formats/log.md has the bytes.
#pragma once

#include <array>
#include <filesystem>
#include <optional>

#include "base/crypto.h"
#include "base/result.h"

namespace doorbuster::log {

struct LogIdentity {
  std::array<std::byte, 16> id{};  // random
  Digest keys{};                   // fingerprint of the master key
};

// Nothing if there is none. kCorrupt: it is damaged; kIo.
[[nodiscard]] Result<std::optional<LogIdentity>> read_identity(const std::filesystem::path& directory);
// Durable when it returns.
[[nodiscard]] Result<void> write_identity(const std::filesystem::path& directory, const LogIdentity& identity);

// Whether there is a log in the directory, or what is left of one. Only looks.
[[nodiscard]] bool has_log(const std::filesystem::path& directory);

}  // namespace doorbuster::log
