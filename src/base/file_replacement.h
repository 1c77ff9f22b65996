// A file of any size that takes another's place as a whole: written beside it piece by piece, synced, then renamed over
// it. Until then, and if it is never finished, nothing has happened to the old one.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace doorbuster {

class FileReplacement {
 public:
  // Nothing is made before begin().
  explicit FileReplacement(std::filesystem::path path) : path_(std::move(path)) {}
  ~FileReplacement();
  FileReplacement(const FileReplacement&) = delete;
  FileReplacement& operator=(const FileReplacement&) = delete;

  // Makes the new file with exactly `mode`. Of one path there may be only one replacement at a time; what a crash left
  // of an earlier one is overwritten.
  [[nodiscard]] Result<void> begin(mode_t mode);
  // In the order of the calls. The kernel begins to write it out at once, so that the sync at the end has little left.
  [[nodiscard]] Result<void> add(Bytes bytes);
  // Durable once it returns: under its name, whole. The old one's blocks are given back bit by bit: outgoing_file.h.
  [[nodiscard]] Result<void> commit();

 private:
  [[nodiscard]] std::filesystem::path fresh() const { return path_.string() + ".new"; }
  void close();

  const std::filesystem::path path_;
  int fd_ = -1;
  bool begun_ = false;
  uint64_t size_ = 0;
};

}  // namespace doorbuster
