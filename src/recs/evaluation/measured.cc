#include "recs/evaluation/measured.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>

namespace doorbuster::recs {
namespace {

double to_hundredths(double number) { return std::round(number * 100) / 100; }

}  // namespace

double Durations::micros_at(double quantile) const {
  if (micros_.empty()) return 0;
  std::vector<float> sorted = micros_;
  const auto place = static_cast<size_t>(quantile * static_cast<double>(sorted.size() - 1));
  std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(place));
  return static_cast<double>(sorted[place]);
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void write_costs(JsonWriter& json, const Durations& durations, double seconds) {
  json.key("us_per_recommendation").begin_object();
  json.member("median", to_hundredths(durations.micros_at(0.5)));
  json.member("p99", to_hundredths(durations.micros_at(0.99)));
  json.end_object();
  json.member("seconds", to_hundredths(seconds));
  json.member("peak_memory_mib", to_hundredths(peak_memory_mib()));
}

}  // namespace doorbuster::recs
