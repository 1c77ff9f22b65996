#include "guard/scorecard.h"

#include <algorithm>

namespace doorbuster::guard {

// The weights are a judgement, not a measurement, and docs/guard.md says so: the shop's word counts most, then the
// network, then what a script forgets to fake, and least what is easily faked and easily missing.
const std::array<SignalDefinition, kSignals> kSignalDefinitions = {{
    {.limit = SignalLimit::kNone, .usual = {}, .help = ""},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 30},
     .help = "No token of the shop: anybody can be as many guests as they like."},
    {.limit = SignalLimit::kDays,
     .usual = {.points = 30, .limit = 7},
     .help = "The shop's token says how old the account is (account_age_days), and that is fewer days than:"},
    {.limit = SignalLimit::kCount,
     .usual = {.points = 50, .limit = 2, .minutes = 1'440},
     .help = "The shop's token says how they pay (instrument, a hash of it), and more customers pay by the same:"},
    {.limit = SignalLimit::kNone, .usual = {.points = 40}, .help = "The address is a data centre's."},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 30},
     .help = "The address is that of a public proxy, a VPN or Tor."},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 0},
     .help = "Nobody knows in which country the address is. Without guard.country_database that is all of them."},
    {.limit = SignalLimit::kCount,
     .usual = {.points = 20, .limit = 20, .minutes = 10},
     .help = "New sessions have begun at the address (but for a carrier's, networks.mobile), more than:"},
    {.limit = SignalLimit::kCount,
     .usual = {.points = 15, .limit = 200, .minutes = 10},
     .help = "New sessions have begun in the network beside the address (but for a carrier's), more than:"},
    {.limit = SignalLimit::kCount,
     .usual = {.points = 20, .limit = 40, .minutes = 1},
     .help = "The session or customer has asked, more often than:"},
    {.limit = SignalLimit::kCount,
     .usual = {.points = 10, .limit = 400, .minutes = 1},
     .help = "Strangers at the address have asked (but for a carrier's), more often than:"},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 25},
     .help = "The user agent is not a browser's. Where your app has one of its own, make this 0."},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 35},
     .help = "The user agent is a browser's, the other fields are not what it sends (guard/program.h)."},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 20},
     .help = "They are, but not in an order in which it sends them."},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 40},
     .help = "The TLS fingerprint that your proxy gives (guard.fingerprint_header) is one of fingerprints.tools."},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 10},
     .help = "Nothing was said of how the page was used (Doorbuster-Page)."},
    {.limit = SignalLimit::kNone,
     .usual = {.points = 20},
     .help = "The page was not touched: nothing pressed, no pointer moved, no key, no finger."},
    {.limit = SignalLimit::kMilliseconds,
     .usual = {.points = 20, .limit = 150},
     .help = "The first action on the page came sooner than people can act, in milliseconds:"},
    {.limit = SignalLimit::kCount,
     .usual = {.points = 15, .limit = 6, .minutes = 10},
     .help = "The session's requests came at even intervals, in a row more than:"},
    {.limit = SignalLimit::kCount,
     .usual = {.points = 25, .limit = 3, .minutes = 60},
     .help = "The device that your app names (Doorbuster-Page: device=) has had sessions, more than:"},
}};

Scorecard usual_scorecard() {
  Scorecard card;
  for (size_t i = 0; i < kSignals; ++i) card.signals[i] = kSignalDefinitions[i].usual;
  card.verdicts[static_cast<size_t>(Verdict::kDelay)].from = 50;
  card.verdicts[static_cast<size_t>(Verdict::kChallenge)].from = 80;
  return card;
}

// Three out of twenty: looked for one after the other.
Score score_of(const SignalSet& signals, const Scorecard& card) {
  Score score;
  uint32_t sum = 0;
  const auto points_of = [&](Signal signal) { return card.of(signal).points; };
  for (size_t i = 1; i < kSignals; ++i) {
    auto signal = static_cast<Signal>(i);
    if (!signals.has(signal) || points_of(signal) == 0) continue;
    sum += points_of(signal);
    for (Signal& reason : score.reasons) {
      if (reason == Signal::kNone || points_of(signal) > points_of(reason)) std::swap(signal, reason);
      if (signal == Signal::kNone) break;
    }
  }
  score.hundredths = static_cast<uint8_t>(std::min(sum, kScoreMax));
  return score;
}

Judgement judge(uint8_t score, const Scorecard& card) {
  Judgement judgement;
  for (size_t i = card.verdicts.size() - 1; i > 0; --i) {
    const VerdictRule& rule = card.verdicts[i];
    if (score < rule.from) continue;
    const auto verdict = static_cast<Verdict>(i);
    if (!rule.in_shadow) {
      judgement.verdict = verdict;
      return judgement;
    }
    if (judgement.in_shadow == Verdict::kAllow) judgement.in_shadow = verdict;
  }
  return judgement;
}

}  // namespace doorbuster::guard
