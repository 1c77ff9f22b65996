// The gate of a simulated server: in some worlds the real guard, whose answers about customers are held against a model
// of their rate and of what they have not paid for, and in the others one that lets everybody pass and thinks something
// of those who join, whatever they are like.
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
  void note_not_taken(const platform::Taker& taker, Timestamp now) override;
  void note_paid(const platform::Taker& taker, uint64_t number, Timestamp now) override;

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
  // A bucket that leaks: what a customer does fills it, and it is never filled over the burst. The guard counts in
  // ticks, so what comes that near to the burst may be decided either way.
  struct Bucket {
    double filled = 0;
    Timestamp at;
    void leak(const guard::Rate& rate, Timestamp now);
    [[nodiscard]] bool surely_holds(double more, const guard::Rate& rate) const;
    [[nodiscard]] bool surely_overflows(double more, const guard::Rate& rate) const;
  };
  struct Customer {
    Bucket used;                         // of their rate
    Bucket unpaid;                       // in shares of what each customer may have
    std::map<uint64_t, Timestamp> paid;  // and until when that is remembered
  };
  [[nodiscard]] Assessment any_assessment();
  void check(const platform::Call& call, const platform::GateQuestion& question, bool passed);
  void give_back(const platform::Taker& taker, Timestamp now);

  Site& site_;
  const StandingClock start_;
  std::unique_ptr<guard::Guard> guard_;  // null: none
  guard::Policy policy_;
  std::map<uint64_t, Customer> customers_;
};

}  // namespace doorbuster::sim
