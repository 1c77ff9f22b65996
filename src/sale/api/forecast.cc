#include "sale/api/forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace doorbuster::sale {
namespace {

constexpr size_t kSteps = 384;
constexpr double kNever = std::numeric_limits<double>::infinity();

// Of those who will take their offer, or pay their hold, who has not yet when this part of the time is over: half of
// them hurry, half of them take their time.
double still_open(double part) { return part >= 1 ? 0 : 0.5 * std::exp(-part / 0.2) + 0.5 * (1 - part); }
// Of those who will not pay: so many give their hold back at any time, the others let it expire.
constexpr double kGivesBack = 0.3;

// What nobody can know of how people behave, as a part of how many come back.
constexpr double kUnforeseen = 0.4;

double at_least_one(double number) { return std::max(1.0, number); }

constexpr double kWeightOfClaimed = 0.4;
constexpr double kWeightOfPaid = 0.3;

// What is offered comes back within claim_seconds + hold_seconds, which are kSteps / 5 of Forecast::step_ at most.
constexpr size_t kStepsBehind = kSteps / 5 + 2;

// Units, by the step in which they come back.
class Returns {
 public:
  Returns(double step, double claim_seconds, double hold_seconds, double claim_delay)
      : step_(step), hold_seconds_(hold_seconds), lapse_after_(later(claim_seconds)) {
    for (size_t i = 0; i < back_after_.size(); ++i)
      back_after_[i] = later(claim_delay + hold_seconds * (static_cast<double>(i) + 0.5) / 4);
    expire_after_ = later(claim_delay + hold_seconds);
  }

  void lapse(double seconds, double count) { lapse_in(step_at(seconds), count); }
  // Holds that will not be paid, made some seconds from now (before now: less than 0), as many as are still there.
  void fail(double made_at, double count) {
    const double from = std::max(0.0, made_at);
    const double to = made_at + hold_seconds_;
    const double left = std::max(0.0, to - from) / hold_seconds_;
    const double early = count * kGivesBack * left / (1 - kGivesBack * (1 - left));
    for (int i = 0; i < 4; ++i) back_[step_at(from + (to - from) * (i + 0.5) / 4)] += early / 4;
    back_[step_at(to)] += count - early;
  }
  // Of offers that are made in the middle of a step: so many lapse, and of the holds that the others make so many fail.
  void offered_in(size_t step, double lapsing, double failing) {
    lapse_in(step + lapse_after_, lapsing);
    const double early = failing * kGivesBack;
    for (const size_t after : back_after_) back_[step + after] += early / 4;
    back_[step + expire_after_] += failing - early;
  }
  [[nodiscard]] double back(size_t step) const { return back_[step]; }
  [[nodiscard]] double lapsed(size_t step) const { return lapsed_[step]; }
  // The last step.
  [[nodiscard]] double behind() const { return std::accumulate(back_.begin() + kSteps, back_.end(), 0.0); }

 private:
  using BySteps = std::array<double, kSteps + kStepsBehind>;

  [[nodiscard]] size_t step_at(double seconds) const { return static_cast<size_t>(std::max(0.0, seconds) / step_); }
  // So many steps after the one in whose middle something happens.
  [[nodiscard]] size_t later(double seconds) const { return static_cast<size_t>(0.5 + seconds / step_); }
  void lapse_in(size_t step, double count) {
    back_[step] += count;
    lapsed_[step] += count;
  }

  const double step_;
  const double hold_seconds_;
  const size_t lapse_after_;
  std::array<size_t, 4> back_after_{};
  size_t expire_after_ = 0;
  BySteps back_{};
  BySteps lapsed_{};  // of those: offers, whose place in the outflow is another's
};

// Of each step back from now, the latest first, for so many seconds.
std::vector<OfferHistory::Counts> made_in_steps(const OfferHistory& history, double step, double seconds) {
  std::vector<OfferHistory::Counts> made(static_cast<size_t>(std::max(1.0, std::ceil(seconds / step))));
  for (size_t i = 0; i < made.size(); ++i) {
    const double age = static_cast<double>(i) * step;
    made[i] = history.made(age + step, age);
  }
  return made;
}

// Calls visit(age, count) so that together there are `all`: as many of each age as there were made then (made(i) of
// them in the step) and are open still (a part of them). Where it is not known when they were made, at any time.
template <class Made, class Part, class Visit>
void for_each_age(double all, double oldest, double known, double step, const Made& made, const Part& part,
                  const Visit& visit) {
  if (all <= 0) return;
  const auto steps = static_cast<size_t>(std::max(1.0, std::ceil(oldest / step)));
  std::vector<double> open(steps);
  double sum = 0;
  for (size_t i = 0; i < steps; ++i) {
    const double age = (static_cast<double>(i) + 0.5) * step;
    open[i] = std::max(0.0, made(i)) * part(std::min(1.0, age / oldest));
    sum += open[i];
  }
  const auto first_unknown = static_cast<size_t>(known / step);
  if (sum < all && first_unknown < steps) {
    const double each = (all - sum) / static_cast<double>(steps - first_unknown);
    for (size_t i = first_unknown; i < steps; ++i) open[i] += each;
    sum = all;
  }
  for (size_t i = 0; i < steps; ++i) {
    const double count = sum > 0 ? open[i] * all / sum : all / static_cast<double>(steps);
    if (count > 0) visit((static_cast<double>(i) + 0.5) * step, count);
  }
}

}  // namespace

