// Visits that are made up: of people who come back to what they looked at first, and of programs that go through the
// catalogue in order.
#pragma once

#include "base/prng.h"
#include "recs/training/training_data.h"

namespace doorbuster::recs {

inline constexpr size_t kItemsMadeUp = 60;

class MadeUpVisits {
 public:
  explicit MadeUpVisits(uint64_t seed) : random_(seed) { data_.items = kItemsMadeUp; }

  // x y x z x: of what comes next, every other click is the first item again.
  void people(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const auto x = any(), y = other(x), z = other(x);
      add({x, y, x, z, x});
    }
  }
  void programs(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const ItemNumber first = any();
      std::vector<ItemNumber> visit;
      for (ItemNumber step = 0; step < 5; ++step) visit.push_back((first + step) % kItemsMadeUp);
      add(visit);
    }
  }
  // Users who like the items of one kind: those whose numbers have the same remainder by 6.
  void users(size_t count, size_t items_each) {
    for (size_t user = 0; user < count; ++user) {
      const auto kind = static_cast<ItemNumber>(random_.below(6));
      for (size_t i = 0; i < items_each; ++i) {
        data_.histories.items.push_back(static_cast<ItemNumber>(random_.below(10)) * 6 + kind);
        data_.times.push_back(1'000 + static_cast<uint32_t>(i * 1'000 + user));
        data_.kinds.push_back(BasketEvent::kPurchase);
      }
      data_.histories.end_list();
    }
  }
  [[nodiscard]] const TrainingData& data() const { return data_; }

 private:
  ItemNumber any() { return static_cast<ItemNumber>(random_.below(kItemsMadeUp)); }
  ItemNumber other(ItemNumber than) {
    const auto found = static_cast<ItemNumber>(random_.below(kItemsMadeUp - 1));
    return found < than ? found : found + 1;
  }
  void add(std::span<const ItemNumber> visit) {
    now_ += 60;
    data_.visits.sessions.items.insert(data_.visits.sessions.items.end(), visit.begin(), visit.end());
    data_.visits.sessions.end_list();
    data_.visits.times.push_back(now_);
    for (const ItemNumber item : visit) {
      data_.histories.items.push_back(item);
      data_.times.push_back(now_);
      data_.kinds.push_back(BasketEvent::kView);
    }
    data_.histories.end_list();
  }
  void add(std::initializer_list<ItemNumber> visit) { add(std::span(visit.begin(), visit.size())); }

  Prng random_;
  TrainingData data_;
  uint32_t now_ = 1'000'000;
};

}  // namespace doorbuster::recs
