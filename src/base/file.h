// Small files that must be whole: read in one piece, replaced in one piece.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace doorbuster {

// The whole file. kNotFound if there is none, kLimit if it is larger than max_bytes, kIo with the system's words.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, size_t max_bytes);

// Puts `content` where `path` was: written beside it, synced, renamed over it, and the folder synced. After a crash at
// any moment the path holds the old content or the new one, whole. The file has exactly `mode`, whatever the umask. kIo
// on failure; the old file is then untouched.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& path, std::string_view content, mode_t mode);

// The same for a file that must not be there yet: of several processes that try, one succeeds and the others get
// kConflict.
[[nodiscard]] Result<void> create_file(const std::filesystem::path& path, std::string_view content, mode_t mode);

}  // namespace doorbuster
