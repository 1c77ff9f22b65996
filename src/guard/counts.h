// What the guard has decided, counted for /metrics. Any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "guard/challenge.h"
#include "guard/policy.h"
#include "ops/metrics/registry.h"
#include "platform/api/gate.h"

namespace doorbuster::guard {

// What became of a challenge: given, or none was left; of one that came back, as SolutionStatus says; or there was
// none, and it was asked for, or it is too early for that.
inline constexpr std::array<std::string_view, 10> kChallengeResults = {
    "solved", "malformed", "forged", "expired", "wrong", "used", "needed", "given", "none_left", "too_early"};
// By kChallengeResults, behind those of SolutionStatus.
enum ChallengeResult : size_t { kNeeded = 6, kGiven, kNoneLeft, kTooEarly };
static_assert(kChallengeResults.size() == kTooEarly + 1 && static_cast<size_t>(SolutionStatus::kUsed) + 1 == kNeeded);

// What became of a name that nothing was remembered of: it was nobody's and is counted against whoever asked, or it was
// not looked for.
enum class Miss : uint8_t { kCounted, kRefused };
inline constexpr std::array<std::string_view, 2> kMissNames = {"counted", "refused"};

class Counts {
 public:
  void pass(platform::Action action) { add(actions_[index(action)].passed); }
  void refuse(platform::Action action, ChargedTo whom) { add(actions_[index(action)].refused[index(whom)]); }
  void refuse_country() { add(countries_refused_); }
  void note(SolutionStatus status) { add(challenges_[index(status)]); }
  void note(Miss miss) { add(misses_[index(miss)]); }
  void note(ChallengeResult result) { add(challenges_[result]); }
  void note(const Assessment& assessment, const SignalSet& signals, const Judgement& judgement);

  void add_metrics(ops::Metrics& metrics) const;

 private:
  using Count = std::atomic<uint64_t>;
  static constexpr size_t kBands = 10;  // of scores
  // Whose rates requests that do something are held to.
  static constexpr size_t kRates = static_cast<size_t>(ChargedTo::kMisses);
  struct OfAction {
    Count passed{0};
    std::array<Count, kRates> refused{};
  };
  template <class Enum>
  static size_t index(Enum value) {
    return static_cast<size_t>(value);
  }
  static void add(Count& count) { count.fetch_add(1, std::memory_order_relaxed); }

  std::array<OfAction, platform::kActionNames.size()> actions_;
  std::array<Count, kChallengeResults.size()> challenges_{};
  std::array<Count, kMissNames.size()> misses_{};
  std::array<Count, kBands> scores_{};
  std::array<Count, kSignals> signals_{};
  std::array<Count, kVerdictNames.size()> verdicts_{};
  std::array<Count, kVerdictNames.size()> in_shadow_{};
  Count countries_refused_{0};
};

}  // namespace doorbuster::guard
