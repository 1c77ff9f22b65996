// Which sales there are, what their operators said about them and their live numbers, for readers on many threads. Of
// those that are archived there is the id; the rest is in the archive (archived_sales.h).
//
// Settings change seldom and are read with every request, so a reader keeps a page of its own and looks at one version
// number when a request begins; a request sees one page from its begin to its end, whatever is published meanwhile. A
// new page is made for each change; it shares with the one before what has not changed, so that a change costs the same
// with many sales as with few.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sale/machine/settings.h"
#include "sale/views/customer_filter.h"
#include "sale/views/live_status.h"

namespace doorbuster::sale {

struct Listing {
  SaleNumber number;
  uint32_t slot = kNoSlot;  // among the sales of the directory, of all cells; another's once it is archived
  Settings settings;
  std::string message;                        // of the operator, to those who wait; empty: none
  std::optional<Beacon> beacon;               // that its draw waits for, or has waited for
  uint64_t version = 0;                       // of all that; grows
  std::shared_ptr<CustomerFilter> customers;  // who may have something in it
  std::shared_ptr<LiveStatus> live;

  [[nodiscard]] PublicStatus status() const { return live->read().status; }
};

// The sales of a cell, in the order of their numbers, but those that are archived. A copy shares what is not replaced:
// it costs a pointer for 64 sales.
class Listings {
 public:
  static constexpr size_t kAChunk = 64;
  using Chunk = std::array<std::shared_ptr<const Listing>, kAChunk>;

  // Every sale that was put or dropped has a lower index in the cell.
  [[nodiscard]] size_t size() const { return size_; }
  // Null if it is archived, or never was.
  [[nodiscard]] const Listing* find(size_t index) const {
    if (index >= size_ || chunks_[index / kAChunk] == nullptr) return nullptr;
    return (*chunks_[index / kAChunk])[index % kAChunk].get();
  }
  void put(std::shared_ptr<const Listing> listing);
  // It is archived.
  void drop(size_t index);
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& chunk : chunks_) {
      if (chunk == nullptr) continue;
      for (const auto& listing : *chunk) {
        if (listing != nullptr) visit(*listing);
      }
    }
  }

 private:
  void reach(size_t index);

  std::vector<std::shared_ptr<const Chunk>> chunks_;  // null: nothing of it is kept
  size_t size_ = 0;
};

// From ids to numbers, which stay as they are once they are there, also of archived sales. A copy shares what is not
// replaced.
class NumbersById {
 public:
  void add(const std::vector<ArchivedId>& sales);
  [[nodiscard]] std::optional<SaleNumber> find(std::string_view id) const;

 private:
  using Bucket = std::vector<std::pair<std::string, SaleNumber>>;  // sorted
  static constexpr size_t kBuckets = 256;
  [[nodiscard]] static size_t bucket_of(std::string_view id) { return std::hash<std::string_view>()(id) % kBuckets; }

  std::array<std::shared_ptr<const Bucket>, kBuckets> buckets_;
};

class Directory {
 public:
  // All sales at one moment. Never changes once it is made.
  struct Page {
    std::vector<Listings> by_cell;  // and then by the index in it
    NumbersById by_id;

    [[nodiscard]] const Listing* find(std::string_view id) const {
      const auto number = by_id.find(id);
      return number ? find(*number) : nullptr;
    }
    [[nodiscard]] const Listing* find(SaleNumber number) const {
      const uint32_t cell = cell_of(number).value();
      return cell < by_cell.size() ? by_cell[cell].find(index_of(number)) : nullptr;
    }
    // Also if it is archived.
    [[nodiscard]] bool knows(SaleNumber number) const {
      const uint32_t cell = cell_of(number).value();
      return cell < by_cell.size() && index_of(number) < by_cell[cell].size();
    }
    // Cell by cell, in the order in which they were made.
    template <class Visit>
    void for_each(Visit&& visit) const {
      for (const Listings& sales : by_cell) sales.for_each(visit);
    }
  };

  Directory() : page_(std::make_shared<const Page>()) {}

  // --- One thread a cell. ---

  // Its numbers, and, before they are seen, who has got something in it since. False, and nothing, if there is no such
  // sale.
  bool publish(const PublicStatus& status, const std::vector<CustomerHash>& newcomers = {});
  // A sale is new, or its settings or its message are. Whoever finds a new one finds its numbers, too.
  void publish(const PublicStatus& status, const Settings& settings, std::string message = {},
               const std::optional<Beacon>& beacon = {});
  // From now on there are only their ids.
  void archive(const std::vector<ArchivedId>& sales);

  // --- Any thread. ---

  // Also if it is archived.
  [[nodiscard]] bool knows(SaleNumber number) const { return page()->knows(number); }

  [[nodiscard]] uint64_t version() const { return version_.load(std::memory_order_acquire); }
  [[nodiscard]] std::shared_ptr<const Page> page() const {
    const std::lock_guard lock(mutex_);
    return page_;
  }

 private:
  [[nodiscard]] uint32_t take_slot();
  void show(std::shared_ptr<Page> next);

  std::mutex publishing_;  // who makes the next page
  std::vector<uint32_t> free_slots_;
  uint32_t slots_ = 0;
  mutable std::mutex mutex_;
  std::shared_ptr<const Page> page_;
  std::atomic<uint64_t> version_{0};
};

// One thread's view of the directory.
class DirectoryReader {
 public:
  explicit DirectoryReader(const Directory& directory) : directory_(directory), page_(directory.page()) {}

  // Whenever something begins that is to see one page: what page() gave before may be gone.
  void refresh() {
    const uint64_t version = directory_.version();
    if (version == seen_) return;
    page_ = directory_.page();
    seen_ = version;
  }

  // As of the last refresh(); it and all that is in it stay valid until the next.
  [[nodiscard]] const Directory::Page& page() const { return *page_; }

 private:
  const Directory& directory_;
  std::shared_ptr<const Directory::Page> page_;
  uint64_t seen_ = 0;
};

}  // namespace doorbuster::sale
