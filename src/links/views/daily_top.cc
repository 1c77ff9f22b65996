#include "links/views/daily_top.h"

#include <algorithm>
#include <functional>
#include <map>

namespace doorbuster::links {
namespace {

constexpr int64_t kMicrosADay = int64_t{86'400} * 1'000'000;
constexpr size_t kDaysWithTexts = 2;

// Of one text in all parts.
struct Sum {
  uint64_t count = 0;
  uint64_t taken_over = 0;
  uint64_t bounds = 0;  // of the parts that have a counter for it: what they would say if they had none
};

// How often a text without a counter may have come.
uint64_t bound_without_counter(const DayTop& day) {
  return day.top.size() < SpaceSaving::kCountersMax ? 0 : day.top.back().at_most;
}

}  // namespace

void DailyTop::note(std::string_view text, Timestamp now) {
  const int64_t day = now.micros() / kMicrosADay;
  const std::lock_guard lock(mutex_);
  if (days_.empty() || days_.back().day < day) {
    days_.push_back({.day = day, .top = SpaceSaving()});
    if (days_.size() > kDaysWithTexts) days_[days_.size() - 1 - kDaysWithTexts].top.reset();
    if (days_.size() > kDaysMax) days_.pop_front();
  }
  Day& today = days_.back();  // a clock that went back is of no account
  ++today.total;
  today.top->note(text);
}

std::vector<DayTop> DailyTop::days() const {
  std::vector<DayTop> days;
  const std::lock_guard lock(mutex_);
  for (auto day = days_.rbegin(); day != days_.rend(); ++day) {
    DayTop& shown = days.emplace_back(DayTop{.day = day->day, .total = day->total});
    if (!day->top) continue;
    for (const SpaceSaving::Counter& counter : day->top->counters())
      shown.top.push_back(
          {.text = counter.text, .at_most = counter.count, .at_least = counter.count - counter.taken_over});
  }
  return days;
}

std::vector<DayTop> DailyTop::merged(const std::vector<const DailyTop*>& parts, size_t most) {
  std::map<int64_t, std::vector<DayTop>, std::greater<>> by_day;
  for (const DailyTop* part : parts) {
    for (DayTop& day : part->days()) by_day[day.day].push_back(std::move(day));
  }
  std::vector<DayTop> merged;
  for (const auto& [day, of_parts] : by_day) {
    DayTop& all = merged.emplace_back(DayTop{.day = day});
    std::map<std::string, Sum> sums;
    uint64_t bounds = 0;
    for (const DayTop& part : of_parts) {
      all.total += part.total;
      bounds += bound_without_counter(part);
      for (const DayTop::Entry& entry : part.top) {
        Sum& sum = sums[entry.text];
        sum.count += entry.at_most;
        sum.taken_over += entry.at_most - entry.at_least;
        sum.bounds += bound_without_counter(part);
      }
    }
    for (const auto& [text, sum] : sums) {
      all.top.push_back(
          {.text = text, .at_most = sum.count + bounds - sum.bounds, .at_least = sum.count - sum.taken_over});
    }
    std::ranges::stable_sort(all.top, std::ranges::greater(), &DayTop::Entry::at_most);
    if (all.top.size() > most) all.top.resize(most);
  }
  return merged;
}

}  // namespace doorbuster::links
