// What else was in the baskets of an item: "customers who bought this also bought".
//
// Item-to-item collaborative filtering (Linden, Smith, York: "Amazon.com Recommendations", IEEE Internet Computing
// 2003; Smith and Linden: "Two Decades of Recommender Systems at Amazon.com", ibid. 2017). A basket is whatever belongs
// together: a user's history, a visit or an invoice. Its newest kMembersMax items are its members; of each the
// strongest event counts, at its latest time. The row of an item holds, for every other item, how often both were
// members of one basket:
//   - a pair weighs the product of what its two kinds of event weigh, less in a larger basket (heavy buyers), and less
//     where the item of the row came after the other one (a memory card follows a camera);
//   - it weighs half with every half-life that passes: a pair weighs more the later it is, relative to a landmark, so
//     that nothing that is counted ever has to be touched again (forward decay: Cormode et al., ICDE 2009);
//   - of the baskets of an item the newest `baskets_a_row` count.
//
// Rows are not kept. They are counted when they are asked for, from the item's newest baskets, and the best kBestKept
// of the rows that were asked for lately are remembered until one of their baskets changes. So an event costs what a
// basket has members, whatever was taken back is in no row, and there is no table of pairs to bound, to save or to make
// anew.
//
// Everything counted is an integer, and a function of what the baskets hold and of the last time handed to advance().
//
// Memory: 8 to 10 bytes a member of a basket, kItemBytes an item, and the remembered rows, half a KiB each; and of each
// thread that asks, 8 bytes an item. bytes() says how much it is.
//
// One thread changes it, while nobody asks; any number may ask at a time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/time.h"
#include "recs/models/item.h"
#include "recs/models/newest_list.h"

namespace doorbuster::recs {

using BasketNumber = uint32_t;
enum class BasketEvent : uint8_t { kView, kCart, kPurchase };

struct CoOccurrenceOptions {
  std::array<uint8_t, 3> kind_weights = {1, 2, 4};  // by BasketEvent, at most kKindWeightMax; 0: not counted
  uint8_t forward_weight = 4;                       // the item of the row came first, or both at once
  uint8_t backward_weight = 2;                      // it came second; both at most kDirectionWeightMax
  uint8_t basket_power = 2;        // in quarters: a pair weighs (members of its basket) ^ -power, at most 4
  uint8_t target_power = 2;        // in quarters: a score is divided by (weight of the target) ^ power, at most 4
  uint8_t source_power = 2;        // and by (weight of the source) ^ power, at most 4
  uint32_t prior = 4;              // fresh purchases that are added to either weight: what is rare proves little
  uint32_t baskets_a_row = 1'024;  // at most kBasketsARowMax
  Duration half_life = Duration::seconds(int64_t{180} * 86'400);  // at least a minute
};

struct BasketEntry {
  uint32_t seconds;  // since 1970
  ItemNumber item;
  BasketEvent kind;
  auto operator<=>(const BasketEntry&) const = default;
};

// Where baskets lie.
class Baskets {
 public:
  virtual ~Baskets() = default;
  // All that is in it, the newest first, in an order that follows from what it is. Any thread, while nothing changes.
  virtual void read(BasketNumber basket, std::vector<BasketEntry>& into) const = 0;
  // Fetches where it lies from memory, and then what lies there.
  virtual void prefetch_place(BasketNumber) const {}
  virtual void prefetch(BasketNumber) const {}
};

class PairCounts {
 public:
  static constexpr size_t kMembersMax = 64;
  static constexpr uint8_t kKindWeightMax = 4;
  static constexpr uint8_t kDirectionWeightMax = 4;
  static constexpr uint32_t kBasketsARowMax = 1 << 16;
  static constexpr size_t kRowsKept = 1 << 16;
  static constexpr size_t kBestKept = 64;  // 8 bytes each

  using Accept = std::function<bool(ItemNumber item)>;

  struct Member {
    ItemNumber item;
    uint32_t seconds;
    uint32_t weight;
    bool operator==(const Member&) const = default;
  };
  struct Members {
    std::array<Member, kMembersMax> list;  // the newest first
    size_t size = 0;
    [[nodiscard]] std::span<const Member> all() const { return std::span(list).first(size); }
  };

  // As after advance(start). The baskets outlive it.
  PairCounts(const CoOccurrenceOptions& options, Timestamp start, const Baskets& baskets);

  // Whether such an event says anything.
  [[nodiscard]] bool counts(BasketEvent kind) const { return options_.kind_weights[static_cast<size_t>(kind)] > 0; }
  [[nodiscard]] bool counts(const BasketEntry& entry) const { return counts(entry.kind) && entry.seconds >= landmark_; }
  // Of a basket as it lies there now; of what lies in one, the newest first.
  [[nodiscard]] Members members_of(BasketNumber basket) const;
  [[nodiscard]] Members members_in(std::span<const BasketEntry> entries) const;
  // The basket had the first ones, and has the others now.
  void change(BasketNumber basket, const Members& before, const Members& after);

