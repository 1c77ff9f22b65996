// What a run of an evaluation cost: seconds, peak memory, and how long single recommendations took.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/json_writer.h"

namespace doorbuster::recs {

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class Durations {
 public:
  void add(double seconds) { micros_.push_back(static_cast<float>(seconds * 1e6)); }
  void add(const Durations& other) { micros_.insert(micros_.end(), other.micros_.begin(), other.micros_.end()); }
  [[nodiscard]] size_t count() const { return micros_.size(); }
  // 0.5 is the median; 0 if there are none.
  [[nodiscard]] double micros_at(double quantile) const;

 private:
  std::vector<float> micros_;
};

// Of this process, so far.
[[nodiscard]] double peak_memory_mib();

// "us_per_recommendation": {"median": ..., "p99": ...}, "seconds": ..., "peak_memory_mib": ... as members of the object
// that is open.
void write_costs(JsonWriter& json, const Durations& durations, double seconds);

}  // namespace doorbuster::recs
