#include "sim/gate.h"

#include <algorithm>

namespace doorbuster::sim {
namespace {

using platform::Action;
using platform::Asker;

constexpr uint32_t kKeys = 10'000;
constexpr double kNearly = 1.0 / 600;                           // of a burst
constexpr Duration kPaidRemembered = Duration::seconds(3'600);  // as the guard has it

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
  if (question.asker.kind == Asker::Kind::kCustomer) check(call, question, assessment.has_value());
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

void SimulatedGate::Bucket::leak(const guard::Rate& rate, Timestamp now) {
  const double seconds = static_cast<double>(std::max<int64_t>((now - at).micros(), 0)) / 1e6;
  filled = std::max(0.0, filled - seconds * rate.per_minute / 60);
  at = std::max(at, now);
}
bool SimulatedGate::Bucket::surely_holds(double more, const guard::Rate& rate) const {
  return filled + more < rate.burst * (1 - kNearly);
}
bool SimulatedGate::Bucket::surely_overflows(double more, const guard::Rate& rate) const {
  return filled + more > rate.burst * (1 + kNearly);
}

// Who joins is asked whether they could reserve, and owes nothing by it.
void SimulatedGate::check(const platform::Call& call, const platform::GateQuestion& question, bool passed) {
  const guard::Rate& rate = policy_.rate_of(guard::ChargedTo::kCustomer);
  const guard::Rate& unpaid = policy_.rate_of(guard::ChargedTo::kUnpaid);
  Customer& customer = customers_[question.asker.id];
  customer.used.leak(rate, call.now);
  customer.unpaid.leak(unpaid, call.now);
  const double weight = policy_.weight_of(question.action);
  const bool is_paid_for = question.action == Action::kJoin || question.action == Action::kReserve;
  const double owed = is_paid_for && question.units_each > 0 ? 1.0 / question.units_each : 0;
  const bool surely_may =
      customer.used.surely_holds(weight, rate) && (owed == 0 || customer.unpaid.surely_holds(owed, unpaid));
  const bool surely_may_not =
      customer.used.surely_overflows(weight, rate) || (owed > 0 && customer.unpaid.surely_overflows(owed, unpaid));
  if (passed && surely_may_not) site_.promises.breaks("a customer passed who is over their rate, or has not paid");
  if (!passed && surely_may) site_.promises.breaks("a customer was refused within their rate");
  if (!passed) return;
  customer.used.filled += weight;
  if (question.action == Action::kReserve) customer.unpaid.filled += owed;
}

void SimulatedGate::give_back(const platform::Taker& taker, Timestamp now) {
  if (!taker.is_customer || taker.units_each == 0) return;
  Bucket& unpaid = customers_[taker.id].unpaid;
  unpaid.leak(policy_.rate_of(guard::ChargedTo::kUnpaid), now);
  unpaid.filled = std::max(0.0, unpaid.filled - 1.0 / taker.units_each);
}

void SimulatedGate::note_not_taken(const platform::Taker& taker, Timestamp now) {
  if (guard_ == nullptr) return;
  guard_->note_not_taken(taker, now);
  give_back(taker, now);
}

void SimulatedGate::note_paid(const platform::Taker& taker, uint64_t number, Timestamp now) {
  if (guard_ == nullptr) return;
  guard_->note_paid(taker, number, now);
  Timestamp& until = customers_[taker.id].paid[number];
  if (until > now) return;
  until = now + kPaidRemembered;
  give_back(taker, now);
}

}  // namespace doorbuster::sim
