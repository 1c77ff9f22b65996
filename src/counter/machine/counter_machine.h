// The machine of the counters: named sums that only grow, up to a limit, none of which is ever wrong by one.
//
// The smallest service there is: it exists to show what a service of this house is made of, and that nothing of the
// sale is among it. See docs/decisions/0035.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/event_sink.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::counter {

inline constexpr size_t kNameBytesMax = 64;

// Something was added to a counter.
struct Added {
  std::string name;
  uint64_t amount = 0;
  uint64_t total = 0;  // with it
};

// Calls visit(Added) for each event, in order; kCorrupt if they are not events of this machine.
[[nodiscard]] Result<uint64_t> for_each_event(Bytes events, const std::function<void(const Added&)>& visit);

class CounterMachine {
 public:
  static constexpr std::string_view kKind = "counter";
  static constexpr uint32_t kSnapshotVersion = 1;

  struct Command {
    std::string name;
    uint64_t amount = 0;
    uint64_t limit = 0;  // the total that must not be passed
  };
  struct Reply {
    bool is_added = false;  // else it would have passed the limit
    uint64_t total = 0;
  };
  using Publication = uint64_t;  // how many counters there are

  [[nodiscard]] Reply decide(const Command& command, Timestamp now, EventSink& events);
  [[nodiscard]] bool tick(Timestamp, size_t, EventSink&) { return true; }
  [[nodiscard]] Timestamp next_deadline() const { return Timestamp::from_micros(INT64_MAX); }
  void prefetch(const Command&) const {}
  template <class Take>
  void take_publications(Take&& take) {
    if (std::exchange(has_news_, false)) take(uint64_t{totals_.size()});
  }

  [[nodiscard]] Result<void> apply(Bytes events, Timestamp at);
  [[nodiscard]] Result<void> check_limits() const { return {}; }  // each command brings its own
  void go_live(Timestamp) { has_news_ = true; }

  // All of it is copied at the beginning: there are few counters.
  void begin_snapshot() { frozen_ = totals_; }
  [[nodiscard]] bool save_part(std::vector<std::byte>& part);
  void drop_snapshot() { frozen_.clear(); }
  [[nodiscard]] Result<void> load_part(Bytes part);
  [[nodiscard]] Result<void> finish_load() { return {}; }

 private:
  std::map<std::string, uint64_t> totals_;
  std::map<std::string, uint64_t> frozen_;  // what of it is still to be saved
  bool has_news_ = false;
};

}  // namespace doorbuster::counter
