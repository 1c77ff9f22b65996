#include "sale/api/estimate.h"

#include <algorithm>
#include <cmath>

#include "sale/api/poll_interval.h"

namespace doorbuster::sale {
namespace {

constexpr double kZ90 = 1.2816;  // 90th percentile of the standard normal
constexpr double kWaitSecondsMax = 1e9;

// A share of which some is known, and what is not known of it.
struct Share {
  double mean = 0;
  double variance = 0;
};

// Who comes does so early, and who does not is known only when the time is up: of those still open, this share may yet
// say yes. It may as well be any other, so their part of the whole is the share's own uncertainty (that of a uniform
// distribution).
constexpr double kOffersYetClaimed = 0.55;
constexpr double kHoldsYetBought = 0.65;
constexpr double kOpenVariance = 1.0 / 12;

Share estimated_share(double yes, double open, double open_yes, double all) {
  constexpr double kPriorYes = 4;
  constexpr double kPrior = 5;
  const double mean = (yes + open_yes * open + kPriorYes) / (all + kPrior);
  const double part_open = open / (all + kPrior);
  return {mean, mean * (1 - mean) / (all + kPrior + 1) + part_open * part_open * kOpenVariance};
}

// Of those who are offered a unit.
Share share_that_comes(const PublicStatus& status) {
  return estimated_share(status.claims, status.offered, kOffersYetClaimed, status.offers);
}

// Of those who came.
Share share_that_pays(const PublicStatus& status) {
  return estimated_share(status.sold, static_cast<double>(status.held) + status.paying, kHoldsYetBought, status.claims);
}

// The share that comes as the outflow sees it: an offer is passed on only when it is over. Of the offers that are open
// now about half of those who come have come already, so that open / (1 - share / 2) offers are not old enough to tell.
double share_not_passed_on(const PublicStatus& status) {
  const double passed_on = std::max(0.0, static_cast<double>(status.offers) - status.offered - status.claims);
  double share = 1;
  for (int i = 0; i < 8; ++i) {
    const double old = std::max(status.offers - status.offered / (1 - share / 2), passed_on + 1);
    share = std::max(0.05, 1 - passed_on / old);
  }
  return share;
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

double odds_of(uint32_t ahead, const PublicStatus& status) {
  const Share comes = share_that_comes(status);
  const Share pays = share_that_pays(status);
  const double held = static_cast<double>(status.held) + status.paying;
  const double called = static_cast<double>(ahead) + status.offered;
  const double left = status.available + status.offered + held;
  if (left < 1) return 0;
  if (called + held < left) return 1;
  const double buys = comes.mean * pays.mean;
  const double mean = called * buys + held * kHoldsYetBought;
  // Each decides by themselves, and the shares are the same for all of them.
  const double by_chance = called * buys * (1 - buys) + held * kHoldsYetBought * (1 - kHoldsYetBought);
  const double by_comes = called * pays.mean;
  const double by_pays = called * comes.mean;
  const double variance = by_chance + by_comes * by_comes * comes.variance + by_pays * by_pays * pays.variance +
                          held * held * kOpenVariance;
  return normal_cdf((left - 0.5 - mean) / std::sqrt(variance));
}

// The same for all who take part; who came too late for that stands behind them.
double odds_before_draw(const EntryView& entry, const PublicStatus& status) {
  if (status.is_draw_closed && entry.arrival > status.drawn) {
    return odds_of(std::min(entry.arrival, std::max(status.waiting, 1U)) - 1, status);
  }
  return std::min(1.0, status.available / std::max(1.0, static_cast<double>(status.waiting)));
}

double seconds_until(Timestamp moment, Timestamp now) {
  return std::max(0.0, static_cast<double>((moment - now).micros()) / 1e6);
}

// Units that come back a second: from offers that nobody takes and holds that nobody pays, or from visits that end.
double pace_of_returns(const Settings& settings, const PublicStatus& status) {
  const double held = static_cast<double>(status.held) + status.paying;
  const double lost_offers = status.offered * (1 - share_that_comes(status).mean);
  const double ending = settings.queue == QueueKind::kPass ? held : held * (1 - share_that_pays(status).mean);
  return lost_offers / settings.claim_seconds + ending / settings.hold_seconds;
}

struct Pace {
  double people_a_second = 0;
  double uncertainty = 0;  // standard deviation of it, as a part of it
};

Pace pace_for(uint32_t ahead, const Settings& settings, const PublicStatus& status) {
  const bool has_stock = ahead < status.available;
  if (has_stock && settings.outflow_per_minute) {
    const double share = share_not_passed_on(status);
    return {*settings.outflow_per_minute / 60.0 / share, (1 - share) / 4};
  }
  // Half as fast or twice as fast: who gives a unit back does so at any time.
  return {pace_of_returns(settings, status), 0.5};
}

// Rounded up to two digits: no more exact than it is.
uint32_t to_two_digits(double seconds) {
  const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(std::max(seconds, 1.0))) - 1));
  return static_cast<uint32_t>(std::min(std::ceil(seconds / unit) * unit, kWaitSecondsMax));
}

