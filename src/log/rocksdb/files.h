// Files as a log needs them: whole or not there, synced or an error. Errors are kIo with the path and the system's
// words; a full disk says so and what to do.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
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
  // How many bytes there were from `offset` on; fewer than `out` takes only at the end.
  [[nodiscard]] Result<size_t> read_at(uint64_t offset, std::span<std::byte> out) const;
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

// A file that is made piece by piece and synced now and then, so that one huge sync never stands in the way of the
// log's own.
class GrowingFile {
 public:
  [[nodiscard]] static Result<GrowingFile> create(const std::filesystem::path& path);
  [[nodiscard]] Result<void> append(Bytes bytes);
  [[nodiscard]] Result<void> sync();

 private:
  explicit GrowingFile(File file) : file_(std::move(file)) {}

  File file_;
  uint64_t size_ = 0;
  uint64_t synced_ = 0;
};

// Writes a file, synced.
[[nodiscard]] Result<void> write_synced(const std::filesystem::path& path, Bytes bytes);

// Replaces `path` by `draft` (in the same folder, already synced), durably and atomically.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& draft, const std::filesystem::path& path);

// All bytes of a file; nothing if there is no such file.
[[nodiscard]] Result<std::optional<std::vector<std::byte>>> read_file(const std::filesystem::path& path);

}  // namespace doorbuster::log
