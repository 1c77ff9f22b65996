// What came of what was shown: impressions and clicks of each surface, by day, source and place in the answer, and what
// it takes to estimate other policies. Nothing of a visitor is in here: only sums.
//
// Bounds: of the newest 90 days (UTC); of names that the shop has put, and of 128 others at most. What is of none of
// them counts under "*".
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>

#include "base/bytes.h"
#include "recs/machine/recs_event.h"
#include "recs/views/source.h"
#include "recs/views/statistics.h"

namespace doorbuster::recs {

struct Responses {
  uint64_t impressions = 0;
  uint64_t clicks = 0;
  bool operator==(const Responses&) const = default;
  void add(EventKind kind) { ++(kind == EventKind::kClick ? clicks : impressions); }
  void add(const Responses& other) {
    impressions += other.impressions;
    clicks += other.clicks;
  }
};

// Days since 1970, UTC.
[[nodiscard]] int32_t day_of(Timestamp at);
// "2026-11-30".
[[nodiscard]] std::string name_of_day(int32_t day);

enum class Policy : uint8_t { kLogged, kGreedy, kUniform };
inline constexpr std::array<std::string_view, 3> kPolicyNames = {"logged", "greedy", "uniform"};
// How much likelier a policy would have shown it than it was.
[[nodiscard]] double weight_of(Policy policy, const ShownAs& shown);

struct PositionBand {
  uint8_t first = 1;
  uint8_t last = 1;
};
inline constexpr std::array<PositionBand, 8> kPositionBands = {
    {{1, 1}, {2, 2}, {3, 3}, {4, 5}, {6, 10}, {11, 20}, {21, 50}, {51, 100}}};

struct DayOfSurface {
  Responses all = {};
  Responses unattributed = {};
  std::array<Responses, kSourceNames.size()> by_source = {};
  std::array<Responses, kPositionBands.size()> by_position = {};
  Responses drawn = {};
  std::array<PolicySums, kPolicyNames.size()> policies = {};
  bool operator==(const DayOfSurface&) const = default;
  void add(const Interaction& row);
  void add(const DayOfSurface& other);
};

class SurfaceCounts {
 public:
  static constexpr int32_t kDaysKept = 90;
  static constexpr size_t kOthersMax = 128;
  static constexpr std::string_view kAllOthers = "*";

  // An impression or a click. `is_put`: the shop has put a surface of this name.
  void note(const Interaction& row, int32_t day, const std::function<bool(std::string_view)>& is_put);
  // Of the days from `first` to `last`; 0 where nothing was counted.
  [[nodiscard]] DayOfSurface sum(std::string_view surface, int32_t first, int32_t last) const;
  [[nodiscard]] const DayOfSurface* day(std::string_view surface, int32_t day) const;
  [[nodiscard]] size_t bytes() const;
  // Of all surfaces since these counts began, dropped days too.
  [[nodiscard]] const Responses& attributed() const { return attributed_; }
  [[nodiscard]] const Responses& unattributed() const { return unattributed_; }
  void clear() { *this = {}; }
  bool operator==(const SurfaceCounts&) const = default;

  // One entry for each surface and day.
  void save(const std::function<void(const std::function<void(ByteWriter&)>&)>& write_one) const;
  void load_one(ByteReader& in);

 private:
  using Days = std::map<int32_t, DayOfSurface>;
  std::map<std::string, Days, std::less<>> surfaces_;
  size_t others_ = 0;  // names that were not put when they were first counted
  Responses attributed_;
  Responses unattributed_;
};

}  // namespace doorbuster::recs
