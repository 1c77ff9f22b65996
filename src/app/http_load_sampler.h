// How requests have fared in the last seconds, for the operators' board: what the reactors count, as a difference
// between now and some seconds ago.
#pragma once

#include <mutex>
#include <vector>

#include "base/time.h"
#include "net/metrics.h"
#include "sale/api/context.h"

namespace doorbuster::app {

class HttpLoadSampler {
 public:
  // Before anybody looks. The metrics outlive this.
  void add(const net::ReactorMetrics& metrics) { reactors_.push_back(&metrics); }

  // Over the last 5 to 10 seconds where somebody looks at least that often, else since the last look but one. Any
  // thread.
  [[nodiscard]] sale::HttpLoad look(Timestamp now);

 private:
  struct Counts {
    Timestamp at;
    ops::Distribution latency;
  };
  [[nodiscard]] Counts counts_at(Timestamp now) const;

  std::vector<const net::ReactorMetrics*> reactors_;
  std::mutex mutex_;
  Counts older_;
  Counts newer_;
};

}  // namespace doorbuster::app
