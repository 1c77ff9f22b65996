#include "recs/views/recent_counts.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace doorbuster::recs {
namespace {

constexpr int64_t kStepMicros = int64_t{600} * 1'000'000;
constexpr int64_t kStepsOfDay = 144;
constexpr int64_t kStepsKept = 28 * kStepsOfDay;
constexpr std::array<int64_t, 3> kStepsOf = {6, kStepsOfDay, 7 * kStepsOfDay};
constexpr double kWeightOfChance = 10;
constexpr auto kCheap = std::chrono::milliseconds(1);
constexpr int kShareOfTime = 20;

int64_t step_of(Timestamp at) { return at.micros() / kStepMicros; }

bool is_better(const RecentCounts::Trend& a, const RecentCounts::Trend& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

}  // namespace

// Calls change_one(counts) of all that a time falls into.
template <class Change>
void RecentCounts::change(Timestamp at, Change&& change_one) {
  const Step step = step_of(at);
  if (step <= now_ - kStepsKept) return;
  change_one(steps_[step]);
  if (steps_[step].empty()) steps_.erase(step);
  change_one(all_);
  for (size_t window = 0; window < kWindows; ++window) {
    if (step > now_ - kStepsOf[window]) change_one(lately_[window]);
  }
  ++version_;
}

void RecentCounts::add(uint32_t item, Timestamp at, uint64_t weight) {
  if (weight > 0) change(at, [&](FlatCounts& counts) { counts.add(item, static_cast<uint32_t>(weight)); });
}

void RecentCounts::remove(uint32_t item, Timestamp at, uint64_t weight) {
  if (weight > 0) change(at, [&](FlatCounts& counts) { counts.take(item, static_cast<uint32_t>(weight)); });
}

// Those behind `from`, up to `until`.
void RecentCounts::leave(FlatCounts& counts, Step from, Step until) {
  for (auto step = steps_.upper_bound(from); step != steps_.end() && step->first <= until; ++step) {
    step->second.each([&](uint32_t item, uint32_t weight) { counts.take(item, weight); });
  }
}

void RecentCounts::advance(Timestamp now) {
  const Step step = step_of(now);
  if (step <= now_) return;
  for (size_t window = 0; window < kWindows; ++window)
    leave(lately_[window], now_ - kStepsOf[window], step - kStepsOf[window]);
  leave(all_, now_ - kStepsKept, step - kStepsKept);
  steps_.erase(steps_.begin(), steps_.upper_bound(step - kStepsKept));
  now_ = step;
  ++version_;
}

// A step takes about 80 beside its counts.
size_t RecentCounts::bytes() const {
  constexpr size_t kStepBytes = 80;
  size_t all = all_.bytes() + steps_.size() * kStepBytes;
  for (const FlatCounts& counts : lately_) all += counts.bytes();
  for (const auto& [step, counts] : steps_) all += counts.bytes();
  return all;
}

void RecentCounts::clear() {
  now_ = 0;
  steps_.clear();
  all_ = {};
  for (FlatCounts& counts : lately_) counts = {};
  ++version_;
}

// A shop that has been here for less than four weeks is compared with what there was of it.
RecentCounts::Trends RecentCounts::make(Window window) const {
  const auto index = static_cast<size_t>(window);
  const int64_t length = kStepsOf[index];
  const int64_t before = steps_.empty() ? 0 : now_ - length - steps_.begin()->first + 1;
  const double share = before <= 0 ? 0 : static_cast<double>(length) / static_cast<double>(std::max(before, length));
  Trends trends;
  lately_[index].each([&](uint32_t item, uint32_t weight) {
    const double lately = weight;
    const double usual = share * static_cast<double>(all_.count_of(item) - weight);
    if (lately > usual)
      trends.push_back({.item = item, .score = (lately - usual) / std::sqrt(usual + kWeightOfChance)});
  });
  std::ranges::sort(trends, is_better);
  return trends;
}

RecentCounts::Trends RecentCounts::make_most(Window window) const {
  Trends most;
  lately_[static_cast<size_t>(window)].each(
      [&](uint32_t item, uint32_t weight) { most.push_back({.item = item, .score = static_cast<double>(weight)}); });
  std::ranges::sort(most, is_better);
  return most;
}

std::shared_ptr<const RecentCounts::Trends> RecentCounts::trending(Window window) const {
  return made_by(made_[static_cast<size_t>(window)], [&] { return make(window); });
}

std::shared_ptr<const RecentCounts::Trends> RecentCounts::most(Window window) const {
  return made_by(made_most_[static_cast<size_t>(window)], [&] { return make_most(window); });
}

template <class Make>
std::shared_ptr<const RecentCounts::Trends> RecentCounts::made_by(Made& made, const Make& make) const {
  const std::lock_guard lock(made.mutex);
  const auto began = std::chrono::steady_clock::now();
  if (made.trends && (made.version == version_ || began < made.good_until)) return made.trends;
  made.trends = std::make_shared<const Trends>(make());
  made.version = version_;
  const auto ended = std::chrono::steady_clock::now();
  made.good_until = ended - began < kCheap ? ended : ended + kShareOfTime * (ended - began);
  return made.trends;
}

}  // namespace doorbuster::recs
