#include "sale/views/order_book.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace doorbuster::sale {
namespace {

constexpr size_t kBits = 64;

// Of the word, the bits of those from `first` on and before `last`.
uint64_t within(uint64_t word, size_t at, size_t first, size_t last) {
  const size_t begin = at * kBits;
  if (first > begin) word &= ~uint64_t{0} << (first - begin);
  if (last < begin + kBits) word &= (uint64_t{1} << (last - begin)) - 1;
  return word;
}

}  // namespace

Order* OrderBook::find(HoldNumber hold) {
  const auto found = by_hold_.find(hold.packed());
  return found == by_hold_.end() ? nullptr : &orders_[found->second];
}

Order& OrderBook::start(const Order& order) {
  if (Order* known = find(order.hold)) return *known;
  orders_.push_back(order);
  index(orders_.size() - 1);
  return orders_.back();
}

void OrderBook::move(Order& order, HoldState to) {
  const auto at = static_cast<size_t>(&order - orders_.data());
  const uint64_t bit = uint64_t{1} << at % kBits;
  in_state(order.state)[at / kBits] &= ~bit;
  in_state(to)[at / kBits] |= bit;
  order.state = to;
}

void OrderBook::index_all() {
  by_hold_.clear();
  by_reference_.clear();
  in_state_ = {};
  for (size_t at = 0; at < orders_.size(); ++at) index(at);
}

void OrderBook::index(size_t at) {
  const Order& order = orders_[at];
  by_hold_[order.hold.packed()] = static_cast<uint32_t>(at);
  for (Bits& bits : in_state_) bits.resize(at / kBits + 1);
  in_state(order.state)[at / kBits] |= uint64_t{1} << at % kBits;
  const std::string& reference = order.annotations->client_reference;
  if (!reference.empty()) by_reference_[std::hash<std::string>()(reference)].push_back(static_cast<uint32_t>(at));
}

// Time in a log never goes back, so they are in the order of their times.
OrderBook::Range OrderBook::started_in(const OrderFilter& filter) const {
  const auto at = [&](Timestamp time) {
    const auto found = std::ranges::lower_bound(orders_, time, {}, &Order::started_at);
    return static_cast<size_t>(found - orders_.begin());
  };
  const Range range{at(filter.from), filter.to ? at(*filter.to) : orders_.size()};
  return {range.first, std::max(range.first, range.last)};
}

OrderPage OrderBook::page(const OrderFilter& filter, size_t offset, size_t limit) const {
  const Range range = started_in(filter);
  if (!filter.client_reference.empty()) return with_reference(filter, range, offset, limit);
  if (filter.state) return in_state(*filter.state, range, offset, limit);
  OrderPage page{.orders = {}, .total = range.last - range.first};
  const size_t first = std::min(range.last, range.first + offset);
  for (size_t at = first; at < std::min(range.last, first + limit); ++at) page.orders.push_back(orders_[at]);
  return page;
}

OrderPage OrderBook::with_reference(const OrderFilter& filter, Range range, size_t offset, size_t limit) const {
  OrderPage page;
  const auto found = by_reference_.find(std::hash<std::string>()(filter.client_reference));
  if (found == by_reference_.end()) return page;
  for (auto at = std::ranges::lower_bound(found->second, range.first); at != found->second.end() && *at < range.last;
       ++at) {
    const Order& order = orders_[*at];
    if (filter.state && order.state != *filter.state) continue;
    if (order.annotations->client_reference != filter.client_reference) continue;  // another, with the same hash
    if (page.total >= offset && page.orders.size() < limit) page.orders.push_back(order);
    ++page.total;
  }
  return page;
}

OrderPage OrderBook::in_state(HoldState state, Range range, size_t offset, size_t limit) const {
  OrderPage page;
  const Bits& bits = in_state(state);
  for (size_t at = range.first / kBits; at * kBits < range.last; ++at) {
    uint64_t word = within(bits[at], at, range.first, range.last);
    const auto here = static_cast<size_t>(std::popcount(word));
    if (page.total + here > offset && page.orders.size() < limit) {
      for (size_t number = page.total; word != 0 && page.orders.size() < limit; ++number, word &= word - 1) {
        if (number >= offset) page.orders.push_back(orders_[at * kBits + static_cast<size_t>(std::countr_zero(word))]);
      }
    }
    page.total += here;
  }
  return page;
}

}  // namespace doorbuster::sale
