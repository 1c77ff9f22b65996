// The gate of a simulated server: in some worlds the real guard, whose answers about customers are held against a model
// of their rate, and in the others one that lets everybody pass and thinks something of those who join, whatever they
// are like.
#pragma once

#include <map>
#include <memory>

#include "guard/guard.h"
#include "sim/site.h"

namespace doorbuster::sim {

class SimulatedGate final : public platform::Gate {
 public:
  // Of a server that starts now, by its own clock.
  SimulatedGate(Site& site, Timestamp now);

  // What it did with whom the log says that it thought so of.
  [[nodiscard]] static bool delays(const Assessment& assessment) { return assessment.score >= kDelayed; }

  [[nodiscard]] std::optional<Assessment> pass(const platform::Call& call,
                                               const platform::GateQuestion& question) override;

 private:
  static constexpr uint8_t kDelayed = 60;  // as guard.toml has it

  // For what the guard's own thread does, which is nothing here. Whoever asks brings the server's time.
  class StandingClock final : public Clock {
   public:
    explicit StandingClock(Timestamp now) : now_(now) {}
    [[nodiscard]] Timestamp now() const override { return now_; }

   private:
    const Timestamp now_;
  };
  // What a customer has used of their rate.
  struct Used {
    double weight = 0;
    Timestamp at;
  };
  [[nodiscard]] Assessment any_assessment();
  void check_rate(const platform::Call& call, const platform::GateQuestion& question, bool passed);

  Site& site_;
  const StandingClock start_;
  std::unique_ptr<guard::Guard> guard_;  // null: none
  guard::Policy policy_;
  std::map<uint64_t, Used> used_;  // by customer
};

}  // namespace doorbuster::sim
