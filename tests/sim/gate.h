// The gate of the simulated server: lets everybody pass, and thinks something of those who join, whatever they are
// like.
#pragma once

#include "base/prng.h"
#include "platform/api/gate.h"

namespace doorbuster::sim {

class SimulatedGate final : public platform::Gate {
 public:
  explicit SimulatedGate(Prng& random) : random_(random) {}

  // What it did with whom the log says that it thought so of.
  [[nodiscard]] static bool delays(const Assessment& assessment) { return assessment.score >= kDelayed; }

  // Nobody looks at every third.
  [[nodiscard]] std::optional<Assessment> pass(const platform::Call&, const platform::GateQuestion& question) override {
    if (question.action != platform::Action::kJoin || random_.chance(3)) return Assessment();
    Assessment assessment{.score = static_cast<uint8_t>(random_.below(kScoreMax + 1)),
                          .reasons = {Signal::kNoPage},
                          .network = random_.chance(2) ? NetworkClass::kMobile : NetworkClass::kUnknown,
                          .device = DeviceClass::kPhone,
                          .country = {'D', 'E'}};
    assessment.is_delayed = delays(assessment);
    return assessment;
  }

 private:
  static constexpr uint8_t kDelayed = 70;

  Prng& random_;
};

}  // namespace doorbuster::sim
