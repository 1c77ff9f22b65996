// How much each signal speaks for a bot, and what is done about how many: the part of the policy that a person can read
// and argue with.
//
// A score is the sum of the points of those signals that speak, in hundredths and at most 100. There is no more to it:
// whoever was scored can be told why, and a shop that disagrees changes a number.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/assessment.h"

namespace doorbuster::guard {

inline constexpr size_t kSignals = kSignalNames.size();

// Which signals speak.
class SignalSet {
 public:
  void add(Signal signal) { bits_ |= uint32_t{1} << static_cast<unsigned>(signal); }
  void remove(Signal signal) { bits_ &= ~(uint32_t{1} << static_cast<unsigned>(signal)); }
  [[nodiscard]] bool has(Signal signal) const { return (bits_ >> static_cast<unsigned>(signal) & 1) != 0; }

 private:
  uint32_t bits_ = 0;
};

// Of one signal. What the limit is of, its definition says (kSignalRules).
struct SignalRule {
  uint32_t points = 0;  // 0: it never speaks
  uint32_t limit = 0;
  uint32_t minutes = 0;  // the time in which so many are too many
  bool operator==(const SignalRule&) const = default;
};

// What a limit is of.
enum class SignalLimit : uint8_t {
  kNone,          // the signal speaks or does not
  kCount,         // it speaks beyond so many in so many minutes
  kDays,          // below so many days
  kMilliseconds,  // before so many milliseconds
};

struct SignalDefinition {
  SignalLimit limit = SignalLimit::kNone;
  SignalRule usual;  // in every preset
  std::string_view help;
};
// By Signal.
extern const std::array<SignalDefinition, kSignals> kSignalDefinitions;

// What is done, from a score on; the later ones are harder.
enum class Verdict : uint8_t {
  kAllow,
  kDelay,      // a place in a line is behind all others of its minute
  kChallenge,  // only with a challenge solved
  kTarpit,     // told to wait, and never let in
  kDeny,
};
inline constexpr std::array<std::string_view, 5> kVerdictNames = {"allow", "delay", "challenge", "tarpit", "deny"};

inline constexpr uint32_t kScoreMax = 100;
inline constexpr uint32_t kNeverFrom = kScoreMax + 1;

struct VerdictRule {
  uint32_t from = kNeverFrom;  // of the score
  bool in_shadow = false;      // counted, and not done: the next softer one is
  bool operator==(const VerdictRule&) const = default;
};

struct Scorecard {
  std::array<SignalRule, kSignals> signals{};
  std::array<VerdictRule, kVerdictNames.size()> verdicts{};  // that of kAllow says nothing

  [[nodiscard]] const SignalRule& of(Signal signal) const { return signals[static_cast<size_t>(signal)]; }
  // Whether a place that is taken with this score is delayed, whatever else is done.
  [[nodiscard]] bool delays(uint8_t score) const {
    const VerdictRule& rule = verdicts[static_cast<size_t>(Verdict::kDelay)];
    return score >= rule.from && !rule.in_shadow;
  }
  bool operator==(const Scorecard&) const = default;
};

// Signals and verdicts of the field's experience (docs/guard.md), for a drop.
[[nodiscard]] Scorecard usual_scorecard();

struct Score {
  uint8_t hundredths = 0;
  std::array<Signal, 3> reasons{};  // the heaviest first
};
[[nodiscard]] Score score_of(const SignalSet& signals, const Scorecard& card);

struct Judgement {
  Verdict verdict = Verdict::kAllow;
  Verdict in_shadow = Verdict::kAllow;  // the hardest that would have been done, if that is not the verdict
};
[[nodiscard]] Judgement judge(uint8_t score, const Scorecard& card);

}  // namespace doorbuster::guard
