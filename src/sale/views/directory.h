// Which sales there are and what their operators said about them, for readers on many threads.
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

namespace doorbuster::sale {

struct Listing {
  SaleNumber number;
  Settings settings;
  std::string message;                        // of the operator, to those who wait; empty: none
  std::optional<Beacon> beacon;               // that its draw waits for, or has waited for
  uint64_t version = 0;                       // of all that; grows
  std::shared_ptr<CustomerFilter> customers;  // who may have something in it
};

// All sales of a cell, in the order of their numbers. A copy shares what is not replaced: it costs a pointer for 64
// sales.
class Listings {
 public:
  static constexpr size_t kAChunk = 64;
  using Chunk = std::array<std::shared_ptr<const Listing>, kAChunk>;

  [[nodiscard]] size_t size() const { return size_; }
  // By the index in the cell, below size().
  [[nodiscard]] const std::shared_ptr<const Listing>& operator[](size_t index) const {
    return (*chunks_[index / kAChunk])[index % kAChunk];
  }
  // Of a sale that is there, or the next.
  void put(std::shared_ptr<const Listing> listing);

 private:
  std::vector<std::shared_ptr<const Chunk>> chunks_;
  size_t size_ = 0;
};

// From ids to numbers, which stay as they are once they are there. A copy shares what is not replaced.
class NumbersById {
 public:
  void add(const std::string& id, SaleNumber number);
  [[nodiscard]] std::optional<SaleNumber> find(std::string_view id) const;

 private:
  using Bucket = std::vector<std::pair<std::string, SaleNumber>>;
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
      if (cell >= by_cell.size() || index_of(number) >= by_cell[cell].size()) return nullptr;
      return by_cell[cell][index_of(number)].get();
    }
    // Cell by cell, in the order in which they were made.
    template <class Visit>
    void for_each(Visit&& visit) const {
      for (const Listings& sales : by_cell) {
        for (size_t index = 0; index < sales.size(); ++index) visit(*sales[index]);
      }
    }
  };

  Directory() : page_(std::make_shared<const Page>()) {}

  // One thread a cell: a sale is new, or its settings or its message are; or customers have got something in it, which
  // has to be published before the numbers that follow from it.
  void publish(SaleNumber number, const Settings& settings, std::string message = {},
               const std::optional<Beacon>& beacon = {});
  void add_customers(SaleNumber number, const std::vector<CustomerHash>& customers);
  // Any thread: the sale is archived, and nobody has anything in it any more. Nothing if it is not known.
  void forget_customers(SaleNumber number);

  [[nodiscard]] bool knows(SaleNumber number) const { return page()->find(number) != nullptr; }

  [[nodiscard]] uint64_t version() const { return version_.load(std::memory_order_acquire); }
  [[nodiscard]] std::shared_ptr<const Page> page() const {
    const std::lock_guard lock(mutex_);
    return page_;
  }

 private:
  void put(const Page& present, Listing listing);

  std::mutex publishing_;  // who makes the next page
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