std::optional<Estimate::Wait> wait_of(uint32_t ahead, const Settings& settings, const PublicStatus& status,
                                      Timestamp now) {
  const double until_open = seconds_until(settings.opens_at, now);
  if (ahead < status.available && !settings.outflow_per_minute) {
    const auto seconds = static_cast<uint32_t>(std::min(std::ceil(until_open), kWaitSecondsMax));
    return Estimate::Wait{seconds, seconds + 1};
  }
  const Pace pace = pace_for(ahead, settings, status);
  if (pace.people_a_second <= 0) return std::nullopt;
  const double expected = (ahead + 1) / pace.people_a_second;
  // Offers that nobody takes are noticed and passed on only when their time is up.
  const double by_chance = std::sqrt(ahead + 1.0) / pace.people_a_second;
  const double by_pace = expected * pace.uncertainty;
  const double deviation = std::sqrt(by_chance * by_chance + by_pace * by_pace);
  return Estimate::Wait{to_two_digits(until_open + expected),
                        to_two_digits(until_open + expected + kZ90 * deviation + 0.1 * expected)};
}

}  // namespace

Estimate estimate(const EntryView& entry, const Settings& settings, const PublicStatus& status, Timestamp now,
                  const std::optional<Beacon>& beacon) {
  if (entry.state != EntryState::kWaiting) {
    const bool has_unit = entry.state == EntryState::kOffered || entry.state == EntryState::kHolding ||
                          entry.state == EntryState::kPaying || entry.state == EntryState::kBought;
    const bool may_change = has_unit && entry.state != EntryState::kBought;
    return {.odds = has_unit ? 1.0 : 0.0, .wait = std::nullopt, .next_poll_seconds = may_change ? 1U : 60U};
  }
  const PollPlace place{.ahead = entry.people_ahead,
                        .waiting = status.waiting,
                        .lot = entry.number.packed(),
                        .seconds_until_open = seconds_until(
                            beacon && now >= settings.opens_at ? beacon->published_at : settings.opens_at, now),
                        .claim_seconds = settings.claim_seconds};
  if (status.has_draw && !status.is_drawn) {
    return {.odds = odds_before_draw(entry, status),
            .wait = std::nullopt,
            .next_poll_seconds = poll_seconds_before_draw(place)};
  }
  Estimate result{.odds = settings.queue == QueueKind::kPass ? 1.0 : odds_of(entry.people_ahead, status),
                  .wait = wait_of(entry.people_ahead, settings, status, now)};
  result.next_poll_seconds = poll_seconds(place, result.wait ? std::optional(result.wait->p50_seconds) : std::nullopt);
  return result;
}

}  // namespace doorbuster::sale
