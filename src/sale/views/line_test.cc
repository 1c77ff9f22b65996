#include "sale/views/line.h"

#include <gtest/gtest.h>

namespace doorbuster::sale {
namespace {

constexpr SaleNumber kSale{0};
constexpr SaleNumber kOther{1};

class LineTest : public ::testing::Test {
 protected:
  template <class Event>
  void tell(const Event& event) {
    line_.on(event, EventPlace{CellId(), Sequence(++sequence_), Timestamp(), traces_});
  }
  void join(SaleNumber sale, EntryNumber entry, uint32_t position, uint64_t customer) {
    tell(Joined{.sale = sale, .entry = entry, .position = position, .customer = {.high = customer}});
  }
  [[nodiscard]] EntryState state(uint32_t arrival) const { return line_.at(kSale, arrival)->state; }

  Line line_;
  platform::TraceIndex traces_;
  uint64_t sequence_ = 0;
};

TEST_F(LineTest, lists_each_sale_in_the_order_of_arrival) {
  join(kSale, {0, 0}, 1, 7);
  join(kOther, {1, 0}, 1, 8);
  join(kSale, {2, 0}, 2, 9);
  EXPECT_EQ(line_.arrivals(kSale), 2U);
  EXPECT_EQ(line_.at(kSale, 2)->customer.high, 9U);
  EXPECT_EQ(line_.at(kSale, 2)->number, (EntryNumber{2, 0}));
  EXPECT_EQ(line_.at(kOther, 1)->customer.high, 8U);
  for (const uint32_t nobody : {0U, 3U}) EXPECT_EQ(line_.at(kSale, nobody), std::nullopt);
  EXPECT_EQ(line_.arrivals(SaleNumber(5)), 0U);
}

TEST_F(LineTest, says_what_became_of_an_entry) {
  join(kSale, {0, 0}, 1, 7);
  EXPECT_EQ(state(1), EntryState::kWaiting);
  tell(Offered{.sale = kSale, .entry = {0, 0}});
  EXPECT_EQ(state(1), EntryState::kOffered);
  tell(Held{.sale = kSale, .hold = {3, 0}, .entry = EntryNumber{0, 0}});
  EXPECT_EQ(state(1), EntryState::kHolding);
  tell(PaymentStarted{.sale = kSale, .hold = {3, 0}, .attempt = 1});
  EXPECT_EQ(state(1), EntryState::kPaying);
  tell(PaymentFailed{.sale = kSale, .hold = {3, 0}, .attempt = 1});
  EXPECT_EQ(state(1), EntryState::kHolding);
  tell(PaymentSucceeded{.sale = kSale, .hold = {3, 0}, .attempt = 1});
  tell(PaymentFailed{.sale = kSale, .hold = {3, 0}, .attempt = 1});
  EXPECT_EQ(state(1), EntryState::kBought);
}

TEST_F(LineTest, says_how_an_entry_ended) {
  for (uint32_t slot = 0; slot < 6; ++slot) join(kSale, {slot, 0}, slot + 1, slot);
  for (uint32_t slot = 0; slot < 3; ++slot) tell(Offered{.sale = kSale, .entry = {slot, 0}});
  tell(OfferLapsed{.sale = kSale, .entry = {0, 0}});
  for (const uint32_t slot : {1U, 2U}) tell(Held{.sale = kSale, .hold = {slot, 0}, .entry = EntryNumber{slot, 0}});
  tell(HoldReleased{.sale = kSale, .hold = {1, 0}});
  tell(HoldExpired{.sale = kSale, .hold = {2, 0}});
  tell(PaymentFailed{.sale = kSale, .hold = {2, 0}, .attempt = 1});
  tell(EntryLeft{.sale = kSale, .entry = {3, 0}});
  tell(EntryRemoved{.sale = kSale, .entry = {4, 0}});
  tell(SaleMoved{.sale = kSale, .to = SaleState::kClosed});
  const EntryState ends[] = {EntryState::kLapsed, EntryState::kLeft,    EntryState::kLapsed,
                             EntryState::kLeft,   EntryState::kRemoved, EntryState::kMissed};
  for (uint32_t arrival = 1; arrival <= 6; ++arrival) EXPECT_EQ(state(arrival), ends[arrival - 1]) << arrival;
}

TEST_F(LineTest, finds_all_entries_of_a_customer) {
  join(kSale, {0, 0}, 1, 7);
  join(kSale, {1, 0}, 2, 8);
  tell(EntryLeft{.sale = kSale, .entry = {0, 0}});
  join(kSale, {2, 0}, 3, 7);
  const auto found = line_.of(kSale, {.high = 7});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].state, EntryState::kLeft);
  EXPECT_EQ(found[1].arrival, 3U);
  EXPECT_TRUE(line_.of(kSale, {.high = 9}).empty());
  EXPECT_TRUE(line_.of(kOther, {.high = 7}).empty());
}

