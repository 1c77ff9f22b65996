// How often each link was followed, by whom and from where, as read from the log (link_counts.h).
//
// Counts lie in a store, and in memory only what came since the last write (recent_counts.h), up to a bound. Each write
// says how far the log was heard, so that after a crash each click is counted once, whatever the follower's saved state
// says: what the store has heard is passed over. The saved state names the store that it belongs to; another one is
// emptied, and all clicks are counted again from the log (docs/decisions/0128).
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "links/machine/links_machine.h"
#include "links/views/count_store.h"
#include "links/views/recent_counts.h"
#include "platform/views/follower.h"

namespace doorbuster::links {

class ClickCounts final : public platform::EventAudience {
 public:
  // More than so many bytes are written at once.
  ClickCounts(std::unique_ptr<CountStore> store, size_t recent_bytes_max)
      : store_(std::move(store)), recent_bytes_max_(recent_bytes_max) {}

  // Once, before a follower tells anything; the log ends there.
  [[nodiscard]] Result<void> open(Sequence tail);

  // kIo: the store can't be written to, and no more than it may is kept in memory.
  [[nodiscard]] Result<uint64_t> hear(Bytes events, const platform::EventPlace& first) override;
  void on_caught_up() override { (void)begin(); }  // tried again with the first event
  void tidy() override;
  [[nodiscard]] std::string state_format() const override { return "links-clicks-4"; }
  // Writes what is recent: what readers see stays as it is.
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override;
  [[nodiscard]] Result<void> load(platform::StateReader& in) override;
  void clear() override;

  // --- Any thread. ---

  // Nothing: nobody has followed it yet. It may read from disk, once. kIo, kCorrupt: it can't be read.
  [[nodiscard]] Result<std::optional<LinkCounts>> of(uint64_t link) const;
  // How often each of them was followed, and when last.
  [[nodiscard]] Result<std::vector<RecordTotal>> totals_of(std::span<const uint64_t> links) const;
  // While it stays the same, so does what is counted of the link; it is told without a look at the disk.
  struct Edition {
    uint64_t writes = UINT64_MAX;
    Sequence heard;
    bool operator==(const Edition&) const = default;
  };
  [[nodiscard]] Edition edition_of(uint64_t link) const;
  // Of all links, those that are gone among them.
  [[nodiscard]] Tally total() const;

  struct Usage {
    uint64_t recent_links = 0;
    uint64_t recent_bytes = 0;
    uint64_t reads = 0;   // of records, since the start
    uint64_t writes = 0;  // likewise
    bool is_failing = false;
    CountStore::Usage store;
  };
  [[nodiscard]] Usage usage() const;

 private:
  // Makes sure that what lies in the store is of this log.
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> write(CountStore::Durable durable) const;
  void note(const Event& event, Timestamp at, Sequence sequence);

  void publish_total();

  // What a write changes.
  struct Unwritten {
    RecentCounts recent;
    std::atomic<uint64_t> writes{0};
    std::atomic<bool> is_failing{false};
  };

  const std::unique_ptr<CountStore> store_;
  const size_t recent_bytes_max_;
  const std::unique_ptr<Unwritten> unwritten_ = std::make_unique<Unwritten>();
  std::atomic<bool> is_believed_{false};  // the store belongs to this log
  mutable std::atomic<uint64_t> reads_{0};
  std::array<std::atomic<uint64_t>, kVisitorNames.size()> total_{};
  // The follower's thread.
  Sequence tail_;
  CountStore::Head head_;  // of all that was heard
};

}  // namespace doorbuster::links
