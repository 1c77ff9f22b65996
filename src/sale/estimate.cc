#include "sale/estimate.h"

#include <algorithm>
#include <cmath>

namespace doorbuster::sale {
namespace {

constexpr uint32_t kPollSecondsMax = 60;
constexpr double kZ90 = 1.2816;  // 90th percentile of the standard normal
constexpr double kWaitSecondsMax = 1e9;

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// Of those who were offered a unit, the share that keeps it.
double share_that_buys(const PublicStatus& status) {
  const double offered_so_far = status.now_serving;
  const double taken = status.held + status.paying + status.sold + status.offered;
  return (std::min(taken, offered_so_far) + 1) / (offered_so_far + 1 + (offered_so_far > 0 ? 1 : 0));
}

double odds_of(uint32_t ahead, const PublicStatus& status) {
  // Units that those in line can still get, besides what falls back from those who were served.
  const double units = status.available;
  const double unsettled = status.offered + status.held + status.paying;
  const double share = share_that_buys(status);
  const double people = ahead + unsettled;
  const double left = units + unsettled;
  const double mean = people * share;
  const double deviation = std::sqrt(people * share * (1 - share));
  if (left < 1) return 0;
  if (people < left) return 1;
  if (deviation < 1e-9) return mean < left ? 1 : 0;
  return normal_cdf((left - 0.5 - mean) / deviation);
}

// Positions served a second so far, or as the operator wants it.
double pace_of(const Settings& settings, const PublicStatus& status, Timestamp now) {
  if (settings.outflow_per_minute) return *settings.outflow_per_minute / 60.0;
  const double seconds = static_cast<double>((now - settings.opens_at).micros()) / 1e6;
  return seconds <= 0 ? 0 : status.now_serving / std::max(seconds, 1.0);
}

std::optional<Estimate::Wait> wait_of(uint32_t ahead, const Settings& settings, const PublicStatus& status,
                                      Timestamp now) {
  const double until_open = std::max(0.0, static_cast<double>((settings.opens_at - now).micros()) / 1e6);
  const double pace = pace_of(settings, status, now);
  if (ahead < status.available && !settings.outflow_per_minute) {
    const auto seconds = static_cast<uint32_t>(std::min(std::ceil(until_open), kWaitSecondsMax));
    return Estimate::Wait{seconds, seconds + 1};
  }
  if (pace <= 0) return std::nullopt;
  const double expected = (ahead + 1) / pace;
  const double deviation = std::sqrt(ahead + 1.0) / pace;
  // Rounded up to two digits: no more exact than it is.
  const auto round = [](double seconds) {
    const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(std::max(seconds, 1.0))) - 1));
    return static_cast<uint32_t>(std::min(std::ceil(seconds / unit) * unit, kWaitSecondsMax));
  };
  return Estimate::Wait{round(until_open + expected), round(until_open + expected + kZ90 * deviation + 0.5 * expected)};
}

// Before the draw all who wait have the same chance, and nobody knows more than when it will be.
Estimate estimate_before_draw(const Settings& settings, const PublicStatus& status, Timestamp now) {
  const double people = std::max(1U, status.waiting);
  const double chance = std::min(1.0, status.available / people);
  const double until_open = std::max(0.0, static_cast<double>((settings.opens_at - now).micros()) / 1e6);
  const double seconds = std::min(std::ceil(until_open), kWaitSecondsMax);
  return {.odds = chance,
          .wait = std::nullopt,
          .next_poll_seconds = static_cast<uint32_t>(std::clamp(seconds, 1.0, static_cast<double>(kPollSecondsMax)))};
}

}  // namespace

Estimate estimate(const EntryView& entry, const Settings& settings, const PublicStatus& status, Timestamp now) {
  if (entry.state != EntryState::kWaiting) {
    const bool has_unit = entry.state == EntryState::kOffered || entry.state == EntryState::kHolding ||
                          entry.state == EntryState::kPaying || entry.state == EntryState::kBought;
    const bool may_change = has_unit && entry.state != EntryState::kBought;
    return {.odds = has_unit ? 1.0 : 0.0, .wait = std::nullopt, .next_poll_seconds = may_change ? 1 : kPollSecondsMax};
  }
  if (status.has_draw && !status.is_drawn) return estimate_before_draw(settings, status, now);
  Estimate result{.odds = odds_of(entry.people_ahead, status),
                  .wait = wait_of(entry.people_ahead, settings, status, now)};
  // The further away, the more seldom: the load of a longer line's polls stays about the same.
  const uint32_t by_distance = 1 + entry.people_ahead / 500;
  const uint32_t by_wait = result.wait ? 1 + result.wait->p50_seconds / 4 : kPollSecondsMax;
  result.next_poll_seconds = std::clamp(std::min(by_distance, by_wait), 1U, kPollSecondsMax);
  return result;
}

}  // namespace doorbuster::sale