TEST_F(LineTest, forgets_entries_whose_slot_is_used_again) {
  join(kSale, {0, 0}, 1, 7);
  tell(EntryLeft{.sale = kSale, .entry = {0, 0}});
  join(kOther, {0, 1}, 1, 8);
  EXPECT_EQ(line_.at(kSale, 1), std::nullopt);
  join(kSale, {1, 0}, 2, 9);
  EXPECT_EQ(line_.at(kSale, 1), std::nullopt);
  EXPECT_EQ(line_.at(kSale, 2)->customer.high, 9U);
  EXPECT_EQ(line_.arrivals(kSale), 2U);
}

TEST_F(LineTest, forgets_all_of_an_archived_sale_and_nobody_else) {
  join(kSale, {0, 0}, 1, 7);
  join(kOther, {1, 0}, 1, 8);
  tell(SaleArchived{.sale = kSale});
  EXPECT_EQ(line_.at(kSale, 1), std::nullopt);
  EXPECT_EQ(line_.arrivals(kSale), 1U);
  EXPECT_TRUE(line_.at(kOther, 1).has_value());
}

TEST_F(LineTest, says_what_was_thought_of_an_entry_when_it_came) {
  const Assessment bot{.score = 90, .reasons = {Signal::kNoBrowser}, .country = {'D', 'E'}};
  tell(Joined{.sale = kSale, .entry = {0, 0}, .position = 1, .assessment = bot, .kind = CustomerKind::kGuest});
  EXPECT_EQ(line_.at(kSale, 1)->assessment, bot);
  EXPECT_EQ(line_.at(kSale, 1)->kind, CustomerKind::kGuest);
}

TEST_F(LineTest, lists_who_is_delayed_by_customer_until_they_have_a_place) {
  for (uint32_t slot = 0; slot < 3; ++slot)
    tell(JoinDelayed{.sale = kSale, .entry = {slot, 0}, .customer = {.high = slot}});
  join(kSale, {3, 0}, 1, 3);
  EXPECT_EQ(line_.arrivals(kSale), 1U);
  ASSERT_EQ(line_.of(kSale, {.high = 1}).size(), 1U);
  EXPECT_EQ(line_.of(kSale, {.high = 1}).front().arrival, 0U);
  tell(EntryLeft{.sale = kSale, .entry = {0, 0}});
  EXPECT_EQ(line_.of(kSale, {.high = 0}).front().state, EntryState::kLeft);
  tell(EntryPlaced{.sale = kSale, .entry = {1, 0}, .position = 2});
  EXPECT_EQ(line_.at(kSale, 2)->number, (EntryNumber{1, 0}));
  EXPECT_TRUE(line_.at(kSale, 2)->assessment.is_delayed);
  EXPECT_EQ(line_.of(kSale, {.high = 1}).size(), 1U);
  EXPECT_TRUE(line_.of(kSale, {.high = 0}).empty()) << "they never get a place";
  EXPECT_EQ(line_.of(kSale, {.high = 2}).front().arrival, 0U);
}

}  // namespace
}  // namespace doorbuster::sale
