#include "base/outgoing_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace doorbuster {
namespace {

constexpr off_t kStepBytes = off_t{4} << 20;  // about 1 ms
constexpr std::chrono::milliseconds kBetweenSteps{1};

}  // namespace

OutgoingFile::OutgoingFile(const std::filesystem::path& path) : fd_(::open(path.c_str(), O_WRONLY | O_CLOEXEC)) {}

OutgoingFile::~OutgoingFile() {
  if (fd_ >= 0) ::close(fd_);
}

void OutgoingFile::give_back() {
  struct stat status{};
  if (fd_ < 0 || ::fstat(fd_, &status) != 0 || status.st_nlink > 0) return;
  for (off_t size = status.st_size; size > kStepBytes;) {
    size -= kStepBytes;
    if (::ftruncate(fd_, size) != 0) return;
    std::this_thread::sleep_for(kBetweenSteps);
  }
}

void remove_gently(const std::filesystem::path& path) {
  OutgoingFile file(path);
  std::error_code ignored;
  if (std::filesystem::remove(path, ignored)) file.give_back();
}

}  // namespace doorbuster
