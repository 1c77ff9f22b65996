#include "sim/gate.h"

#include <algorithm>

namespace doorbuster::sim {
namespace {

using platform::Action;
using platform::Asker;

constexpr uint32_t kKeys = 10'000;

}  // namespace

SimulatedGate::SimulatedGate(Site& site, Timestamp now) : site_(site), start_(now) {
  if (!site.plan.has_guard) return;
  auto made = guard::Guard::make({.policy = GUARD_POLICY, .keys = kKeys, .challenges = 1},
                                 as_bytes("the secret of all servers"), start_);
  ASSERT(made.has_value());
  guard_ = *std::move(made);
  policy_ = guard_->policy();
  ASSERT(policy_.scorecard.delays(kDelayed) && !policy_.scorecard.delays(kDelayed - 1));
}

std::optional<Assessment> SimulatedGate::pass(const platform::Call& call, const platform::GateQuestion& question) {
  if (guard_ == nullptr) return question.action == Action::kJoin ? any_assessment() : Assessment();
  const auto assessment = guard_->pass(call, question);
  if (question.asker.kind == Asker::Kind::kCustomer) check_rate(call, question, assessment.has_value());
  return assessment;
}

// Nobody looks at every third.
Assessment SimulatedGate::any_assessment() {
  Prng& random = site_.random;
  if (random.chance(3)) return {};
  Assessment assessment{.score = static_cast<uint8_t>(random.below(kScoreMax + 1)),
                        .reasons = {Signal::kNoPage},
                        .network = random.chance(2) ? NetworkClass::kMobile : NetworkClass::kUnknown,
                        .device = DeviceClass::kPhone,
                        .country = {'D', 'E'}};
  assessment.is_delayed = delays(assessment);
  return assessment;
}

// A bucket that leaks: what a customer does fills it, and it is never filled over the burst. The guard counts in ticks,
// so what comes within a thousandth of the burst may be decided either way.
void SimulatedGate::check_rate(const platform::Call& call, const platform::GateQuestion& question, bool passed) {
  constexpr double kNearly = 0.1;
  const guard::Rate& rate = policy_.rate_of(guard::ChargedTo::kCustomer);
  Used& used = used_[question.asker.id];
  const double seconds = static_cast<double>(std::max<int64_t>((call.now - used.at).micros(), 0)) / 1e6;
  used.weight = std::max(0.0, used.weight - seconds * rate.per_minute / 60);
  used.at = std::max(used.at, call.now);
  const double then = used.weight + policy_.weight_of(question.action);
  if (passed && then > rate.burst + kNearly) site_.promises.breaks("a customer passed who is over their rate");
  if (!passed && then < rate.burst - kNearly) site_.promises.breaks("a customer was refused within their rate");
  if (passed) used.weight = then;
}

}  // namespace doorbuster::sim
