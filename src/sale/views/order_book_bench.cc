// A page of fifty orders out of a million, one a millisecond, by each thing that they can be asked for by. Meanwhile
// the views' lock is held, so this is also for how long nobody else reads or writes them.
#include <benchmark/benchmark.h>

#include "sale/views/order_book.h"

namespace doorbuster::sale {
namespace {

constexpr uint32_t kOrders = 1'000'000;
constexpr uint32_t kOrdersAReference = 4;
constexpr size_t kPage = 50;

Timestamp at(uint32_t number) { return Timestamp::from_micros(int64_t{number} * 1'000); }

std::string reference_of(uint32_t number) { return "order-" + std::to_string(number / kOrdersAReference); }

// One in a thousand is still being paid for; the rest are sold.
const OrderBook& book() {
  static const OrderBook made = [] {
    OrderBook orders;
    for (uint32_t i = 0; i < kOrders; ++i) {
      Order order{.hold = {i, 1}, .sale = SaleNumber(0), .customer = {i, i}, .started_at = at(i), .annotations = {}};
      order.annotations = Annotations{reference_of(i), {}, {}};
      Order& started = orders.start(order);
      if (i % 1'000 != 0) orders.move(started, HoldState::kSold);
    }
    return orders;
  }();
  return made;
}

void ask(benchmark::State& state, const OrderFilter& filter, size_t offset) {
  const OrderBook& orders = book();
  size_t total = 0;
  for (auto _ : state) {
    const OrderPage page = orders.page(filter, offset, kPage);
    benchmark::DoNotOptimize(page.orders.data());
    total = page.total;
  }
  state.counters["total"] = static_cast<double>(total);
}

void the_last_page_of_all(benchmark::State& state) { ask(state, {}, kOrders - kPage); }
BENCHMARK(the_last_page_of_all);

void the_last_page_of_a_second(benchmark::State& state) {
  ask(state, {.client_reference = {}, .state = {}, .from = at(500'000), .to = at(501'000)}, 950);
}
BENCHMARK(the_last_page_of_a_second);

void the_last_page_of_what_is_sold(benchmark::State& state) {
  ask(state, {.client_reference = {}, .state = HoldState::kSold, .from = {}}, kOrders / 1'000 * 999 - kPage);
}
BENCHMARK(the_last_page_of_what_is_sold);

void the_first_page_of_what_is_rare(benchmark::State& state) {
  ask(state, {.client_reference = {}, .state = HoldState::kPaying, .from = {}}, 0);
}
BENCHMARK(the_first_page_of_what_is_rare);

void those_of_a_reference(benchmark::State& state) {
  ask(state, {.client_reference = reference_of(kOrders / 2), .state = {}, .from = {}}, 0);
}
BENCHMARK(those_of_a_reference);

}  // namespace
}  // namespace doorbuster::sale
