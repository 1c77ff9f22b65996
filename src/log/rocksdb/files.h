// Files as a log needs them: whole or not there, synced or an error. Errors are kIo with the path and the system's
// words; a full disk says so and what to do.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace doorbuster::log {

// An open file descriptor, closed at the end.
class File {
 public:
  // `flags` and `mode` as for open(2).
  [[nodiscard]] static Result<File> open(const std::filesystem::path& path, int flags);
  File(File&& other) noexcept;
  File& operator=(File&&) = delete;
  ~File();

  [[nodiscard]] Result<void> write_at(Bytes bytes, uint64_t offset) const;
  [[nodiscard]] Result<void> sync_data() const;
  // Takes the lock of this file (flock(2)) until the file is closed; false if somebody else has it.
  [[nodiscard]] Result<bool> try_lock() const;

 private:
  File(int descriptor, std::filesystem::path path) : descriptor_(descriptor), path_(std::move(path)) {}

  int descriptor_;
  std::filesystem::path path_;
};

// Makes durable that names in the folder came, went or changed.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& folder);

// Makes the folder and those above it, durably.
[[nodiscard]] Result<void> make_directories(const std::filesystem::path& folder);

// Writes the parts as one file, synced in pieces, so that one huge sync never stands in the way of the log's own.
[[nodiscard]] Result<void> write_synced(const std::filesystem::path& path, std::initializer_list<Bytes> parts);

// Replaces `path` by `draft` (in the same folder, already synced), durably and atomically.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& draft, const std::filesystem::path& path);

// All bytes of a file; nothing if there is no such file.
[[nodiscard]] Result<std::optional<std::vector<std::byte>>> read_file(const std::filesystem::path& path);

}  // namespace doorbuster::log
