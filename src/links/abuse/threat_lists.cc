#include "links/abuse/threat_lists.h"

#include <algorithm>
#include <utility>

#include "base/file.h"

namespace doorbuster::links {
namespace {

constexpr size_t kListBytesMax = size_t{1} << 30;

std::string words_about_skipped(const ThreatList& list) {
  return list.name() + ": " + std::to_string(list.lines_skipped()) +
         " lines are neither a hash nor an address, first line " + std::to_string(list.first_skipped()) +
         "; the others are used";
}

}  // namespace

ThreatLists::ThreatLists(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    files_.push_back({.path = path});
    lists_.push_back(std::make_shared<const ThreatList>());
  }
}

ThreatLists::Stamp ThreatLists::stamp_of(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return {};
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .bytes = status.st_size,
          .changed_nanos = int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

// The stamp from before: what is written meanwhile makes it old.
Result<ThreatLists::List> ThreatLists::read(File& file) const {
  file.read = file.seen = stamp_of(file.path);
  const auto bytes = static_cast<size_t>(std::max<off_t>(file.read.bytes, 0));
  if (bytes > kListBytesMax)
    return fail(ErrorCode::kLimit, "links.threat_lists: '" + file.path + "' is larger than a GiB");
  const auto text = read_file(file.path, bytes);
  if (!text) {
    return fail(ErrorCode::kInvalid, "links.threat_lists: '" + file.path + "' can't be read: " + text.error().message);
  }
  return std::make_shared<const ThreatList>(ThreatList::read(*text, file.path));
}

Result<void> ThreatLists::load() {
  for (size_t i = 0; i < files_.size(); ++i) {
    List list = TRY(read(files_[i]));
    const std::lock_guard lock(mutex_);
    lists_[i] = std::move(list);
  }
  return {};
}

bool ThreatLists::refresh(const std::function<void(const std::string&)>& on_trouble) {
  bool has_changed = false;
  for (size_t i = 0; i < files_.size(); ++i) {
    File& file = files_[i];
    const Stamp now = stamp_of(file.path);
    const bool is_settled = now == std::exchange(file.seen, now);
    if (!is_settled || now == file.read) continue;
    auto list = read(file);
    if (!list) {
      on_trouble(list.error().message + "; the list as it was read before is used");
      continue;
    }
    if ((*list)->lines_skipped() > 0) on_trouble(words_about_skipped(**list));
    has_changed = true;
    const std::lock_guard lock(mutex_);
    lists_[i] = *std::move(list);
  }
  return has_changed;
}

std::vector<ThreatLists::List> ThreatLists::lists() const {
  const std::lock_guard lock(mutex_);
  return lists_;
}

ThreatLists::Found ThreatLists::find(std::string_view long_url) const {
  Found found;
  const auto now = lists();
  if (now.empty()) return found;
  const auto hashes = threat_hashes(long_url);
  for (const List& list : now) {
    const Threat threat = list->find(hashes);
    if (threat > found.threat) found = {.threat = threat, .list = list->name()};
  }
  return found;
}

bool ThreatLists::are_empty() const { return entries() == 0; }

size_t ThreatLists::entries() const {
  size_t entries = 0;
  for (const List& list : lists()) entries += list->entries();
  return entries;
}

size_t ThreatLists::lines_skipped() const {
  size_t lines = 0;
  for (const List& list : lists()) lines += list->lines_skipped();
  return lines;
}

}  // namespace doorbuster::links