// One in five fails where nothing has been seen.
Forecast::Share Forecast::share_of(double failed, double all) {
  const double fails = std::clamp((failed + 1) / (all + 5), 0.02, 0.97);
  return {fails, std::sqrt(fails * (1 - fails) / (all + 6))};
}

Forecast::Forecast(const Settings& settings, const PublicStatus& status, const OfferHistory& history, Timestamp now)
    : claim_seconds_(settings.claim_seconds),
      hold_seconds_(settings.hold_seconds),
      outflow_a_second_(settings.outflow_per_minute.value_or(0) / 60.0),
      step_(std::max({1.0, claim_seconds_ / 20, 5 * (claim_seconds_ + hold_seconds_) / kSteps})),
      made_(made_in_steps(history, step_, std::max(claim_seconds_, hold_seconds_))),
      open_seconds_(std::max(0.0, static_cast<double>((now - settings.opens_at).micros()) / 1e6)),
      available_(status.available),
      offers_(share_of_offers(status, history)),
      holds_(share_of_holds(status, history)) {
  for (size_t i = 0; i < courses_.size(); ++i) courses_[i] = play(status, history.seconds(), kTimesAsMany[i]);
}

// Of offers that are old enough it is known who let theirs lapse; of younger ones, who has come already of all who
// would have by now. When they would, is less sure.
Forecast::Share Forecast::share_of_offers(const PublicStatus& status, const OfferHistory& history) const {
  const double lapsed = std::max(0.0, static_cast<double>(status.offers) - status.offered - status.claims);
  if (history.seconds() <= 0) return share_of(lapsed, std::max(lapsed, status.offers - 0.7 * status.offered));
  const double old = history.before(claim_seconds_).offers;
  double claimed_by_now = old;
  for (size_t i = 0; static_cast<double>(i) * step_ < claim_seconds_; ++i) {
    claimed_by_now += made_[i].offers * (1 - still_open((static_cast<double>(i) + 0.5) * step_ / claim_seconds_));
  }
  const double unclaimed = kWeightOfClaimed * std::max(0.0, claimed_by_now - status.claims);
  return share_of(lapsed + unclaimed, std::max(lapsed, old) + kWeightOfClaimed * claimed_by_now);
}

// Of holds both is seen before their time is over: some are given back, most are paid. When, is less sure.
Forecast::Share Forecast::share_of_holds(const PublicStatus& status, const OfferHistory& history) const {
  const double open = static_cast<double>(status.held) + status.paying;
  const double failed = std::max(0.0, static_cast<double>(status.claims) - open - status.sold);
  if (history.seconds() <= 0) return share_of(failed, std::max(failed, status.claims - 0.7 * open));
  double paid_by_now = history.before(hold_seconds_).claims;
  double failed_by_now = paid_by_now;
  for (size_t i = 0; static_cast<double>(i) * step_ < hold_seconds_; ++i) {
    const double part = (static_cast<double>(i) + 0.5) * step_ / hold_seconds_;
    paid_by_now += made_[i].claims * (1 - still_open(part));
    failed_by_now += made_[i].claims * kGivesBack * part;
  }
  const double unpaid = kWeightOfPaid * std::max(0.0, paid_by_now - status.sold);
  return share_of(failed + unpaid, std::max(failed, failed_by_now) + kWeightOfPaid * paid_by_now);
}

