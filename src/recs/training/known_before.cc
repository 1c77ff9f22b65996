#include "recs/training/known_before.h"

#include <algorithm>
#include <numeric>

#include "recs/models/session_lists.h"

namespace doorbuster::recs {
namespace {

// As the tables count them (weight_of).
constexpr std::array<uint64_t, 3> kPopularity = {1, 3, 10};  // by BasketEvent
static_assert(static_cast<size_t>(BasketEvent::kView) == 0 && static_cast<size_t>(BasketEvent::kPurchase) == 2);

Timestamp timestamp_of(uint32_t second) { return Timestamp::from_micros(int64_t{second} * 1'000'000); }

}  // namespace

KnownBefore::KnownBefore(const TrainingData& data, uint32_t time, const std::stop_token& stop)
    : visits_(limits_for(data.visits, data.items)), popularity_(data.items) {
  const auto end = std::ranges::lower_bound(data.visits.times, time) - data.visits.times.begin();
  add_sessions(visits_, data.visits, {.begin = 0, .end = static_cast<size_t>(end)});
  for (size_t kind = 0; kind < kPairKinds; ++kind)
    pairs_[kind] = std::make_unique<CoOccurrence>(pair_options(static_cast<PairKind>(kind)), timestamp_of(time));
  for (size_t history = 0; history < data.histories.size() && !stop.stop_requested(); ++history)
    add_history(data, history, time);
  for (ItemNumber item = 0; item < popularity_.size(); ++item) {
    if (popularity_[item] > 0) popular_.push_back(item);
  }
  std::ranges::stable_sort(popular_, std::ranges::greater(), [&](ItemNumber item) { return popularity_[item]; });
}

void KnownBefore::add_history(const TrainingData& data, size_t history, uint32_t time) {
  std::vector<CoOccurrence::Addition> additions;
  for (uint64_t i = data.histories.begins[history]; i < data.histories.begins[history + 1]; ++i) {
    if (data.times[i] >= time) break;
    const ItemNumber item = data.histories.items[i];
    additions.push_back({item, data.kinds[i], timestamp_of(data.times[i])});
    popularity_[item] += kPopularity[static_cast<size_t>(data.kinds[i])];
  }
  if (additions.empty()) return;
  for (const auto& pairs : pairs_) pairs->add(static_cast<BasketNumber>(history), additions);
}

Interactions histories_before(const TrainingData& data, uint32_t time) {
  Interactions histories;
  histories.at_least_items(data.items);
  std::vector<ItemNumber> items;
  for (size_t history = 0; history < data.histories.size(); ++history) {
    items.clear();
    for (uint64_t i = data.histories.begins[history]; i < data.histories.begins[history + 1]; ++i) {
      const ItemNumber item = data.histories.items[i];
      if (data.times[i] < time && std::ranges::find(items, item) == items.end()) items.push_back(item);
    }
    if (!items.empty()) histories.add_user(items);
  }
  return histories;
}

KnownEvents KnownBefore::events() const {
  return {.visits = visits_,
          .pairs = {&pairs_[0]->counts(), &pairs_[1]->counts()},
          .popular = popular_,
          .popularity_of = [this](ItemNumber item) { return popularity_[item]; }};
}

}  // namespace doorbuster::recs
