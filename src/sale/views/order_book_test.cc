// Every answer of the book beside a plain walk over the same orders.
#include "sale/views/order_book.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/prng.h"

namespace doorbuster::sale {
namespace {

constexpr std::array kStates = {HoldState::kHeld, HoldState::kPaying, HoldState::kSold, HoldState::kReleased,
                                HoldState::kExpired};

Timestamp second(uint64_t number) { return Timestamp::from_micros(static_cast<int64_t>(number) * 1'000'000); }

class TwoBooks {
 public:
  explicit TwoBooks(uint64_t seed) : random_(seed) {}

  void start(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
      now_ += random_.below(3);
      Order order{.hold = {static_cast<uint32_t>(plain_.size()), 7}, .sale = {}, .customer = {}};
      order.started_at = second(now_);
      if (!random_.chance(3)) order.annotations = Annotations{"r" + std::to_string(random_.below(20)), {}, {}};
      plain_.push_back(order);
      book_.start(order);
    }
  }
  void move(uint32_t times) {
    for (uint32_t i = 0; i < times; ++i) {
      Order& one = plain_[random_.below(plain_.size())];
      one.state = kStates[random_.below(kStates.size())];
      book_.move(*book_.find(one.hold), one.state);
    }
  }
  void compare() {
    OrderFilter filter{.client_reference = {}, .state = {}, .from = {}};
    if (random_.chance(2)) filter.client_reference = "r" + std::to_string(random_.below(21));
    if (random_.chance(2)) filter.state = kStates[random_.below(kStates.size())];
    if (random_.chance(2)) filter.from = second(random_.below(now_ + 2));
    if (random_.chance(2)) filter.to = second(random_.below(now_ + 2));
    const size_t offset = random_.below(random_.chance(2) ? 4 : plain_.size() + 2);
    const size_t limit = random_.below(70);
    const OrderPage page = book_.page(filter, offset, limit);
    const std::vector<HoldNumber> fitting = plainly(filter);
    std::vector<HoldNumber> expected;
    for (size_t i = offset; i < std::min(fitting.size(), offset + limit); ++i) expected.push_back(fitting[i]);
    std::vector<HoldNumber> found;
    for (const Order& order : page.orders) found.push_back(order.hold);
    ASSERT_EQ(found, expected);
    ASSERT_EQ(page.total, fitting.size());
  }

 private:
  [[nodiscard]] std::vector<HoldNumber> plainly(const OrderFilter& filter) const {
    std::vector<HoldNumber> fitting;
    for (const Order& order : plain_) {
      const bool has_reference =
          filter.client_reference.empty() || order.annotations->client_reference == filter.client_reference;
      const bool is_in_time = order.started_at >= filter.from && (!filter.to || order.started_at < *filter.to);
      if (has_reference && is_in_time && (!filter.state || order.state == *filter.state)) fitting.push_back(order.hold);
    }
    return fitting;
  }

  Prng random_;
  uint64_t now_ = 0;
  std::vector<Order> plain_;
  OrderBook book_;
};

TEST(OrderBooks, find_what_a_walk_over_all_orders_finds) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TwoBooks orders(seed);
    for (int round = 0; round < 6 && !::testing::Test::HasFatalFailure(); ++round) {
      orders.start(static_cast<uint32_t>(1 + seed * 7 % 90));
      orders.move(60);
      for (int i = 0; i < 30 && !::testing::Test::HasFatalFailure(); ++i) orders.compare();
    }
  }
}

TEST(OrderBooks, know_a_hold_once) {
  OrderBook book;
  EXPECT_EQ(book.find({1, 1}), nullptr);
  Order& first = book.start({.hold = {1, 1}, .sale = {}, .customer = {}});
  EXPECT_EQ(&book.start({.hold = {1, 1}, .sale = {}, .customer = {}}), &first);
  EXPECT_EQ(book.size(), 1U);
  EXPECT_EQ(book.page({}, 0, 10).total, 1U);
  EXPECT_EQ(OrderBook().page({.client_reference = {}, .state = HoldState::kSold, .from = {}}, 0, 10).total, 0U);
}

}  // namespace
}  // namespace doorbuster::sale
