#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace doorbuster {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

tl::unexpected<Error> system_error(std::string_view doing, const std::filesystem::path& path) {
  const int cause = errno;
  const ErrorCode code = cause == ENOENT   ? ErrorCode::kNotFound
                         : cause == EEXIST ? ErrorCode::kConflict
                                           : ErrorCode::kIo;
  return fail(code, "cannot " + std::string(doing) + " " + path.string() + ": " + std::strerror(cause));
}

// True when all of it was written; otherwise errno says why not.
bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

Result<void> write_new(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.open()) return system_error("create", path);
  if (::fchmod(file.get(), mode) != 0) return system_error("set the mode of", path);
  if (!write_all(file.get(), content)) return system_error("write", path);
  if (::fsync(file.get()) != 0) return system_error("sync", path);
  return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.open() || ::fsync(opened.get()) != 0) return system_error("sync the folder", folder);
  return {};
}

// Unique among the threads of this process and among processes; what a crash leaves behind is overwritten by nobody.
std::filesystem::path beside(const std::filesystem::path& path) {
  static std::atomic<uint64_t> count{0};
  return path.string() + ".new-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return system_error("open", path);
  // By what is there: a limit is often far above that.
  constexpr size_t kFirstBytes = 4'096;
  std::string content;
  size_t size = 0;
  while (size <= max_bytes) {
    if (size == content.size()) content.resize(std::min(max_bytes + 1, std::max(kFirstBytes, size * 2)));
    const ssize_t got = ::read(file.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("read", path);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > max_bytes)
    return fail(ErrorCode::kLimit, path.string() + " is larger than " + std::to_string(max_bytes) + " bytes");
  content.resize(size);
  return content;
}

namespace {

// Writes a whole file beside `path`, then gives it that name by `place`, which returns 0 or sets errno.
template <class Place>
Result<void> write_and_place(const std::filesystem::path& path, std::string_view content, mode_t mode, Place&& place) {
  const std::filesystem::path fresh = beside(path);
  const Result<void> written = write_new(fresh, content, mode);
  const bool placed = written && place(fresh.c_str(), path.c_str()) == 0;
  const auto failed = system_error("write", path);  // errno is still of place()
  ::unlink(fresh.c_str());
  if (!written) return written;
  if (!placed) return failed;
  return sync_folder(path.has_parent_path() ? path.parent_path() : ".");
}

}  // namespace

Result<void> replace_file(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  return write_and_place(path, content, mode, [](const char* from, const char* to) { return ::rename(from, to); });
}

Result<void> create_file(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  return write_and_place(path, content, mode, [](const char* from, const char* to) { return ::link(from, to); });
}

}  // namespace doorbuster
