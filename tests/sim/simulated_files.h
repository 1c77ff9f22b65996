// The data folder of a simulated server: real files, which the server writes by the system's calls, and a book of what
// of them a disk would still have if the power went now.
//
// The linker hands the simulator the calls by which files are made durable (simulated_files.cc): what was written is
// seen at once, but survives a loss of power only after an fsync of the file, and a name only after one of its folder.
// Until then a file may lose its end, and the newest names may not be there. Such a call is an operation of the
// simulated disk, and suffers what is planned for it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/prng.h"
#include "log/memory/simulated_disk.h"

namespace doorbuster::sim {

class SimulatedFiles {
 public:
  // The folder is empty at first. One at a time in a process.
  SimulatedFiles(uint64_t seed, log::SimulatedDisk& disk);
  ~SimulatedFiles();
  SimulatedFiles(const SimulatedFiles&) = delete;
  SimulatedFiles& operator=(const SimulatedFiles&) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  // A sentence that is the same wherever the folder lies.
  [[nodiscard]] std::string without_folder(std::string text) const;

  // The disk has lost its power: what was not durable is gone, or is not, as the seed says.
  void lose_power();

  // --- The calls. Each is done, or says why not: false, with errno. ---

  [[nodiscard]] bool has(const std::string& path) const { return path.starts_with(folder_.native()); }
  [[nodiscard]] bool may_write() const;
  void opened(int descriptor, const std::string& path, bool is_new);
  void closed(int descriptor) { open_.erase(descriptor); }
  [[nodiscard]] bool is_open(int descriptor) const { return open_.contains(descriptor); }
  void written(int descriptor);
  [[nodiscard]] bool sync(int descriptor);
  [[nodiscard]] bool may_rename();
  void renamed(const std::string& from, const std::string& to);
  void unlinked(const std::string& path);

 private:
  using File = uint64_t;  // of a file, whatever its name
  struct Contents {
    std::string durable;
    bool is_dirty = false;
  };
  // A name that came to a file, or that is nobody's any more.
  struct Naming {
    std::string path;
    std::optional<File> file;
  };

  [[nodiscard]] bool fails();
  void sync_folder(const std::string& folder);
  static void name(std::map<std::string, File>& names, const Naming& naming);
  [[nodiscard]] std::string survivor(File file, const std::string& visible);

  log::SimulatedDisk& disk_;
  Prng random_;
  std::filesystem::path folder_;
  std::map<int, std::string> open_;  // paths by descriptors
  std::map<std::string, File> names_;
  std::map<std::string, File> durable_names_;
  std::vector<Naming> namings_;  // not durable, oldest first
  std::map<File, Contents> files_;
  File last_ = 0;
};

}  // namespace doorbuster::sim
