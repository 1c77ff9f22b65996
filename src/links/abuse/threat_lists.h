// The lists of threats that the settings name, each as its file was when it was read last: whoever puts another file in
// its place is obeyed a moment later, and a file that can't be read changes nothing. Nothing is fetched from anywhere.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "links/abuse/threat_list.h"

namespace doorbuster::links {

class ThreatLists {
 public:
  explicit ThreatLists(const std::vector<std::string>& paths);

  // Reads all of them, at the start. kInvalid names one that can't be read, and why.
  [[nodiscard]] Result<void> load();
  // Reads those anew that are others than they were, and were so when this was called last: whoever writes one may take
  // their time. One thread at a time. Whether there was one; of one that can't be read, and of lines that say nothing,
  // `on_trouble` is told.
  [[nodiscard]] bool refresh(const std::function<void(const std::string&)>& on_trouble);

  // --- Any thread. ---

  struct Found {
    Threat threat = Threat::kNone;
    std::string list = {};  // which names it
  };
  // The worst that any list says of where an address leads.
  [[nodiscard]] Found find(std::string_view long_url) const;
  [[nodiscard]] bool are_empty() const;
  [[nodiscard]] size_t entries() const;
  [[nodiscard]] size_t lines_skipped() const;

 private:
  // What tells one content of a file from another.
  struct Stamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t bytes = 0;
    int64_t changed_nanos = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct File {
    std::string path;
    Stamp read = {};  // as it was read
    Stamp seen = {};  // as it was looked at last
  };
  using List = std::shared_ptr<const ThreatList>;

  [[nodiscard]] static Stamp stamp_of(const std::string& path);
  [[nodiscard]] Result<List> read(File& file) const;
  [[nodiscard]] std::vector<List> lists() const;

  std::vector<File> files_;
  mutable std::mutex mutex_;
  std::vector<List> lists_;  // under mutex_; by file
};

}  // namespace doorbuster::links
