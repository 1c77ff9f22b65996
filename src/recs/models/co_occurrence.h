// What else was in the baskets of an item: "customers who bought this also bought".
//
// Item-to-item collaborative filtering (Linden, Smith, York: "Amazon.com Recommendations", IEEE Internet Computing
// 2003; Smith and Linden: "Two Decades of Recommender Systems at Amazon.com", ibid. 2017), kept up to date event by
// event. A basket is whatever belongs together: a user's history, a visit or an invoice. Its newest kMembersMax items
// are its members; of each the strongest event counts, at its latest time. The row of an item holds, for every other
// item, how often both were members of one basket:
//   - a pair weighs the product of what its two kinds of event weigh, less in a larger basket (heavy buyers), and less
//     where the item of the row came after the other one (a memory card follows a camera);
//   - it weighs half with every half-life that passes: a pair weighs more the later it is, relative to a landmark, so
//     that nothing that is counted ever has to be touched again (forward decay: Cormode et al., ICDE 2009);
//   - of the baskets of an item the newest `baskets_a_row` count.
//
// Everything is an integer, and the state is a function of the events that are there and of the last time handed to
// advance(): whatever was added and removed on the way, it equals, byte for byte, one that never saw what was removed,
// as long as no basket had more than kEventsMax events. A basket that had keeps its newest ones; remove() then says so,
// and the caller may hand it in again from its own history.
//
// Memory: 12 bytes an event, 12 bytes and 16 bytes (weight, place among the baskets of the item) a member, about
// kBasketBytes a basket, sizeof(Item) an item, and 12 bytes a pair of a row: at most baskets_a_row * (kMembersMax - 1)
// of them an item, however many baskets it is in, and at most kMembersMax - 1 a member. bytes() says how much it is.
//
// One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "recs/models/item.h"

namespace doorbuster::recs {

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

class CoOccurrence {
 public:
  static constexpr size_t kMembersMax = 64;
  static constexpr size_t kEventsMax = 512;  // of one basket
  static constexpr uint8_t kKindWeightMax = 4;
  static constexpr uint8_t kDirectionWeightMax = 4;
  static constexpr uint32_t kBasketsARowMax = 1 << 16;
  static constexpr size_t kBasketBytes = 96;  // a node and a bucket of the hash table, and its vector

  using Accept = std::function<bool(ItemNumber item)>;

  // As after advance(start).
  CoOccurrence(const CoOccurrenceOptions& options, Timestamp start);

  // Items are numbered from 0 without large gaps. False where the event weighs nothing: its kind does, or it is too
  // old.
  bool add(uint64_t basket, ItemNumber item, BasketEvent kind, Timestamp at);

  // The same for several at once, which costs far less than one after the other. How many of them count.
  struct Addition {
    ItemNumber item;
    BasketEvent kind;
    Timestamp at;
  };
  size_t add(uint64_t basket, std::span<const Addition> events);

  enum class Removed : uint8_t {
    kNothing,    // there is no such event (it may have weighed nothing)
    kExactly,    // as if it had never been
    kTruncated,  // and the basket had more events than are kept: hand it in again
  };
  // One of the events that are equal to this.
  Removed remove(uint64_t basket, ItemNumber item, BasketEvent kind, Timestamp at);
  void remove_basket(uint64_t basket);
  // Looks at every basket.
  void remove_item(ItemNumber item);

  // To be called as time passes, at least once in 8 half-lives, in which all that is 8 half-lives older and more (1/256
  // of the weight) is forgotten once, and everything else counted anew.
  void advance(Timestamp now);

  // The n that go best with the item, the best first, of those that are accepted. `accept` is asked of those only that
  // would be among the best so far.
  [[nodiscard]] std::vector<ScoredItem> also(ItemNumber item, size_t n, const Accept& accept = {}) const;
  // Calls each(other, score) of all that were in a basket with the item.
  template <class Each>
  void each_also(ItemNumber item, Each&& each) const {
    if (item >= items_.size()) return;
    const float of_source = scale(items_[item].weight, options_.source_power);
    for (const Pair& pair : items_[item].row) {
      each(pair.item, static_cast<float>(pair.weight()) * of_source * scale_of_target(pair.item));
    }
  }

