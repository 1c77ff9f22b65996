// A hash index from keys, which live elsewhere, to 32-bit slots: open addressing, linear probing, backward-shift
// deletion (Knuth, TAOCP vol. 3, 6.4, algorithm R), 8 bytes a bucket, no tombstones and no rehash.
//
// The index stores a slot and 32 bits of the key's hash; the caller tells by `same(slot)` whether a slot holds the key.
// Its table is sized once for `limit` keys, so that an insert in the middle of a stampede never stops to move a million
// others.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "base/reserved_array.h"

namespace doorbuster {

class FlatIndex {
 public:
  // At most 3/4 full: on average 2.5 probes for a hit (ibid., 6.4-(22)).
  explicit FlatIndex(size_t limit) : limit_(limit), buckets_(std::bit_ceil(limit + limit / 3 + 1)) {
    buckets_.grow_to(buckets_.capacity());
  }

  [[nodiscard]] size_t size() const { return size_; }

  template <class Same>
  [[nodiscard]] std::optional<uint32_t> find(uint64_t hash, Same&& same) const {
    for (size_t at = home(hash); buckets_[at].used(); at = next(at)) {
      if (buckets_[at].tag == tag(hash) && same(buckets_[at].slot())) return buckets_[at].slot();
    }
    return std::nullopt;
  }

  // The key must not be there yet.
  void insert(uint64_t hash, uint32_t slot) {
    ASSERT(size_ < limit_);
    size_t at = home(hash);
    while (buckets_[at].used()) at = next(at);
    buckets_[at] = {tag(hash), slot + 1};
    ++size_;
  }

  // Points the entry of `from` at `to`; it must be there.
  void replace(uint64_t hash, uint32_t from, uint32_t to) { buckets_[locate(hash, from)].slot_plus_one = to + 1; }

  // Removes the entry that points at `slot`; it must be there.
  void erase(uint64_t hash, uint32_t slot) {
    size_t hole = locate(hash, slot);
    for (size_t at = next(hole); buckets_[at].used(); at = next(at)) {
      const size_t distance_from_home = (at - home_of(buckets_[at])) & mask();
      if (distance_from_home < ((at - hole) & mask())) continue;
      buckets_[hole] = buckets_[at];
      hole = at;
    }
    buckets_[hole] = {};
    --size_;
  }

  void prefetch(uint64_t hash) const { buckets_.prefetch(home(hash)); }

 private:
  struct Bucket {
    uint32_t tag;  // the low half of the hash; it also tells where the bucket's home is
    uint32_t slot_plus_one;
    [[nodiscard]] bool used() const { return slot_plus_one != 0; }
    [[nodiscard]] uint32_t slot() const { return slot_plus_one - 1; }
  };

  [[nodiscard]] size_t mask() const { return buckets_.capacity() - 1; }
  static uint32_t tag(uint64_t hash) { return static_cast<uint32_t>(hash); }
  [[nodiscard]] size_t home(uint64_t hash) const { return tag(hash) & mask(); }
  [[nodiscard]] size_t home_of(const Bucket& bucket) const { return bucket.tag & mask(); }
  [[nodiscard]] size_t next(size_t at) const { return (at + 1) & mask(); }
  [[nodiscard]] size_t locate(uint64_t hash, uint32_t slot) const {
    size_t at = home(hash);
    while (buckets_[at].slot_plus_one != slot + 1) {
      ASSERT(buckets_[at].used());
      at = next(at);
    }
    return at;
  }

  size_t limit_;
  size_t size_ = 0;
  ReservedArray<Bucket> buckets_;
};

}  // namespace doorbuster
