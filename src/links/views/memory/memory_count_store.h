// Counts of clicks in memory: where nothing is kept on disk, for tests, and as what the other store is compared with.
#pragma once

#include <map>
#include <mutex>

#include "links/views/count_store.h"

namespace doorbuster::links {

class MemoryCountStore final : public CountStore {
 public:
  [[nodiscard]] Result<Head> open() override;
  [[nodiscard]] Result<void> write(std::span<const Change> changes, const Head& head, Durable durable) override;
  [[nodiscard]] Result<Head> clear() override;
  [[nodiscard]] Result<std::optional<CountRecord>> find(uint64_t link) const override;
  [[nodiscard]] Result<std::vector<RecordTotal>> find_totals(std::span<const uint64_t> links) const override;
  [[nodiscard]] Usage usage() const override;

  // From now on nothing can be written, as on a full disk; or it can again.
  void refuse_writes(bool refuse) { refuses_ = refuse; }

 private:
  void set(uint64_t link, std::vector<std::byte> stored);

  mutable std::mutex mutex_;
  Head head_ = new_head();
  std::map<uint64_t, std::vector<std::byte>> records_;  // as on disk, which takes less room than in memory
  uint64_t bytes_ = 0;                                  // of them
  bool refuses_ = false;
};

}  // namespace doorbuster::links
