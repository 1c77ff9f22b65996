// Counts of pairs (pair_counts.h) with the baskets themselves, event by event: for those who have no histories of their
// own to count from.
//
// The state is a function of the events that are there and of the last time handed to advance(): whatever was added and
// removed on the way, it equals, byte for byte, one that never saw what was removed, as long as no basket had more than
// kEventsMax events. A basket that had keeps its newest ones; remove() then says so, and the caller may hand it in
// again.
//
// Memory: 12 bytes an event and about kBasketBytes a basket beside the counts.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "recs/models/pair_counts.h"

namespace doorbuster::recs {

class CoOccurrence final : private Baskets {
 public:
  static constexpr size_t kMembersMax = PairCounts::kMembersMax;
  static constexpr size_t kEventsMax = 512;   // of one basket
  static constexpr size_t kBasketBytes = 96;  // a node and a bucket of the hash table, and its vector

  CoOccurrence(const CoOccurrenceOptions& options, Timestamp start) : counts_(options, start, *this) {}
  CoOccurrence(const CoOccurrence&) = delete;
  CoOccurrence& operator=(const CoOccurrence&) = delete;

  // Items are numbered from 0 without large gaps. False where the event weighs nothing: its kind does, or it is too
  // old.
  bool add(BasketNumber basket, ItemNumber item, BasketEvent kind, Timestamp at);

  // The same for several at once, which costs far less than one after the other. How many of them count.
  struct Addition {
    ItemNumber item;
    BasketEvent kind;
    Timestamp at;
  };
  size_t add(BasketNumber basket, std::span<const Addition> events);

  enum class Removed : uint8_t {
    kNothing,    // there is no such event (it may have weighed nothing)
    kExactly,    // as if it had never been
    kTruncated,  // and the basket had more events than are kept: hand it in again
  };
  // One of the events that are equal to this.
  Removed remove(BasketNumber basket, ItemNumber item, BasketEvent kind, Timestamp at);
  void remove_basket(BasketNumber basket);
  // Looks at every basket.
  void remove_item(ItemNumber item);

  // To be called as time passes, at least once in 8 half-lives.
  void advance(Timestamp now);

  [[nodiscard]] std::vector<ScoredItem> also(ItemNumber item, size_t n, const PairCounts::Accept& accept = {}) const {
    return counts_.also(item, n, accept);
  }
  template <class Each>
  void each_also(ItemNumber item, Each&& each) const {
    counts_.each_also(item, each);
  }
  [[nodiscard]] const PairCounts& counts() const { return counts_; }
  [[nodiscard]] uint64_t weight(ItemNumber item, ItemNumber other) const { return counts_.weight(item, other); }
  [[nodiscard]] size_t row_size(ItemNumber item) const { return counts_.row_size(item); }
  [[nodiscard]] size_t pairs() const { return counts_.pairs(); }
  [[nodiscard]] size_t baskets() const { return baskets_.size(); }
  [[nodiscard]] size_t bytes() const;
  [[nodiscard]] std::vector<uint64_t> state() const { return counts_.state(); }

 private:
  struct Basket {
    std::vector<BasketEntry> events;  // in order
    bool is_truncated = false;
  };

  void read(BasketNumber basket, std::vector<BasketEntry>& into) const override;
  template <class Edit>
  void edit(BasketNumber basket, Edit&& change);

  std::unordered_map<BasketNumber, Basket> baskets_;
  PairCounts counts_;
};

}  // namespace doorbuster::recs
