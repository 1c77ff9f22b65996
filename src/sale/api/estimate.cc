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

// At least all others who wait are ahead of who is delayed.
double odds_of_delayed(const PublicStatus& status) { return odds_of(std::max(status.waiting, 1U) - 1, status); }

// The same for all who take part; who came too late for that, or is delayed, stands behind them.
double odds_before_draw(const EntryView& entry, const PublicStatus& status) {
  if (entry.delayed_until != Timestamp()) return odds_of_delayed(status);
  if (status.is_draw_closed && entry.arrival > status.drawn) {
    return odds_of(std::min(entry.arrival, std::max(status.waiting, 1U)) - 1, status);
  }
  const uint32_t take_part = std::min(status.waiting, status.drawn);  // who is delayed waits, too
  return std::min(1.0, status.available / std::max(1.0, static_cast<double>(take_part)));
}

double seconds_until(Timestamp moment, Timestamp now) {
  return std::max(0.0, static_cast<double>((moment - now).micros()) / 1e6);
}

// No more exact than it is: two digits, rounded up, or down.
double unit_of_two_digits(double seconds) {
  return std::pow(10, std::max(0.0, std::floor(std::log10(std::max(seconds, 1.0))) - 1));
}
uint32_t up_to_two_digits(double seconds) {
  const double unit = unit_of_two_digits(seconds);
  return static_cast<uint32_t>(std::min(std::ceil(seconds / unit) * unit, kWaitSecondsMax));
}
uint32_t down_to_two_digits(double seconds) {
  const double unit = unit_of_two_digits(seconds);
  return static_cast<uint32_t>(std::min(std::floor(seconds / unit) * unit, kWaitSecondsMax));
}

Estimate::Wait in_two_digits(const WaitQuantiles& wait) {
  Estimate::Wait told{down_to_two_digits(wait.p10), up_to_two_digits(wait.p50), up_to_two_digits(wait.p90)};
  told.p90_seconds = std::min(told.p90_seconds, told.p10_seconds + 3 * told.p50_seconds);  // nor wider for it
  return told;
}

// A visit ends at any time, so those behind come in at a steady pace.
std::optional<WaitQuantiles> wait_for_visits(uint32_t ahead, const Settings& settings, const PublicStatus& status) {
  const double ending = (static_cast<double>(status.held) + status.paying) / settings.hold_seconds;
  const double lapsing = status.offered * (1 - share_that_comes(status).mean) / settings.claim_seconds;
  const double by_outflow =
      settings.outflow_per_minute.value_or(0) / 60.0 / std::max(0.05, share_that_comes(status).mean);
  const double pace = ahead < status.available && by_outflow > 0 ? by_outflow : ending + lapsing;
  if (pace <= 0) return std::nullopt;
  const double expected = (ahead + 1) / pace;
  const double deviation = std::hypot(std::sqrt(ahead + 1.0) / pace, expected * 0.5);
  const double late = kZ90 * deviation + 0.1 * expected;
  return WaitQuantiles{std::max(0.0, expected - late), expected, expected + late};
}

std::optional<Estimate::Wait> wait_of(uint32_t ahead, const Settings& settings, const PublicStatus& status,
                                      Timestamp now, const Forecast* forecast) {
  const double until_open = seconds_until(settings.opens_at, now);
  if (ahead < status.available && !settings.outflow_per_minute) {
    const auto seconds = static_cast<uint32_t>(std::min(std::ceil(until_open), kWaitSecondsMax));
    return Estimate::Wait{seconds, seconds, seconds + 1};
  }
  const bool is_visit = settings.queue == QueueKind::kPass;
  const auto wait = is_visit              ? wait_for_visits(ahead, settings, status)
                    : forecast != nullptr ? forecast->wait_behind(ahead)
                                          : Forecast(settings, status, OfferHistory(), now).wait_behind(ahead);
  if (!wait) return std::nullopt;
  return in_two_digits({until_open + wait->p10, until_open + wait->p50, until_open + wait->p90});
}

}  // namespace

Estimate estimate(const EntryView& entry, const Settings& settings, const PublicStatus& status, Timestamp now,
                  const std::optional<Beacon>& beacon, const Forecast* forecast) {
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
  if (entry.delayed_until != Timestamp()) {
    const uint32_t until_placed = poll_seconds_before_place(seconds_until(entry.delayed_until, now));
    return {.odds = settings.queue == QueueKind::kPass ? 1.0 : odds_of_delayed(status),
            .wait = std::nullopt,
            .next_poll_seconds = until_placed};
  }
  Estimate result{.odds = settings.queue == QueueKind::kPass ? 1.0 : odds_of(entry.people_ahead, status),
                  .wait = wait_of(entry.people_ahead, settings, status, now, forecast)};
  result.next_poll_seconds = poll_seconds(place, result.wait ? std::optional(result.wait->p50_seconds) : std::nullopt);
  return result;
}

}  // namespace doorbuster::sale