  // How much the item itself was looked at or bought lately; comparable within one table at one time.
  [[nodiscard]] uint64_t weight(ItemNumber item) const { return item < items_.size() ? items_[item].weight : 0; }
  [[nodiscard]] uint64_t weight(ItemNumber item, ItemNumber other) const;  // of the pair, in the row of `item`
  [[nodiscard]] size_t items() const { return items_.size(); }
  [[nodiscard]] size_t baskets() const { return baskets_.size(); }
  [[nodiscard]] size_t row_size(ItemNumber item) const { return item < items_.size() ? items_[item].row.size() : 0; }
  [[nodiscard]] size_t pairs() const;
  [[nodiscard]] size_t bytes() const;
  // All that is counted, in one order: equal where the tables are.
  [[nodiscard]] std::vector<uint64_t> state() const;

 private:
  struct Event {
    uint32_t seconds;  // since 1970
    ItemNumber item;
    BasketEvent kind;
    auto operator<=>(const Event&) const = default;
  };
  struct Basket {
    std::vector<Event> events;  // in order
    bool is_truncated = false;
  };
  struct Member {
    ItemNumber item;
    uint32_t seconds;
    uint32_t weight;
    bool operator==(const Member&) const = default;
  };
  struct Members {
    std::vector<Member> list;  // by item
    uint32_t factor = 0;       // by how many they are
  };
  struct Posting {
    uint32_t seconds;
    uint32_t basket_high;
    uint32_t basket_low;
    auto operator<=>(const Posting&) const = default;
    [[nodiscard]] uint64_t basket() const { return uint64_t{basket_high} << 32 | basket_low; }
  };
  struct Pair {
    ItemNumber item;
    uint32_t high;
    uint32_t low;
    static Pair of(ItemNumber item, uint64_t weight) {
      return {item, static_cast<uint32_t>(weight >> 32), static_cast<uint32_t>(weight)};
    }
    [[nodiscard]] uint64_t weight() const { return uint64_t{high} << 32 | low; }
  };
  static_assert(sizeof(Event) == 12 && sizeof(Posting) == 12 && sizeof(Pair) == 12);
  struct Item {
    std::vector<Pair> row;          // by item; none weighs 0
    std::vector<Posting> postings;  // the baskets that it is a member of, in order of time
    uint64_t weight = 0;
  };
  enum class Sign : int8_t { kPlus = 1, kMinus = -1 };

  template <class Edit>
  void edit(uint64_t key, Basket& basket, Edit&& change);
  [[nodiscard]] Members members_of(const Basket& basket) const;
  void count(uint64_t key, const Members& before, const Members& after);
  void count_rows(uint64_t key, const Members& of, const Members& other, Sign sign);
  void count_row(const Member& row, std::span<const Member> partners, uint32_t factor, Sign sign);
  void add_posting(uint64_t key, const Member& member);
  void remove_posting(uint64_t key, const Member& member);
  void count_other(uint64_t key, ItemNumber item, Sign sign);
  [[nodiscard]] bool is_counted(uint64_t key, const Member& member) const;
  [[nodiscard]] uint64_t pair_weight(const Member& row, const Member& partner, uint32_t factor) const;
  [[nodiscard]] uint64_t decay(uint32_t seconds) const;
  [[nodiscard]] uint32_t landmark_at(uint32_t now) const;
  void count_anew();
  [[nodiscard]] float scale(uint64_t weight, uint8_t power) const;
  [[nodiscard]] float scale_of_target(ItemNumber item) const {
    return scale(items_[item].weight, options_.target_power);
  }

  const CoOccurrenceOptions options_;
  const uint32_t half_life_seconds_;
  std::array<uint32_t, 7> basket_factors_{};  // by the logarithm of how many members there are
  uint32_t landmark_ = 0;                     // seconds since 1970; what is older is not kept
  uint64_t prior_ = 0;
  std::vector<Item> items_;
  std::unordered_map<uint64_t, Basket> baskets_;
};

}  // namespace doorbuster::recs
