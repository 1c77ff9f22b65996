#include "links/views/recent_counts.h"

#include <utility>

namespace doorbuster::links {
namespace {

// A node of the table, and its part of the places.
constexpr size_t kEntryBytes = sizeof(RecentCounts::Links::value_type) + 4 * sizeof(void*);

size_t bytes_of_part(const CountRecord& part) { return sizeof(CountRecord) + part.counts.heap_bytes(); }

}  // namespace

template <class CanTake, class Add>
void RecentCounts::add(uint64_t link, Sequence heard, CanTake&& can_take, Add&& add) {
  const auto [found, is_new] = links_.try_emplace(link);
  auto& [is_gone, parts] = found->second;
  if (is_gone) return;
  if (is_new) bytes_ += kEntryBytes;
  if (parts.empty() || !can_take(parts.back().counts)) {
    parts.emplace_back();
    bytes_ += bytes_of_part(parts.back());
  }
  CountRecord& part = parts.back();
  const size_t before = bytes_of_part(part);
  add(part.counts);
  part.heard = heard;
  bytes_ += bytes_of_part(part) - before;
}

void RecentCounts::note(const Click& click, Timestamp at, Sequence heard) {
  const std::lock_guard lock(mutex_);
  add(
      click.link, heard, [&](const LinkCounts& counts) { return counts.can_note(click); },
      [&](LinkCounts& counts) { counts.note(click, at); });
}

void RecentCounts::note(const ImportedClicks& clicks, Sequence heard) {
  const std::lock_guard lock(mutex_);
  add(clicks.link, heard, [](const LinkCounts&) { return true; }, [&](LinkCounts& counts) { counts.note(clicks); });
}

void RecentCounts::forget(uint64_t link) {
  const std::lock_guard lock(mutex_);
  const auto [found, is_new] = links_.try_emplace(link);
  if (is_new) bytes_ += kEntryBytes;
  for (const CountRecord& part : found->second.parts) bytes_ -= bytes_of_part(part);
  found->second = {.is_gone = true, .parts = {}};
}

void RecentCounts::clear() {
  Links written;  // freed while others may look
  const std::lock_guard lock(mutex_);
  written.swap(links_);
  bytes_ = 0;
}

std::optional<RecentCounts::OfLink> RecentCounts::of(uint64_t link) const {
  const std::lock_guard lock(mutex_);
  const auto found = links_.find(link);
  return found == links_.end() ? std::nullopt : std::optional(found->second);
}

Sequence RecentCounts::heard_of(uint64_t link) const {
  const std::lock_guard lock(mutex_);
  const auto found = links_.find(link);
  return found == links_.end() || found->second.parts.empty() ? Sequence() : found->second.parts.back().heard;
}

size_t RecentCounts::size() const {
  const std::lock_guard lock(mutex_);
  return links_.size();
}

size_t RecentCounts::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace doorbuster::links
