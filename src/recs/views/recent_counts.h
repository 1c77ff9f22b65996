// What was looked at, put into carts and bought lately, by item and by time, in steps of ten minutes over four weeks:
// what is trending is told from it. Exact to increment and to decrement, like all that is counted of histories; what is
// older than four weeks is dropped as time passes.
//
// An item trends in a window by how far its count there, x, is above what the four weeks before would let one expect,
// u: (x - u) / sqrt(u + 10), where 10 is the weight of one purchase. So what is always popular does not trend, and
// neither does what two people looked at.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/time.h"
#include "recs/views/flat_counts.h"

namespace doorbuster::recs {

enum class Window : uint8_t { kHour, kDay, kWeek };
inline constexpr std::array<std::string_view, 3> kWindowNames = {"1h", "24h", "7d"};

class RecentCounts {
 public:
  void add(uint32_t item, Timestamp at, uint64_t weight);
  // Of what was added with the same, at whatever time.
  void remove(uint32_t item, Timestamp at, uint64_t weight);
  // Time does not go back.
  void advance(Timestamp now);
  void clear();

  struct Trend {
    uint32_t item = 0;
    double score = 0;  // above 0
  };
  using Trends = std::vector<Trend>;
  // The best first. Any thread, while nobody changes anything. Made anew when something has changed; where that takes
  // more than a millisecond, only so often that it takes a twentieth of the time.
  [[nodiscard]] std::shared_ptr<const Trends> trending(Window window) const;
  // The same of what was done most there, whatever is usual: the score is the count.
  [[nodiscard]] std::shared_ptr<const Trends> most(Window window) const;

  [[nodiscard]] size_t bytes() const;
  // Whether all that is counted is the same; for tests.
  [[nodiscard]] bool counts_as(const RecentCounts& other) const { return steps_ == other.steps_; }

 private:
  using Step = int64_t;  // since 1970
  static constexpr size_t kWindows = kWindowNames.size();
  struct Made {
    std::mutex mutex;
    std::shared_ptr<const Trends> trends;
    uint64_t version = 0;
    std::chrono::steady_clock::time_point good_until;
  };

  template <class Change>
  void change(Timestamp at, Change&& change_one);
  void leave(FlatCounts& counts, Step from, Step until);
  [[nodiscard]] Trends make(Window window) const;
  [[nodiscard]] Trends make_most(Window window) const;
  template <class Make>
  [[nodiscard]] std::shared_ptr<const Trends> made_by(Made& made, const Make& make) const;

  Step now_ = 0;
  std::map<Step, FlatCounts> steps_;
  FlatCounts all_;                           // of the steps
  std::array<FlatCounts, kWindows> lately_;  // of those in each window
  uint64_t version_ = 1;
  mutable std::array<Made, kWindows> made_;
  mutable std::array<Made, kWindows> made_most_;
};

}  // namespace doorbuster::recs
