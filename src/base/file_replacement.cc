#include "base/file_replacement.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/bug_zoo.h"
#include "base/outgoing_file.h"

namespace doorbuster {
namespace {

tl::unexpected<Error> failed(std::string_view doing, const std::filesystem::path& path) {
  return fail(ErrorCode::kIo, "cannot " + std::string(doing) + " " + path.string() + ": " + std::strerror(errno));
}

Result<void> sync_folder_of(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed("open the folder", folder);
  const bool synced = ::fsync(fd) == 0;
  const auto error = failed("sync the folder", folder);
  ::close(fd);
  if (!synced) return error;
  return {};
}

}  // namespace

FileReplacement::~FileReplacement() {
  if (!begun_) return;
  OutgoingFile given_up(fresh());
  close();
  if (::unlink(fresh().c_str()) == 0) given_up.give_back();
}

void FileReplacement::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<void> FileReplacement::begin(mode_t mode) {
  ASSERT(fd_ < 0 && !begun_);
  fd_ = ::open(fresh().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd_ < 0) return failed("create", fresh());
  begun_ = true;
  if (::fchmod(fd_, mode) != 0) return failed("set the mode of", fresh());
  return {};
}

Result<void> FileReplacement::add(Bytes bytes) {
  ASSERT(fd_ >= 0);
  const auto count = static_cast<off64_t>(bytes.size());
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", fresh());
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  // A hint only: where the file system can't, the sync at the end does it all.
  (void)::sync_file_range(fd_, static_cast<off64_t>(size_), count, SYNC_FILE_RANGE_WRITE);
  size_ += static_cast<uint64_t>(count);
  return {};
}

Result<void> FileReplacement::commit() {
  ASSERT(fd_ >= 0);
  if (!bug_planted(Bug::kReplacedUnsynced) && ::fsync(fd_) != 0) return failed("sync", fresh());
  close();
  OutgoingFile old(path_);
  if (::rename(fresh().c_str(), path_.c_str()) != 0) return failed("rename", fresh());
  begun_ = false;
  const Result<void> synced = sync_folder_of(path_);
  old.give_back();
  return synced;
}

}  // namespace doorbuster
