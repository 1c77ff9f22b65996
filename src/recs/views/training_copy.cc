#include "recs/views/training_copy.h"

#include <algorithm>
#include <numeric>

namespace doorbuster::recs {
namespace {

constexpr size_t kVisitsAtOnce = 4'096, kHistoriesAtOnce = 1'024;  // of a look

// A kind of the shop's own is at most as a cart.
BasketEvent copied_kind(EventKind kind, uint64_t weight) {
  if (kind == EventKind::kPurchase) return BasketEvent::kPurchase;
  return weight >= weight_of(EventKind::kCart) ? BasketEvent::kCart : BasketEvent::kView;
}

// Calls each(tables, begin, end) for numbers below what count(tables) says.
template <class Count, class Each>
void look_at_all(const RecsView& view, size_t at_once, const std::stop_token& stop, const Count& count,
                 const Each& each) {
  bool has_more = true;
  for (size_t begin = 0; has_more && !stop.stop_requested(); begin += at_once) {
    has_more = view.look([&](const RecsTables& tables) {
      const size_t end = std::min(count(tables), begin + at_once);
      if (begin < end) each(tables, begin, end);
      return end == begin + at_once;
    });
  }
}

// In order of when they began.
TimedSessions in_order(const TimedSessions& copied) {
  std::vector<uint32_t> order(copied.times.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](uint32_t i) { return copied.times[i]; });
  size_t first = order.size();
  for (size_t clicks = 0; first > 0; --first) {
    clicks += copied.sessions[order[first - 1]].size();
    if (clicks > kTrainingClicksMax) break;
  }
  TimedSessions sorted;
  for (size_t i = first; i < order.size(); ++i) {
    const std::span<const ItemNumber> clicks = copied.sessions[order[i]];
    sorted.sessions.items.insert(sorted.sessions.items.end(), clicks.begin(), clicks.end());
    sorted.sessions.end_list();
    sorted.times.push_back(copied.times[order[i]]);
  }
  return sorted;
}

TimedSessions copy_visits(const RecsView& view, const std::stop_token& stop) {
  TimedSessions copied;
  look_at_all(
      view, kVisitsAtOnce, stop, [](const RecsTables& tables) { return tables.visits().sessions_end(); },
      [&](const RecsTables& tables, size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
          const auto number = static_cast<SessionNumber>(i);
          const std::span<const ItemNumber> clicks = tables.visits().clicks_of(number);
          if (clicks.empty()) continue;
          copied.sessions.items.insert(copied.sessions.items.end(), clicks.begin(), clicks.end());
          copied.sessions.end_list();
          copied.times.push_back(tables.visits().time_of(number));
        }
      });
  return in_order(copied);
}

// Of a session what is in no user's history.
void copy_history(const RecsTables& tables, const History& history, TrainingData& data) {
  const size_t before = data.times.size();
  for (const Touch touch : history.touches()) {
    const uint64_t weight = tables.weight_of(touch.kind, touch.word);
    if (weight == 0 || touch.by != kNobody) continue;
    data.histories.items.push_back(touch.item);
    data.times.push_back(static_cast<uint32_t>(std::clamp<int64_t>(touch.at.micros() / 1'000'000, 0, UINT32_MAX)));
    data.kinds.push_back(copied_kind(touch.kind, weight));
  }
  if (data.times.size() > before) data.histories.end_list();
}

}  // namespace

TrainingData copy_for_training(const RecsView& view, const std::stop_token& stop) {
  TrainingData data;
  data.visits = copy_visits(view, stop);
  for (const VisitorKind kind : {VisitorKind::kUser, VisitorKind::kSession}) {
    look_at_all(
        view, kHistoriesAtOnce, stop, [&](const RecsTables& tables) { return tables.visitors_end(kind); },
        [&](const RecsTables& tables, size_t begin, size_t end) {
          for (size_t i = begin; i < end && data.times.size() < kTrainingTouchesMax; ++i)
            copy_history(tables, tables.history_of(kind, static_cast<uint32_t>(i)), data);
        });
  }
  data.items = view.look([](const RecsTables& tables) { return tables.catalogue().size(); });
  return data;
}

}  // namespace doorbuster::recs
