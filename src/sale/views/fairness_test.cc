#include "sale/views/fairness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace doorbuster::sale {
namespace {

constexpr SaleNumber kSale{0};

EntryNumber entry(uint32_t slot) { return {.slot = slot, .generation = 0}; }
HoldNumber hold(uint32_t slot) { return {.slot = slot, .generation = 0}; }

// A sale with a draw, told event by event, as the follower would.
class FairnessTest : public ::testing::Test {
 protected:
  FairnessTest()
      : draws_([](SaleNumber, EntryNumber number) {
          std::array<char, kEntryIdBytes> id{};
          std::ranges::fill(id, static_cast<char>('a' + number.slot % 26));
          return id;
        }),
        fairness_(draws_) {
    tell(DrawCommitted{.sale = kSale, .secret = Digest{std::byte{7}}});
  }

  template <class Event>
  void tell(const Event& event) {
    const EventPlace place{CellId(), Sequence(++sequence_), Timestamp(), traces_};
    draws_.on(event, place);
    fairness_.on(event, place);
  }
  void enrol(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i)
      tell(
          Enrolled{.sale = kSale, .entry = entry(i), .arrival = i + 1, .customer = {}, .idempotency = {}, .nonce = {}});
  }
  void draw(uint32_t entries) { tell(Drawn{.sale = kSale, .entries = entries, .root = Digest{std::byte{9}}}); }
  void offer(uint32_t slot) { tell(Offered{.sale = kSale, .entry = entry(slot), .claim_until = {}}); }
  // To whoever stands there, from 0.
  void offer_position(uint64_t position) {
    offer(static_cast<uint32_t>(draws_.permutation(kSale)->index_at(position)));
  }
  SaleFairness found() { return fairness_.of(kSale); }

  platform::TraceIndex traces_;
  uint64_t sequence_ = 0;
  DrawBook draws_;
  Fairness fairness_;
};

TEST_F(FairnessTest, finds_offers_by_position_in_order_and_others_not) {
  enrol(30);
  draw(30);
  for (const uint64_t position : {0U, 1U, 3U, 9U}) offer_position(position);
  EXPECT_EQ(found().kendall_tau, 1);
  offer_position(2);
  EXPECT_EQ(found().discordant, 2U);
}

TEST_F(FairnessTest, takes_who_came_late_by_their_arrival) {
  enrol(3);
  draw(3);
  tell(Joined{.sale = kSale, .entry = entry(3), .position = 4, .customer = {}, .idempotency = {}});
  for (const uint64_t position : {0U, 1U, 2U}) offer_position(position);
  offer(3);
  EXPECT_EQ(found().kendall_tau, 1);
  EXPECT_EQ(found().discordant, 0U);
}

TEST_F(FairnessTest, counts_by_tenth_of_arrival_who_came_went_was_offered_and_bought) {
  enrol(25);
  tell(EntryLeft{.sale = kSale, .entry = entry(24)});
  draw(25);
  tell(EntryRemoved{.sale = kSale, .entry = entry(23), .cause = {}});
  offer(0);
  tell(Held{.sale = kSale, .hold = hold(0), .entry = entry(0), .customer = {}, .expires_at = {}, .idempotency = {}});
  tell(PaymentSucceeded{.sale = kSale, .hold = hold(0), .attempt = 1, .reference = {}});
  offer(1);
  tell(EntryLeft{.sale = kSale, .entry = entry(1)});
  const auto deciles = found().by_arrival;
  EXPECT_EQ(deciles.front(), (Cohort{.entries = 3, .gone = 0, .offered = 2, .sold = 1}));
  EXPECT_EQ(deciles[1], (Cohort{.entries = 2, .gone = 0, .offered = 0, .sold = 0}));
  EXPECT_EQ(deciles.back(), (Cohort{.entries = 2, .gone = 2, .offered = 0, .sold = 0}));
  uint32_t all = 0;
  for (const Cohort& decile : deciles) all += decile.entries;
  EXPECT_EQ(all, 25U);
}

