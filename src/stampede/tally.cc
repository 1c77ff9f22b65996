#include "stampede/tally.h"

#include <algorithm>
#include <cmath>

#include "platform/views/statistics.h"

namespace doorbuster::stampede {
namespace {

constexpr Duration kLate = Duration::seconds(1);
constexpr size_t kBusiestSeconds = 10;

}  // namespace

template <class T>
T quantile_of(std::vector<T>& values, double quantile) {
  if (values.empty()) return T();
  std::ranges::sort(values);
  const double rank = std::ceil(quantile * static_cast<double>(values.size()));
  return values[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}
template double quantile_of(std::vector<double>& values, double quantile);
template uint32_t quantile_of(std::vector<uint32_t>& values, double quantile);

double jain_index(const std::vector<double>& shares) { return platform::jain_index(shares).value_or(1); }

void Tally::answered(size_t cohort, const Answer& answer, Timestamp intended) {
  const Duration latency = answer.at - intended;
  CohortTally& of = cohorts_[cohort];
  ++of.requests;
  ++statuses_[answer.status];
  const bool is_told_to_wait = answer.status == 503 && answer.retry_after;
  if (answer.status == 0 || (answer.status >= 500 && !is_told_to_wait)) ++server_errors_;
  if (answer.status == 429) ++of.refusals;
  latencies_us_.push_back(static_cast<uint32_t>(std::clamp<int64_t>(latency.micros(), 0, UINT32_MAX)));
  sent_late_ += answer.sent_at - intended > kLate ? 1 : 0;
  if (first_ == Timestamp()) first_ = intended;
  last_ = answer.at;
  const auto second = static_cast<size_t>(std::max<int64_t>((last_ - first_).micros(), 0) / 1'000'000);
  if (second >= answers_by_second_.size()) answers_by_second_.resize(second + 1);
  ++answers_by_second_[second];
}

void Tally::unit_sold(size_t cohort, Way way) {
  ++cohorts_[cohort].units;
  ++cohorts_[cohort].units_by_way[static_cast<size_t>(way)];
}

void Tally::waited(size_t client, Duration wait) {
  longest_waits_[client] = std::max(longest_waits_[client], std::max(wait, Duration::micros(1)));
}

void Tally::tricked(std::string_view trick, bool answered_yes, bool gained_unit) {
  TrickTally& of = tricks_[std::string(trick)];
  ++of.tries;
  of.answered_yes += answered_yes ? 1 : 0;
  of.units += gained_unit ? 1 : 0;
}

double Tally::answers_per_second() const {
  const Duration time = last_ - first_;
  return time <= Duration() ? 0 : static_cast<double>(answers()) * 1e6 / static_cast<double>(time.micros());
}

double Tally::answers_per_second_busiest() const {
  if (answers_by_second_.size() < kBusiestSeconds) return answers_per_second();
  uint64_t in_window = 0;
  uint64_t most = 0;
  for (size_t second = 0; second < answers_by_second_.size(); ++second) {
    in_window += answers_by_second_[second];
    if (second >= kBusiestSeconds) in_window -= answers_by_second_[second - kBusiestSeconds];
    most = std::max(most, in_window);
  }
  return static_cast<double>(most) / kBusiestSeconds;
}

double Tally::sent_late_ratio() const {
  return answers() == 0 ? 0 : static_cast<double>(sent_late_) / static_cast<double>(answers());
}

uint64_t Tally::stolen_units() const {
  uint64_t units = 0;
  for (const auto& [trick, of] : tricks_) units += of.units;
  return units;
}

double Tally::latency_ms(double quantile) { return quantile_of(latencies_us_, quantile) / 1e3; }

}  // namespace doorbuster::stampede
