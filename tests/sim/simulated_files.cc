#include "sim/simulated_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <fstream>
#include <iterator>

#include "base/assert.h"

namespace doorbuster::sim {
namespace {

SimulatedFiles* the_files = nullptr;

// In memory, where there is such a folder.
std::filesystem::path folder_of_this_process() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const bool has_memory = std::filesystem::is_directory(memory, error);
  const auto root = has_memory ? memory : std::filesystem::temp_directory_path();
  return root / ("doorbuster-sim-" + std::to_string(::getpid()));
}

std::string all_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string parent_of(const std::string& path) { return std::filesystem::path(path).parent_path().native(); }

}  // namespace

SimulatedFiles::SimulatedFiles(uint64_t seed, log::SimulatedDisk& disk)
    : disk_(disk), random_(seed), folder_(folder_of_this_process()) {
  ASSERT(the_files == nullptr);
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  the_files = this;
}

SimulatedFiles::~SimulatedFiles() {
  the_files = nullptr;
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

std::string SimulatedFiles::without_folder(std::string text) const {
  for (size_t at = text.find(folder_.native()); at != std::string::npos; at = text.find(folder_.native()))
    text.erase(at, folder_.native().size());
  return text;
}

bool SimulatedFiles::may_write() const {
  errno = EIO;
  return !disk_.crashed();
}

// Whether the operation fails. Then it may have happened all the same.
bool SimulatedFiles::fails() {
  const bool failed = disk_.note_operation() != log::DiskResult::kDone;
  errno = EIO;
  return failed;
}

void SimulatedFiles::opened(int descriptor, const std::string& path, bool is_new) {
  open_[descriptor] = path;
  if (!is_new) return;
  const Naming naming{path, ++last_};
  files_[last_] = {};
  name(names_, naming);
  namings_.push_back(naming);
}

void SimulatedFiles::written(int descriptor) {
  const auto found = names_.find(open_.at(descriptor));
  if (found != names_.end()) files_[found->second].is_dirty = true;
}

bool SimulatedFiles::sync(int descriptor) {
  if (fails()) return false;
  const std::string& path = open_.at(descriptor);
  const auto found = names_.find(path);
  if (found == names_.end()) {
    sync_folder(path);
  } else {
    files_[found->second] = {.durable = all_of(path)};
  }
  return true;
}

void SimulatedFiles::sync_folder(const std::string& folder) {
  std::erase_if(namings_, [&](const Naming& naming) {
    if (parent_of(naming.path) != folder) return false;
    name(durable_names_, naming);
    return true;
  });
}

bool SimulatedFiles::may_rename() { return !fails(); }

void SimulatedFiles::renamed(const std::string& from, const std::string& to) {
  const auto found = names_.find(from);
  ASSERT(found != names_.end());
  for (const Naming& naming : {Naming{to, found->second}, Naming{from, std::nullopt}}) {
    name(names_, naming);
    namings_.push_back(naming);
  }
}

void SimulatedFiles::unlinked(const std::string& path) {
  const Naming naming{path, std::nullopt};
  name(names_, naming);
  namings_.push_back(naming);
}

void SimulatedFiles::name(std::map<std::string, File>& names, const Naming& naming) {
  if (naming.file) {
    names[naming.path] = *naming.file;
  } else {
    names.erase(naming.path);
  }
}

// The oldest of the names that are not durable survive, as file systems keep their order; of a file that is not, some
// beginning does, all of it, or what it was.
void SimulatedFiles::lose_power() {
  std::map<File, std::string> written;
  std::set<std::string> vanished;  // moved or removed by calls that are not seen here
  for (const auto& [path, file] : names_) {
    if (std::filesystem::exists(path)) {
      written[file] = all_of(path);
    } else {
      vanished.insert(path);
    }
  }
  const size_t kept = random_.below(namings_.size() + 1);
  for (size_t i = 0; i < kept; ++i) name(durable_names_, namings_[i]);
  std::erase_if(durable_names_, [&](const auto& each) { return vanished.contains(each.first) && random_.chance(2); });
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  open_.clear();
  namings_.clear();
  names_ = durable_names_;
  for (const auto& [path, file] : names_) {
    Contents& contents = files_[file];
    if (contents.is_dirty) contents = {.durable = survivor(file, written[file])};
    std::filesystem::create_directories(parent_of(path));
    std::ofstream(path, std::ios::binary) << contents.durable;
  }
}

std::string SimulatedFiles::survivor(File file, const std::string& visible) {
  switch (random_.below(3)) {
    case 0:
      return visible;
    case 1:
      return visible.substr(0, random_.below(visible.size() + 1));
    default:
      return files_[file].durable;
  }
}

}  // namespace doorbuster::sim

// The linker puts these in the place of the system's calls (--wrap), and theirs under the names that begin with
// __real_. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl50-cpp)
extern "C" {

using doorbuster::sim::the_files;

int __real_open(const char* path, int flags, ...);
int __real_close(int descriptor);
ssize_t __real_write(int descriptor, const void* bytes, size_t count);
int __real_fsync(int descriptor);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);

int __wrap_open(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : mode_t{0};
  va_end(arguments);
  const bool is_ours = the_files != nullptr && the_files->has(path);
  const bool makes = (flags & O_CREAT) != 0;
  if (is_ours && makes && !the_files->may_write()) return -1;
  const int descriptor = __real_open(path, flags, mode);
  if (is_ours && descriptor >= 0) the_files->opened(descriptor, path, makes);
  return descriptor;
}

int __wrap_close(int descriptor) {
  if (the_files != nullptr) the_files->closed(descriptor);
  return __real_close(descriptor);
}

ssize_t __wrap_write(int descriptor, const void* bytes, size_t count) {
  const bool is_ours = the_files != nullptr && the_files->is_open(descriptor);
  if (is_ours && !the_files->may_write()) return -1;
  if (is_ours) the_files->written(descriptor);
  return __real_write(descriptor, bytes, count);
}

int __wrap_fsync(int descriptor) {
  if (the_files == nullptr || !the_files->is_open(descriptor)) return __real_fsync(descriptor);
  return the_files->sync(descriptor) ? 0 : -1;
}

int __wrap_rename(const char* from, const char* to) {
  const bool is_ours = the_files != nullptr && the_files->has(from);
  if (is_ours && !the_files->may_rename()) return -1;
  const int done = __real_rename(from, to);
  if (is_ours && done == 0) the_files->renamed(from, to);
  return done;
}

int __wrap_unlink(const char* path) {
  const bool is_ours = the_files != nullptr && the_files->has(path);
  if (is_ours && !the_files->may_write()) return -1;
  const int done = __real_unlink(path);
  if (is_ours && done == 0) the_files->unlinked(path);
  return done;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,cert-dcl50-cpp)
