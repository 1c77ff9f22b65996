#include "log/rocksdb/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace doorbuster::log {
namespace {

constexpr size_t kSyncEveryBytes = size_t{1} << 20;
constexpr mode_t kMode = 0600;

tl::unexpected<Error> system_error(const std::string& doing, const std::filesystem::path& path, int number) {
  const std::string words = doing + " " + path.string() + ": " + std::generic_category().message(number);
  return fail(ErrorCode::kIo, number == ENOSPC ? words + "; free some space on that disk" : words);
}

template <class Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace

Result<File> File::open(const std::filesystem::path& path, int flags) {
  const int descriptor = retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC, kMode); });
  if (descriptor < 0) return system_error("cannot open", path, errno);
  return File(descriptor, path);
}

File::File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> File::write_at(Bytes bytes, uint64_t offset) const {
  while (!bytes.empty()) {
    const ssize_t written =
        retried([&] { return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (written < 0) return system_error("cannot write", path_, errno);
    bytes = bytes.subspan(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return {};
}

Result<size_t> File::read_at(uint64_t offset, std::span<std::byte> out) const {
  size_t count = 0;
  while (count < out.size()) {
    const ssize_t found = retried([&] {
      return ::pread(descriptor_, out.data() + count, out.size() - count, static_cast<off_t>(offset + count));
    });
    if (found < 0) return system_error("cannot read", path_, errno);
    if (found == 0) break;
    count += static_cast<size_t>(found);
  }
  return count;
}

Result<void> File::sync_data() const {
  if (retried([&] { return ::fdatasync(descriptor_); }) != 0) return system_error("cannot sync", path_, errno);
  return {};
}

Result<bool> File::try_lock() const {
  if (retried([&] { return ::flock(descriptor_, LOCK_EX | LOCK_NB); }) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  return system_error("cannot lock", path_, errno);
}

Result<void> sync_directory(const std::filesystem::path& folder) {
  const File directory = TRY(File::open(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY));
  return directory.sync_data();
}

Result<void> make_directories(const std::filesystem::path& folder) {
  if (folder.empty() || std::filesystem::is_directory(folder)) return {};
  TRY(make_directories(folder.parent_path()));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return system_error("cannot make", folder, errno);
  return sync_directory(folder.parent_path());
}

Result<GrowingFile> GrowingFile::create(const std::filesystem::path& path) {
  return GrowingFile(TRY(File::open(path, O_WRONLY | O_CREAT | O_TRUNC)));
}

Result<void> GrowingFile::append(Bytes bytes) {
  TRY(file_.write_at(bytes, size_));
  size_ += bytes.size();
  if (size_ - synced_ < kSyncEveryBytes) return {};
  return sync();
}

Result<void> GrowingFile::sync() {
  TRY(file_.sync_data());
  synced_ = size_;
  return {};
}

Result<void> write_synced(const std::filesystem::path& path, Bytes bytes) {
  GrowingFile file = TRY(GrowingFile::create(path));
  TRY(file.append(bytes));
  return file.sync();
}

Result<void> replace_file(const std::filesystem::path& draft, const std::filesystem::path& path) {
  if (::rename(draft.c_str(), path.c_str()) != 0) return system_error("cannot rename to", path, errno);
  return sync_directory(path.parent_path());
}

Result<std::optional<std::vector<std::byte>>> read_file(const std::filesystem::path& path) {
  const int descriptor = retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
  if (descriptor < 0 && errno == ENOENT) return std::nullopt;
  if (descriptor < 0) return system_error("cannot open", path, errno);
  struct stat status{};
  std::vector<std::byte> bytes;
  if (::fstat(descriptor, &status) == 0) bytes.resize(static_cast<size_t>(status.st_size));
  size_t at = 0;
  ssize_t count = 1;
  while (at < bytes.size() && count > 0) {
    count = retried([&] { return ::read(descriptor, bytes.data() + at, bytes.size() - at); });
    at += static_cast<size_t>(std::max<ssize_t>(count, 0));
  }
  const int number = errno;
  ::close(descriptor);
  if (count < 0) return system_error("cannot read", path, number);
  bytes.resize(at);
  return bytes;
}

}  // namespace doorbuster::log
