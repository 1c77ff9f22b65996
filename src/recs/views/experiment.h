// An experiment, as an operator puts it: which visitors, on which surfaces, are answered how.
//
//   ab          each visitor has one variant, always the same, by a keyed hash of who they are
//   interleave  two variants share each answer (interleaving.h), so that one visitor compares them
//   holdout     some visitors get what is popular, or nothing: what recommendations bring as a whole
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {

enum class ExperimentKind : uint8_t { kAb, kInterleave, kHoldout };
inline constexpr std::array<std::string_view, 3> kExperimentKindNames = {"ab", "interleave", "holdout"};
enum class Metric : uint8_t { kClicks, kPurchases, kPreferences };
inline constexpr std::array<std::string_view, 3> kMetricNames = {"clicks", "purchases", "preferences"};
enum class Shows : uint8_t { kRecommendations, kPopular, kNothing };
inline constexpr std::array<std::string_view, 3> kShowsNames = {"recommendations", "popular", "nothing"};

inline constexpr size_t kVariantsMax = 8;

struct Variant {
  std::string name = {};
  double share = 1;  // of all visitors, once an experiment is read
  std::optional<double> lambda = {};
  std::optional<double> explore = {};
  uint32_t sources_off = 0;  // a bit a source
  std::string rules = {};    // those of this set hold, too
  Shows shows = Shows::kRecommendations;
};

enum class ExperimentState : uint8_t { kPlanned, kRunning, kEnded };
inline constexpr std::array<std::string_view, 3> kExperimentStateNames = {"planned", "running", "ended"};

struct Experiment {
  ExperimentKind kind = ExperimentKind::kAb;
  Metric metric = Metric::kClicks;
  std::vector<std::string> surfaces = {};  // on these only; none: everywhere
  std::optional<Timestamp> starts_at = {};
  std::optional<Timestamp> ends_at = {};
  std::vector<Variant> variants = {};

  [[nodiscard]] bool holds_on(std::string_view surface) const;
  [[nodiscard]] ExperimentState state(Timestamp now) const;
  [[nodiscard]] bool is_running(Timestamp now) const { return state(now) == ExperimentState::kRunning; }
  [[nodiscard]] std::optional<size_t> find(std::string_view variant) const;
  // Always the same for one visitor, and of no two experiments the same for that reason.
  [[nodiscard]] size_t variant_of(std::string_view name, const NameHash& visitor) const;
};

// kInvalid: what is wrong with it.
[[nodiscard]] Result<Experiment> parse_experiment(std::string_view json);

using Experiments = std::map<std::string, Experiment, std::less<>>;

}  // namespace doorbuster::recs
