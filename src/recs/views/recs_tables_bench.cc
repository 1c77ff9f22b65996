// What an event costs the tables, and what an answer does, in a shop of 50,000 items in groups of 50 that go together,
// of which the first ones are in most hands; visitors do 50 things each.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <string>

#include "base/prng.h"
#include "recs/views/recommender.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kStart = Timestamp::from_micros(1'795'000'000'000'000);
constexpr uint64_t kItems = 50'000, kGroup = 50, kEach = 50, kLiked = 4;
constexpr size_t kHistory = 100, kShown = 10;
constexpr int64_t kSeconds = 28 * 86'400;

// Below n, nearly by Zipf's law.
uint64_t first_ones(Prng& random, uint64_t n) {
  const double share = static_cast<double>(random.below(1 << 24)) / (1 << 24);
  return static_cast<uint64_t>(std::pow(static_cast<double>(n), share)) - 1;
}

// A tenth of what somebody does is chance; the rest is in the groups that they like, which follow from who they are.
uint32_t item_of(Prng& random, uint32_t visitor) {
  if (random.chance(10)) return static_cast<uint32_t>(random.below(kItems));
  Prng likes(visitor * kLiked + random.below(kLiked));
  const uint64_t group = first_ones(likes, kItems / kGroup);
  return static_cast<uint32_t>(group + kItems / kGroup * first_ones(random, kGroup));
}

EventKind kind_of(uint64_t dice) {
  return dice < 7 ? EventKind::kPurchase : dice < 15 ? EventKind::kCart : EventKind::kView;
}

class MadeUpShop {
 public:
  explicit MadeUpShop(uint64_t events) : visitors_(static_cast<uint32_t>(events / kEach)), tables_(kHistory) {
    for (uint32_t item = 0; item < kItems; ++item) {
      const std::string name = "item-" + std::to_string(item);
      tables_.note(ItemNamed{.item = item, .hash = hash_of(item), .name = name}, kStart);
    }
    for (uint32_t visitor = 0; visitor < visitors_; ++visitor)
      tables_.note(VisitorNamed{.visitor = visitor, .hash = hash_of(kItems + visitor)}, kStart);
    for (uint64_t event = 0; event < events; ++event)
      happen(kStart + Duration::micros(static_cast<int64_t>(event * (kSeconds * 1'000'000 / events))));
  }

  void happen(Timestamp at) {
    const auto visitor = static_cast<uint32_t>(random_.below(visitors_));
    now_ = at;
    tables_.note(
        Interaction{.kind = kind_of(random_.below(100)), .item = item_of(random_, visitor), .user = visitor, .at = at},
        at);
  }
  void happen_next() { happen(now_ + Duration::micros(1'000)); }

  [[nodiscard]] const RecsTables& tables() const { return tables_; }
  // As it is looked at: what is popular more often.
  [[nodiscard]] uint32_t looked_at() { return item_of(random_, static_cast<uint32_t>(random_.below(visitors_))); }
  [[nodiscard]] uint32_t visitor() { return static_cast<uint32_t>(random_.below(visitors_)); }

 private:
  static NameHash hash_of(uint64_t number) { return {.high = mixed64(number), .low = mixed64(number ^ 0xABCD)}; }

  const uint32_t visitors_;
  Prng random_{1};
  RecsTables tables_;
  Timestamp now_;
};

// One shop at a time: the largest takes a gigabyte.
MadeUpShop& shop_of(int64_t events) {
  static int64_t made_of = 0;
  static std::unique_ptr<MadeUpShop> shop;
  if (made_of != events) {
    shop.reset();
    shop = std::make_unique<MadeUpShop>(static_cast<uint64_t>(events));
    made_of = events;
  }
  return *shop;
}

// Each was asked for before, and nothing has happened since.
void also_bought_of_a_looked_at_item(benchmark::State& state) {
  MadeUpShop& shop = shop_of(state.range(0));
  const Question question{.n = kShown};
  for (uint32_t item = 0; item < kItems; ++item)
    benchmark::DoNotOptimize(also_bought(shop.tables(), item, question));
  for (auto _ : state) benchmark::DoNotOptimize(also_bought(shop.tables(), shop.looked_at(), question));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(also_bought_of_a_looked_at_item)->Arg(100'000)->Arg(5'000'000)->Arg(10'000'000);

void for_a_visitor(benchmark::State& state) {
  MadeUpShop& shop = shop_of(state.range(0));
  for (auto _ : state) {
    const Question question{.visitors = {.user = shop.visitor()}, .n = kShown};
    benchmark::DoNotOptimize(for_visitors(shop.tables(), question));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(for_a_visitor)->Arg(100'000)->Arg(5'000'000)->Arg(10'000'000);

void event(benchmark::State& state) {
  MadeUpShop& shop = shop_of(state.range(0));
  for (auto _ : state) shop.happen_next();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(event)->Arg(100'000)->Arg(5'000'000)->Arg(10'000'000);

// An event, and the first answer about its item after it: the worst that there is to be counted again.
void event_and_the_answer_after_it(benchmark::State& state) {
  MadeUpShop& shop = shop_of(state.range(0));
  const Question question{.n = kShown};
  for (auto _ : state) {
    shop.happen_next();
    benchmark::DoNotOptimize(also_viewed(shop.tables(), shop.looked_at(), question));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(event_and_the_answer_after_it)->Arg(100'000)->Arg(5'000'000)->Arg(10'000'000);

}  // namespace
}  // namespace doorbuster::recs
