#include "recs/models/co_occurrence.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kStart = Timestamp::from_micros(1'700'000'000'000'000);
constexpr ItemNumber kCamera = 0, kCard = 1, kTripod = 2, kBag = 3;

Timestamp day(int64_t days) { return kStart + Duration::seconds(days * 86'400); }

void buy(CoOccurrence& table, BasketNumber basket, ItemNumber item, Timestamp at) {
  EXPECT_TRUE(table.add(basket, item, BasketEvent::kPurchase, at));
}

std::vector<ItemNumber> items_of(const std::vector<ScoredItem>& scored) {
  std::vector<ItemNumber> items;
  for (const ScoredItem& one : scored) items.push_back(one.item);
  return items;
}

TEST(CoOccurrenceTest, what_was_bought_together_most_often_comes_first) {
  CoOccurrence table({}, kStart);
  for (BasketNumber basket = 0; basket < 9; ++basket) {
    buy(table, basket, kCamera, kStart);
    buy(table, basket, basket % 3 == 0 ? kTripod : kCard, kStart);
  }
  buy(table, 99, kBag, kStart);
  EXPECT_EQ(items_of(table.also(kCamera, 10)), (std::vector<ItemNumber>{kCard, kTripod}));
  EXPECT_EQ(items_of(table.also(kCamera, 1)), (std::vector<ItemNumber>{kCard}));
  EXPECT_TRUE(table.also(kBag, 10).empty()) << "it was in a basket alone";
  EXPECT_TRUE(table.also(77, 10).empty()) << "nobody has ever seen it";
}

TEST(CoOccurrenceTest, what_is_not_accepted_leaves_room_for_the_next) {
  CoOccurrence table({}, kStart);
  for (BasketNumber basket = 0; basket < 9; ++basket) {
    buy(table, basket, kCamera, kStart);
    buy(table, basket, basket % 3 == 0 ? kTripod : kCard, kStart);
  }
  const auto best = table.also(kCamera, 1, [](ItemNumber item) { return item != kCard; });
  EXPECT_EQ(items_of(best), (std::vector<ItemNumber>{kTripod}));
}

TEST(CoOccurrenceTest, a_card_follows_a_camera_more_than_a_camera_a_card) {
  CoOccurrence table({.forward_weight = 4, .backward_weight = 1}, kStart);
  buy(table, 1, kCamera, day(0));
  buy(table, 1, kCard, day(3));
  EXPECT_EQ(table.weight(kCamera, kCard), 4 * table.weight(kCard, kCamera));
}

TEST(CoOccurrenceTest, a_purchase_weighs_more_than_a_cart_and_a_cart_more_than_a_view) {
  CoOccurrence table({}, kStart);
  uint64_t last = 0;
  for (const BasketEvent kind : {BasketEvent::kView, BasketEvent::kCart, BasketEvent::kPurchase}) {
    const auto other = static_cast<ItemNumber>(10 + static_cast<uint32_t>(kind));
    buy(table, other, kCamera, kStart);
    EXPECT_TRUE(table.add(other, other, kind, kStart));
    EXPECT_GT(table.weight(kCamera, other), last);
    last = table.weight(kCamera, other);
  }
}

TEST(CoOccurrenceTest, of_an_item_that_was_seen_and_then_bought_the_purchase_counts) {
  CoOccurrence seen({}, kStart), bought({}, kStart);
  for (CoOccurrence* table : {&seen, &bought}) buy(*table, 1, kCamera, kStart);
  seen.add(1, kCard, BasketEvent::kView, kStart);
  seen.add(1, kCard, BasketEvent::kView, day(2));
  buy(seen, 1, kCard, day(1));
  buy(bought, 1, kCard, day(1));
  EXPECT_EQ(seen.state(), bought.state());
}

TEST(CoOccurrenceTest, a_kind_that_weighs_nothing_is_not_kept) {
  CoOccurrence table({.kind_weights = {0, 2, 4}}, kStart);
  EXPECT_FALSE(table.add(1, kCamera, BasketEvent::kView, kStart));
  EXPECT_EQ(table.baskets(), 0U);
}

TEST(CoOccurrenceTest, what_is_a_half_life_younger_weighs_twice) {
  CoOccurrence table({.half_life = Duration::seconds(int64_t{30} * 86'400)}, kStart);
  for (const ItemNumber item : {kCamera, kCard}) buy(table, 1, item, day(0));
  for (const ItemNumber item : {kCamera, kTripod}) buy(table, 2, item, day(30));
  EXPECT_EQ(table.weight(kCamera, kTripod), 2 * table.weight(kCamera, kCard));
}

TEST(CoOccurrenceTest, what_everybody_buys_does_not_come_before_what_belongs_to_the_item) {
  CoOccurrence table({}, kStart);
  for (BasketNumber basket = 0; basket < 200; ++basket) {
    buy(table, basket, basket % 10 == 0 ? kCamera : 100 + static_cast<ItemNumber>(basket), kStart);
    if (basket % 2 == 0) buy(table, basket, kBag, kStart);
    if (basket % 20 == 0) buy(table, basket, kCard, kStart);
  }
  EXPECT_GT(table.weight(kCamera, kBag), table.weight(kCamera, kCard));
  EXPECT_EQ(items_of(table.also(kCamera, 2)), (std::vector<ItemNumber>{kCard, kBag}));
}

TEST(CoOccurrenceTest, one_user_with_hundreds_of_thousands_of_events_counts_as_one) {
  CoOccurrence table({}, kStart);
  for (BasketNumber basket = 0; basket < 4; ++basket) {
    buy(table, basket, kCamera, kStart);
    buy(table, basket, kCard, kStart);
  }
  const uint64_t honest = table.weight(kCamera, kCard);
  for (uint32_t i = 0; i < 100'000; ++i) {
    table.add(66, kCamera, BasketEvent::kPurchase, kStart);
    table.add(66, kBag, BasketEvent::kPurchase, kStart);
  }
  EXPECT_LE(table.weight(kCamera, kBag) * 4, honest);
  for (uint32_t i = 0; i < 20'000; ++i) table.add(66, 100 + i, BasketEvent::kPurchase, kStart);
  EXPECT_LE(table.row_size(100 + 19'999), CoOccurrence::kMembersMax - 1);
  EXPECT_EQ(items_of(table.also(kCamera, 1)), (std::vector<ItemNumber>{kCard}));
  EXPECT_EQ(table.remove(66, 100 + 19'999, BasketEvent::kPurchase, kStart), CoOccurrence::Removed::kTruncated);
}

TEST(CoOccurrenceTest, rows_count_the_newest_baskets_only) {
  CoOccurrence table({.baskets_a_row = 3}, kStart);
  for (BasketNumber basket = 0; basket < 5; ++basket) {
    buy(table, basket, kCamera, day(static_cast<int64_t>(basket)));
    buy(table, basket, 10 + static_cast<ItemNumber>(basket), day(static_cast<int64_t>(basket)));
  }
  EXPECT_EQ(table.row_size(kCamera), 3U);
  EXPECT_EQ(table.weight(kCamera, 11), 0U);
  EXPECT_EQ(table.remove(4, kCamera, BasketEvent::kPurchase, day(4)), CoOccurrence::Removed::kExactly);
  EXPECT_GT(table.weight(kCamera, 11), 0U) << "the one before enters again";
}

TEST(CoOccurrenceTest, what_was_never_there_is_not_removed) {
  CoOccurrence table({}, kStart);
  buy(table, 1, kCamera, kStart);
  EXPECT_EQ(table.remove(1, kCamera, BasketEvent::kPurchase, day(1)), CoOccurrence::Removed::kNothing);
  EXPECT_EQ(table.remove(2, kCamera, BasketEvent::kPurchase, kStart), CoOccurrence::Removed::kNothing);
}

TEST(CoOccurrenceTest, sixteen_half_lives_later_it_is_forgotten) {
  const Duration half_life = Duration::seconds(86'400);
  CoOccurrence table({.half_life = half_life}, kStart);
  for (const ItemNumber item : {kCamera, kCard}) buy(table, 1, item, day(0));
  for (const ItemNumber item : {kCamera, kTripod}) buy(table, 2, item, day(14));
  table.advance(day(17));
  EXPECT_EQ(table.weight(kCamera, kCard), 0U);
  EXPECT_GT(table.weight(kCamera, kTripod), 0U);
  EXPECT_EQ(table.baskets(), 1U);
  EXPECT_FALSE(table.add(1, kCard, BasketEvent::kPurchase, day(0)));
}

struct Step {
  BasketNumber basket;
  ItemNumber item;
  BasketEvent kind;
  Timestamp at;
};

Step any_step(Prng& random, uint64_t baskets, uint64_t items) {
  return {.basket = static_cast<BasketNumber>(random.below(baskets)),
          .item = static_cast<ItemNumber>(random.below(items)),
          .kind = static_cast<BasketEvent>(random.below(3)),
          .at = day(static_cast<int64_t>(random.below(300)))};
}

void add(CoOccurrence& table, const Step& step) { table.add(step.basket, step.item, step.kind, step.at); }

// A history with cancellations, deletions of users and of items; what is left of it, in another order, is added to a
// table that never saw the rest.
void expect_equal_to_a_rebuild(uint64_t seed, const CoOccurrenceOptions& options, uint64_t baskets, uint64_t items) {
  Prng random(seed);
  CoOccurrence table(options, kStart), rebuilt(options, kStart);
  std::vector<Step> left;
  for (int i = 0; i < 3'000; ++i) {
    const uint64_t dice = random.below(100);
    if (dice < 60 || left.empty()) {
      left.push_back(any_step(random, baskets, items));
      add(table, left.back());
    } else if (dice < 98) {
      const auto gone = left.begin() + static_cast<std::ptrdiff_t>(random.below(left.size()));
      ASSERT_EQ(table.remove(gone->basket, gone->item, gone->kind, gone->at), CoOccurrence::Removed::kExactly);
      left.erase(gone);
    } else if (dice == 98) {
      const auto basket = static_cast<BasketNumber>(random.below(baskets));
      table.remove_basket(basket);
      std::erase_if(left, [&](const Step& step) { return step.basket == basket; });
    } else {
      const auto item = static_cast<ItemNumber>(random.below(items));
      table.remove_item(item);
      std::erase_if(left, [&](const Step& step) { return step.item == item; });
    }
    if (i == 1'500) table.advance(day(250));
  }
  rebuilt.advance(day(250));
  for (size_t i = left.size(); i > 1; --i) std::swap(left[i - 1], left[random.below(i)]);
  for (const Step& step : left) add(rebuilt, step);
  ASSERT_EQ(table.state(), rebuilt.state()) << "seed " << seed;
  ASSERT_EQ(table.pairs(), rebuilt.pairs());
}

TEST(CoOccurrenceTest, after_any_history_it_equals_one_that_never_saw_what_was_removed) {
  for (uint64_t seed = 0; seed < 20; ++seed) expect_equal_to_a_rebuild(seed, {}, 40, 60);
}

// What is remembered of rows follows what happens: the same answers as of a table that nobody has asked before.
TEST(CoOccurrenceTest, what_is_remembered_of_rows_is_what_is_counted_anew) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    Prng random(seed);
    constexpr uint64_t kBaskets = 400, kItems = 300;
    CoOccurrence table({}, kStart);
    std::vector<Step> steps;
    for (int i = 0; i < 4'000; ++i) {
      if (random.below(10) > 0 || steps.empty()) {
        steps.push_back(any_step(random, kBaskets, kItems));
        if (random.chance(3)) steps.back().item %= 10;  // some are in most baskets
        add(table, steps.back());
      } else {
        const auto gone = steps.begin() + static_cast<std::ptrdiff_t>(random.below(steps.size()));
        table.remove(gone->basket, gone->item, gone->kind, gone->at);
        steps.erase(gone);
      }
      (void)table.also(static_cast<ItemNumber>(random.below(10)), 10);
    }
    CoOccurrence fresh({}, kStart);
    for (const Step& step : steps) add(fresh, step);
    for (ItemNumber item = 0; item < kItems; ++item) {
      for (const bool is_narrow : {false, true}) {
        const auto accept = [&](ItemNumber other) { return !is_narrow || other % 64 == 1; };
        const auto known = table.also(item, 10, accept), wanted = fresh.also(item, 10, accept);
        ASSERT_EQ(items_of(known), items_of(wanted)) << "seed " << seed << ", item " << item;
      }
    }
  }
}

TEST(CoOccurrenceTest, after_any_history_it_equals_a_rebuild_where_rows_are_short) {
  for (uint64_t seed = 0; seed < 20; ++seed) expect_equal_to_a_rebuild(seed, {.baskets_a_row = 3}, 60, 20);
}

TEST(CoOccurrenceTest, after_any_history_it_equals_a_rebuild_where_baskets_are_full) {
  for (uint64_t seed = 0; seed < 5; ++seed) expect_equal_to_a_rebuild(seed, {.baskets_a_row = 2}, 4, 200);
}

}  // namespace
}  // namespace doorbuster::recs
