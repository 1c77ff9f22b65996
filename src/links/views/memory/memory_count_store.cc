#include "links/views/memory/memory_count_store.h"

namespace doorbuster::links {

Result<CountStore::Head> MemoryCountStore::open() {
  const std::lock_guard lock(mutex_);
  return head_;
}

void MemoryCountStore::set(uint64_t link, std::vector<std::byte> stored) {
  std::vector<std::byte>& record = records_[link];
  bytes_ += stored.size() - record.size();
  record = std::move(stored);
}

Result<void> MemoryCountStore::write(std::span<const Change> changes, const Head& head, Durable) {
  const std::lock_guard lock(mutex_);
  if (refuses_) return fail(ErrorCode::kIo, "the disk is full");
  for (const Change& change : changes) {
    const auto found = records_.find(change.link);
    if (change.is_gone) {
      if (found == records_.end()) continue;
      bytes_ -= found->second.size();
      records_.erase(found);
      continue;
    }
    CountRecord record = found == records_.end() ? CountRecord() : TRY(decode_record(found->second));
    for (const CountRecord& part : change.parts) {
      ASSERT(part.counts.can_be_added());
      record += part;
    }
    set(change.link, encode_record(record));
  }
  head_ = head;
  return {};
}

Result<CountStore::Head> MemoryCountStore::clear() {
  const std::lock_guard lock(mutex_);
  if (refuses_) return fail(ErrorCode::kIo, "the disk is full");
  records_.clear();
  bytes_ = 0;
  head_ = new_head();
  return head_;
}

Result<std::optional<CountRecord>> MemoryCountStore::find(uint64_t link) const {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(link);
  if (found == records_.end()) return std::nullopt;
  return TRY(decode_record(found->second));
}

Result<std::vector<RecordTotal>> MemoryCountStore::find_totals(std::span<const uint64_t> links) const {
  const std::lock_guard lock(mutex_);
  std::vector<RecordTotal> totals;
  for (const uint64_t link : links) {
    const auto found = records_.find(link);
    totals.push_back(found == records_.end() ? RecordTotal() : TRY(decode_total(found->second)));
  }
  return totals;
}

CountStore::Usage MemoryCountStore::usage() const {
  const std::lock_guard lock(mutex_);
  return {.links = records_.size(), .memory_bytes = bytes_, .disk_bytes = 0};
}

}  // namespace doorbuster::links