TEST_F(FairnessTest, finds_the_same_chance_for_all_perfectly_even) {
  enrol(100);
  draw(100);
  for (uint32_t decile = 0; decile < 10; ++decile) offer(decile * 10);
  const auto even = evenness_of(found());
  ASSERT_TRUE(even.has_value());
  EXPECT_DOUBLE_EQ(even->shares[4], 0.1);
  EXPECT_NEAR(even->jain, 1, 1e-12);
  EXPECT_LT(even->jain_by_chance, 0.6) << "with one offer a decile chance alone is uneven";
}

TEST_F(FairnessTest, finds_it_uneven_when_only_the_early_are_offered_something) {
  enrol(100);
  draw(100);
  for (uint32_t slot = 0; slot < 10; ++slot) offer(slot);
  EXPECT_DOUBLE_EQ(evenness_of(found())->jain, 0.1);
}

TEST_F(FairnessTest, says_nothing_of_chances_before_there_is_anything_to_say) {
  EXPECT_FALSE(evenness_of(found()).has_value());
  enrol(9);
  draw(9);
  offer(0);
  EXPECT_FALSE(evenness_of(found()).has_value()) << "fewer than ten";
  EXPECT_FALSE(evenness_of(fairness_.of(SaleNumber{5})).has_value());
}

Digest key_of(uint32_t number) { return Digest{std::byte(number & 255), std::byte(number >> 8)}; }

TEST(Uniformity, finds_a_real_draw_even_whatever_its_size) {
  for (const uint64_t entries : {20U, 99U, 499U, 500U, 20'000U}) {
    const auto found = uniformity_of(DrawPermutation(key_of(1), entries));
    ASSERT_TRUE(found.has_value()) << entries;
    EXPECT_EQ(found->tested, entries);
    EXPECT_GT(found->p, 1e-4) << entries;
    EXPECT_EQ(found->degrees, (found->bins - 1) * (found->bins - 1));
  }
  EXPECT_EQ(uniformity_of(DrawPermutation(key_of(1), 500))->bins, 10U);
  EXPECT_EQ(uniformity_of(DrawPermutation(key_of(1), 20))->bins, 2U);
  EXPECT_FALSE(uniformity_of(DrawPermutation(key_of(1), 19)).has_value());
}

TEST(Uniformity, has_chances_that_are_as_often_small_as_they_say) {
  constexpr uint32_t kDraws = 2'000;
  uint32_t below_decile = 0;
  uint32_t below_half = 0;
  for (uint32_t i = 0; i < kDraws; ++i) {
    const double p = uniformity_of(DrawPermutation(key_of(i), 1'000))->p;
    below_decile += p < 0.1;
    below_half += p < 0.5;
  }
  // Four standard deviations of the binomial distribution.
  EXPECT_NEAR(below_decile, 0.1 * kDraws, 4 * std::sqrt(0.09 * kDraws));
  EXPECT_NEAR(below_half, 0.5 * kDraws, 4 * std::sqrt(0.25 * kDraws));
}

TEST(Uniformity, looks_at_a_part_of_a_large_draw) {
  const auto found = uniformity_of(DrawPermutation(key_of(3), 1'000'000));
  EXPECT_EQ(found->entries, 1'000'000U);
  EXPECT_EQ(found->tested, 62'500U);
  EXPECT_GT(found->p, 1e-4);
}

TEST(Uniformities, work_a_sale_out_once) {
  Uniformities known;
  const auto first = known.of(kSale, DrawPermutation(key_of(1), 100));
  const auto again = known.of(kSale, DrawPermutation(key_of(2), 100));
  EXPECT_EQ(first->chi_square, again->chi_square);
  EXPECT_NE(known.of(SaleNumber{1}, DrawPermutation(key_of(2), 100))->chi_square, first->chi_square);
}

}  // namespace
}  // namespace doorbuster::sale
