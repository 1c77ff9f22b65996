// Folders, files and damage for the tests of the log on disk.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "log/rocksdb/rocksdb_log.h"

namespace doorbuster::log {

// A folder of its own for each test, gone at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "doorbuster-log-XXXXXX").string();
    ASSERT(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::unique_ptr<RocksdbLog> must_start(RocksdbLog::Options options) {
  auto log = RocksdbLog::start(std::move(options));
  if (!log) ADD_FAILURE() << log.error().message;
  return log ? std::move(*log) : nullptr;
}

// Copies a log's folder while it is in use; RocksDB may be deleting a file at that very moment.
inline void copy_running(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to / "batches");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(from)) {
    std::error_code gone;
    if (entry.is_regular_file(gone))
      std::filesystem::copy_file(entry, to / entry.path().lexically_relative(from), gone);
  }
}

inline void flip_bit_of_file(const std::filesystem::path& path, size_t bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(bit / 8));
  const int byte = file.get();
  ASSERT(file.good());
  file.seekp(static_cast<std::streamoff>(bit / 8));
  file.put(static_cast<char>(byte ^ (1 << (bit % 8))));
}

}  // namespace doorbuster::log