Forecast::Course Forecast::play(const PublicStatus& status, double known, double times) const {
  const double lapses = std::min(0.97, offers_.fails * times);
  const double fails = std::min(0.97, holds_.fails * times);
  const auto open_offers = [&](double part) { return lapses + (1 - lapses) * still_open(part); };
  const auto open_holds = [&](double part) { return fails * (1 - kGivesBack * part) + (1 - fails) * still_open(part); };
  Returns returns(step_, claim_seconds_, hold_seconds_, claim_seconds_ * 0.3);
  for_each_age(
      status.offered, std::min(claim_seconds_, std::max(step_, open_seconds_)), known, step_,
      [&](size_t i) { return made_[i].offers; }, open_offers,
      [&](double age, double count) {
        const double part = std::min(1.0, age / claim_seconds_);
        const double lapse = count * (lapses / open_offers(part));  // in this order never more than count
        returns.lapse(claim_seconds_ - age, lapse);
        returns.fail((claim_seconds_ - age) * 0.3, (count - lapse) * fails);
      });
  for_each_age(
      static_cast<double>(status.held) + status.paying, std::min(hold_seconds_, std::max(step_, open_seconds_)), known,
      step_, [&](size_t i) { return made_[i].claims; }, open_holds,
      [&](double age, double count) {
        const double part = std::min(1.0, age / hold_seconds_);
        returns.fail(-age, count * fails * (1 - kGivesBack * part) / open_holds(part));
      });
  Course course;
  course.offered.resize(kSteps);
  double free = status.available;
  double passed_on = 0;  // places in the outflow
  double offered = 0;
  for (size_t i = 0; i < kSteps; ++i) {
    free += returns.back(i);
    passed_on += returns.lapsed(i);
    double now = free;
    if (outflow_a_second_ > 0) {
      now = std::min(free, outflow_a_second_ * step_ + passed_on);
      passed_on = std::clamp(passed_on - std::max(0.0, now - outflow_a_second_ * step_), 0.0, free);
    }
    free -= now;
    offered += now;
    course.offered[i] = static_cast<float>(offered);
    returns.offered_in(i, now * lapses, now * (1 - lapses) * fails);
  }
  const double last_quarter = step_ * kSteps / 4;
  course.pace_behind = (offered - course.offered[kSteps * 3 / 4]) / last_quarter;
  const double returned = lapses + (1 - lapses) * fails;
  course.offered_behind = offered + (free + returns.behind()) / (1 - returned);
  return course;
}

double Forecast::seconds_until(const Course& course, double number) const {
  const auto& offered = course.offered;
  const auto found = std::lower_bound(offered.begin(), offered.end(), static_cast<float>(number));
  if (found != offered.end()) {
    const auto at = static_cast<size_t>(found - offered.begin());
    const double before = at == 0 ? 0 : offered[at - 1];
    const double part = (number - before) / std::max(1e-9, *found - before);
    return (static_cast<double>(at) + std::clamp(part, 0.0, 1.0)) * step_;
  }
  if (number > course.offered_behind || course.pace_behind <= 0) return kNever;
  return step_ * kSteps + (number - offered.back()) / course.pace_behind;
}

std::optional<WaitQuantiles> Forecast::wait_behind(uint32_t ahead) const {
  // How likely each course is, from the one in which most come back on.
  const double by_returns = std::max(0.0, ahead + 1.0 - available_);
  const double share = offers_.fails + (1 - offers_.fails) * holds_.fails;
  const double unknown = std::hypot(offers_.deviation, holds_.deviation) / share;
  const double deviation = std::sqrt(unknown * unknown + 1 / at_least_one(by_returns) + kUnforeseen * kUnforeseen);
  struct Chance {
    double seconds;
    double weight;
  };
  std::array<Chance, kTimesAsMany.size()> chances;
  size_t count = 0;
  double all = 0;
  for (size_t i = kTimesAsMany.size(); i-- > 0;) {
    const double seconds = seconds_until(courses_[i], ahead + 0.5);
    if (seconds == kNever) continue;
    const double lower = std::log(kTimesAsMany[i == 0 ? 0 : i - 1]);
    const double upper = std::log(kTimesAsMany[std::min(i + 1, kTimesAsMany.size() - 1)]);
    const double distance = std::log(kTimesAsMany[i]) / deviation;
    const double weight = std::exp(-distance * distance / 2) * (upper - lower);
    chances[count++] = {seconds, weight};
    all += weight;
  }
  if (count == 0) return std::nullopt;
  const auto quantile = [&](double part) {
    double before = 0;
    for (size_t i = 0; i < count; ++i) {
      const double middle = before + chances[i].weight / 2;
      if (part * all <= middle || i + 1 == count) {
        if (i == 0 || part * all > middle) return chances[i].seconds;
        const double last = before - chances[i - 1].weight / 2;
        const double along = (part * all - last) / std::max(1e-12, middle - last);
        return chances[i - 1].seconds + along * (chances[i].seconds - chances[i - 1].seconds);
      }
      before += chances[i].weight;
    }
    return chances[count - 1].seconds;
  };
  WaitQuantiles wait{quantile(0.1), quantile(0.5), quantile(0.9)};
  // Nobody acts on the second: the fewer have to give something back, the less is known of when they do.
  const double blur = by_returns > 0 ? std::min(0.9, 0.55 + 0.3 / std::sqrt(by_returns)) : 0.2;
  const double sooner = by_returns > 0 ? std::min(0.95, blur + 0.15) : blur;
  wait.p10 = std::max(0.0, std::min(wait.p10, wait.p50 * (1 - sooner)));
  wait.p90 = std::max(wait.p90, wait.p50 * (1 + 1.5 * blur) + 1);
  wait.p90 = std::min(wait.p90, wait.p10 + 3 * wait.p50);
  return wait;
}

}  // namespace doorbuster::sale
