// A hash index from keys, which live elsewhere, to 32-bit slots: open addressing, linear probing, backward-shift
// deletion (Knuth, TAOCP vol. 3, 6.4, algorithm R), 8 bytes a bucket.
//
// The index stores a slot and 32 bits of the key's hash; the caller tells by `same(slot)` whether a slot holds the key.
// It grows with what is in it, by doubling, and moves a few old buckets with every insert (as Redis' dict does), so
// that no insert in the middle of a stampede ever stops to move a million others. The next table's pages are made ahead
// in the same way: a page that is first read and then written costs the kernel two visits, the second of which
// interrupts every other core.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/reserved_array.h"

namespace doorbuster {

class FlatIndex {
 public:
  // At most 3/4 full: on average 2.5 probes for a hit (ibid., 6.4-(22)).
  explicit FlatIndex(size_t limit)
      : limit_(limit), newer_(std::make_unique<Table>(std::min(kFirstBuckets, std::bit_ceil(limit + limit / 3 + 1)))) {}

  [[nodiscard]] size_t size() const { return size_; }

  template <class Same>
  [[nodiscard]] std::optional<uint32_t> find(uint64_t hash, Same&& same) const {
    if (const auto found = newer_->find(tag(hash), same)) return found;
    return older_ ? older_->find(tag(hash), same) : std::nullopt;
  }

  // The key must not be there yet.
  void insert(uint64_t hash, uint32_t slot) {
    ASSERT(size_ < limit_);
    if (older_) {
      move_some();
    } else if (size_ * 2 > newer_->buckets()) {
      ready_next();
    }
    if ((size_ + 1) * 4 > newer_->buckets() * 3) grow();
    newer_->insert(tag(hash), slot);
    ++size_;
  }

  // Points the entry of `from` at `to`; it must be there.
  void replace(uint64_t hash, uint32_t from, uint32_t to) {
    if (older_ && older_->replace(tag(hash), from, to)) return;
    ASSERT(newer_->replace(tag(hash), from, to));
  }

  // Removes the entry that points at `slot`; it must be there.
  void erase(uint64_t hash, uint32_t slot) {
    const bool was_old = older_ && older_->replace(tag(hash), slot, kGone);
    if (!was_old) newer_->erase(tag(hash), slot);
    --size_;
  }

  void prefetch(uint64_t hash) const {
    newer_->prefetch(tag(hash));
    if (older_) older_->prefetch(tag(hash));
  }

 private:
  static constexpr size_t kFirstBuckets = 1'024;
  // While the newer table fills from 3/8 to 3/4, as many inserts come as 3/4 of the older one's buckets: two a time are
  // enough.
  static constexpr size_t kMovedAnInsert = 4;
  static constexpr uint32_t kGone = UINT32_MAX - 1;  // a slot that no key has: moved on, or erased
  // From 1/2 to 3/4 full, a quarter of the newer table's buckets come, and the next table has twice as many as it.
  static constexpr size_t kReadiedAnInsert = 8;
  static constexpr size_t kBucketsAPage = 4'096 / 8;

  class Table {
   public:
    explicit Table(size_t buckets) : buckets_(buckets) {
      buckets_.grow_to(buckets);
      buckets_.prefer_huge_pages();
    }

    [[nodiscard]] size_t buckets() const { return buckets_.capacity(); }

    template <class Same>
    [[nodiscard]] std::optional<uint32_t> find(uint32_t tag, Same&& same) const {
      for (size_t at = home(tag); buckets_[at].used(); at = next(at)) {
        const Bucket& bucket = buckets_[at];
        if (bucket.tag == tag && bucket.slot() != kGone && same(bucket.slot())) return bucket.slot();
      }
      return std::nullopt;
    }

    void insert(uint32_t tag, uint32_t slot) {
      size_t at = home(tag);
      while (buckets_[at].used()) at = next(at);
      buckets_[at] = {tag, slot + 1};
    }

    bool replace(uint32_t tag, uint32_t from, uint32_t to) {
      const auto at = locate(tag, from);
      if (at) buckets_[*at].slot_plus_one = to + 1;
      return at.has_value();
    }

    void erase(uint32_t tag, uint32_t slot) {
      const auto found = locate(tag, slot);
      ASSERT(found.has_value());
      size_t hole = *found;
      for (size_t at = next(hole); buckets_[at].used(); at = next(at)) {
        const size_t distance_from_home = (at - home(buckets_[at].tag)) & mask();
        if (distance_from_home < ((at - hole) & mask())) continue;
        buckets_[hole] = buckets_[at];
        hole = at;
      }
      buckets_[hole] = {};
    }

    // Hands what is in bucket `at` over to another table. The bucket stays in its chain.
    void move_to(Table& other, size_t at) {
      Bucket& bucket = buckets_[at];
      if (!bucket.used() || bucket.slot() == kGone) return;
      other.insert(bucket.tag, bucket.slot());
      bucket.slot_plus_one = kGone + 1;
    }

    void prefetch(uint32_t tag) const { buckets_.prefetch(home(tag)); }

    // Of a table that nothing is in yet: has the kernel give the memory of bucket `at`.
    void ready(size_t at) { buckets_[at] = {}; }

   private:
    struct Bucket {
      uint32_t tag;  // the low half of the hash; it also tells where the bucket's home is
      uint32_t slot_plus_one;
      [[nodiscard]] bool used() const { return slot_plus_one != 0; }
      [[nodiscard]] uint32_t slot() const { return slot_plus_one - 1; }
    };

    [[nodiscard]] size_t mask() const { return buckets_.capacity() - 1; }
    [[nodiscard]] size_t home(uint32_t tag) const { return tag & mask(); }
    [[nodiscard]] size_t next(size_t at) const { return (at + 1) & mask(); }
    [[nodiscard]] std::optional<size_t> locate(uint32_t tag, uint32_t slot) const {
      size_t at = home(tag);
      while (buckets_[at].used() && buckets_[at].slot() != slot) at = next(at);
      return buckets_[at].used() ? std::optional(at) : std::nullopt;
    }

    ReservedArray<Bucket> buckets_;
  };

  static uint32_t tag(uint64_t hash) { return static_cast<uint32_t>(hash); }

  void ready_next() {
    if (limit_ * 4 <= newer_->buckets() * 3) return;  // it will not grow
    make_next();
    if (readied_ == next_->buckets()) return;
    if (readied_ % kBucketsAPage == 0) next_->ready(readied_);
    readied_ += kReadiedAnInsert;
  }

  void make_next() {
    if (next_) return;
    next_ = std::make_unique<Table>(newer_->buckets() * 2);
    readied_ = 0;
  }

  void grow() {
    ASSERT(!older_);
    make_next();
    older_ = std::move(newer_);
    newer_ = std::move(next_);
    moved_ = 0;
  }

  void move_some() {
    const size_t until = std::min(moved_ + kMovedAnInsert, older_->buckets());
    for (; moved_ < until; ++moved_) older_->move_to(*newer_, moved_);
    if (moved_ == older_->buckets()) older_.reset();
  }

  const size_t limit_;
  size_t size_ = 0;
  std::unique_ptr<Table> newer_;
  std::unique_ptr<Table> older_;  // while its buckets are being moved
  size_t moved_ = 0;              // buckets of the older table
  std::unique_ptr<Table> next_;   // from half full on
  size_t readied_ = 0;            // buckets of the next table
};

}  // namespace doorbuster
