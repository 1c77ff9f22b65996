// What came back: every status, every latency, every thing that was wrong.
#pragma once

#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "load/answer.h"
#include "load/options.h"

namespace doorbuster::bench {

using TimePoint = std::chrono::steady_clock::time_point;

class Tally {
 public:
  explicit Tally(const LoadOptions& options);

  void sent(TimePoint at);
  void took(const Answer& answer, TimePoint sent_at, TimePoint at);
  // The connection ended or could not be understood while an answer was due.
  void broke(const std::string& why);

  [[nodiscard]] bool ok() const { return wanted_ > 0 && unexpected_ == 0 && wrong_bodies_ == 0 && broken_.empty(); }
  // One line of JSON. Times are in seconds since the first request, latencies in microseconds.
  [[nodiscard]] std::string json();

 private:
  [[nodiscard]] double since_first(TimePoint at) const;
  [[nodiscard]] double percentile(double share);

  const LoadOptions& options_;
  TimePoint first_{};
  TimePoint last_{};
  TimePoint last_wanted_{};
  uint64_t requests_ = 0;
  uint64_t wanted_ = 0;
  uint64_t unexpected_ = 0;
  uint64_t wrong_bodies_ = 0;
  std::map<uint32_t, uint64_t> statuses_;
  std::map<std::string, uint64_t> broken_;
  std::string first_wrong_;          // the first answer that was not as it should be
  std::ofstream bodies_;             // open if they shall be kept
  std::vector<uint32_t> latencies_;  // of all answers
};

}  // namespace doorbuster::bench
