// What was noted most often on each day (UTC): of this one and the one before by Space-Saving, with bounds, and of
// those before how often it was noted at all. In memory, with a bound, since it was made. Any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "links/views/space_saving.h"

namespace doorbuster::links {

struct DayTop {
  struct Entry {
    std::string text;
    uint64_t at_most = 0;
    uint64_t at_least = 0;
  };
  int64_t day = 0;  // since 1970
  uint64_t total = 0;
  std::vector<Entry> top;  // the most frequent first; none for days before yesterday
};

class DailyTop {
 public:
  static constexpr size_t kDaysMax = 35;

  void note(std::string_view text, Timestamp now);

  // The newest first.
  [[nodiscard]] std::vector<DayTop> days() const;
  // Of several, each for a part of what came, as one; of each day at most so many of the most frequent.
  [[nodiscard]] static std::vector<DayTop> merged(const std::vector<const DailyTop*>& parts, size_t most);

 private:
  struct Day {
    int64_t day = 0;
    uint64_t total = 0;
    std::optional<SpaceSaving> top;
  };

  mutable std::mutex mutex_;
  std::deque<Day> days_;  // the newest last
};

}  // namespace doorbuster::links