  // To be called as time passes. True once in 8 half-lives: what is 8 half-lives older and more (1/256 of the weight)
  // is to be forgotten, nothing is counted any more, and count() has to be called of every basket.
  [[nodiscard]] bool advance(Timestamp now);
  // All of these at once, of which none is counted yet.
  void count(std::span<const BasketNumber> baskets);

  // The n that go best with the item, the best first, of those that are accepted. `accept` is asked of those only that
  // would be among the best so far.
  [[nodiscard]] std::vector<ScoredItem> also(ItemNumber item, size_t n, const Accept& accept = {}) const;
  // Calls each(other, score) of the kBestKept that go best with the item.
  template <class Each>
  void each_best(ItemNumber item, Each&& each) const {
    Best best;
    find_best(item, best);
    for (const ScoredItem& one : best.all()) each(one.item, one.score);
  }
  // Of all that were in a basket with it.
  template <class Each>
  void each_also(ItemNumber item, Each&& each) const {
    for (const ScoredItem& one : scored_row(item)) each(one.item, one.score);
  }

  // How much the item itself was looked at or bought lately; comparable within one table at one time.
  [[nodiscard]] uint64_t weight(ItemNumber item) const { return item < items_.size() ? items_[item].weight : 0; }
  [[nodiscard]] uint64_t weight(ItemNumber item, ItemNumber other) const;  // of the pair, in the row of `item`
  [[nodiscard]] size_t items() const { return items_.size(); }
  [[nodiscard]] size_t members() const { return members_; }  // of all baskets
  [[nodiscard]] size_t row_size(ItemNumber item) const;
  [[nodiscard]] size_t pairs() const;  // counts all rows
  [[nodiscard]] size_t bytes() const;
  // All that is counted, in one order: equal where the tables are.
  [[nodiscard]] std::vector<uint64_t> state() const;

 private:
  struct Item {
    NewestList baskets;  // that it is a member of, by when it came into them
    uint64_t weight = 0;
  };
  static constexpr size_t kItemBytes = sizeof(Item) + sizeof(float) + 2 * sizeof(uint32_t);
  struct Pair {
    ItemNumber item;
    uint64_t weight;
  };
  // The best of a row; `score` is the weight of the pair, or its score.
  struct Best {
    std::array<ScoredItem, kBestKept> list;
    size_t size = 0;
    bool is_all = true;  // that is in the row
    [[nodiscard]] std::span<const ScoredItem> all() const { return std::span(list).first(size); }
  };
  struct Version {
    uint32_t changes = 0;        // of its row
    uint32_t counted_since = 0;  // what came into its baskets before is not in its row
  };
  static constexpr size_t kMutexes = 256;
  struct KeptRow {
    ItemNumber item = kNoItem;
    uint32_t version = 0;
    std::unique_ptr<Best> weights;
  };

  void reserve_items(std::span<const Member> members);
  void enter(BasketNumber basket, const Member& member);
  void leave(BasketNumber basket, const Member& member);
  void set_weight(ItemNumber item, uint64_t weight);
  void note_change(ItemNumber item);
  [[nodiscard]] std::vector<Pair> row(ItemNumber item) const;
  [[nodiscard]] std::vector<ScoredItem> scored_row(ItemNumber item) const;
  void find_best(ItemNumber item, Best& best) const;
  void count_best(ItemNumber item, Best& weights) const;
  [[nodiscard]] uint32_t factor_of(size_t members) const;
  [[nodiscard]] uint64_t pair_weight(const Member& row, const Member& partner, uint32_t factor) const;
  [[nodiscard]] uint64_t decay(uint32_t seconds) const;
  [[nodiscard]] uint32_t landmark_at(uint32_t now) const;
  [[nodiscard]] float scale(uint64_t weight, uint8_t power) const;
  [[nodiscard]] float score_of(float weight, ItemNumber other, float of_source) const {
    return weight * of_source * target_scales_[other];
  }

  const CoOccurrenceOptions options_;
  const Baskets& baskets_;
  const uint32_t half_life_seconds_;
  std::array<uint32_t, 7> basket_factors_{};  // by the logarithm of how many members there are
  uint32_t landmark_ = 0;                     // seconds since 1970; what is older does not count
  uint64_t prior_ = 0;
  std::vector<Item> items_;
  std::vector<float> target_scales_;  // by item
  std::vector<Version> versions_;     // by item
  size_t members_ = 0;
  // By the item's number.
  mutable std::vector<KeptRow> kept_ = std::vector<KeptRow>(kRowsKept);
  mutable std::array<std::mutex, kMutexes> mutexes_;  // each of every kMutexes-th of them
  mutable std::atomic<size_t> kept_rows_{0};
};

}  // namespace doorbuster::recs
