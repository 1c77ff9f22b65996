#include "guard/policy.h"

#include <algorithm>
#include <bit>
#include <filesystem>

#include "base/assert.h"
#include "base/file.h"
#include "ops/settings/reader.h"
#include "ops/settings/rules.h"
#include "ops/settings/writer.h"

namespace doorbuster::guard {
namespace {

constexpr uint32_t kJoinWeight = 20;
constexpr uint32_t kChangeWeight = 5;
constexpr uint32_t kPollWeight = 1;
constexpr uint32_t kTellWeight = 1;
constexpr uint32_t kUnpaidMinutes = 5;          // until what was reserved and not paid is held against nobody any more
constexpr uint32_t kDrawSeconds = 10;           // of twice the usual work: the slowest phones need six on average
constexpr uint32_t kChallengesAMinute = 3'000;  // for an address: a carrier has thousands of people behind one

constexpr uint32_t kPolicyCostMax = 65'536;  // 64 MiB each
constexpr uint32_t kDoublingsMax = 8;

constexpr size_t kFirstSignal = 1;   // kNone is none
constexpr size_t kFirstVerdict = 1;  // kAllow is what is left
constexpr size_t kFirstNetwork = 1;  // kUnknown is what is in no list

struct Written {
  Preset preset = Preset::kDrop;
  Policy policy;
};

constexpr std::array<std::string_view, kChargedToNames.size()> kChargedToHelp = {
    "One address (IPv6: one /64). A household, or a thousand people behind a carrier: those with a token of the shop "
    "are charged as customers instead.",
    "What lies beside an address (IPv4: its /24; IPv6: its /56): somebody who has many addresses often has them there.",
    "Who holds a cookie of this server, whatever their address.",
    "Whom a token of the shop names, whatever their address.",
    "One address that asks for challenges to solve: as many people as may be behind it.",
    "What one address has reserved and not paid for yet, where no token of the shop says whose it is: what is paid for "
    "is taken off at once, what is given back or lapses with the time. The same for each customer of the shop.",
    "The same of what lies beside an address.",
    "One address that asks for short links that are not there: people mistype some, and whoever tries out codes needs "
    "thousands.",
    "What lies beside such an address."};

constexpr std::array<std::string_view, platform::kActionNames.size()> kActionHelp = {
    "Take a place in a line.", "Take something of which there is little.", "Any other change.",
    "Ask how something of one's own stands, or what is recommended.",
    "Tell of events of recommendations, up to 50 in a request: what a stampede sends most."};

constexpr std::array<std::string_view, kVerdictNames.size()> kVerdictHelp = {
    "", "A place in a line is behind all others of its minute.",
    "Only whoever brings a solved challenge joins or reserves, customers of the shop, too.",
    "Told to come back later, again and again, and never let in.", "Refused (403)."};

constexpr std::array<std::string_view, kNetworkClassNames.size()> kNetworkHelp = {
    "",
    "Networks (203.0.113.0/24) and autonomous systems (AS64500, for which guard.network_database is needed) that are a "
    "provider's of people at home.",
    "The same of carriers: many people share an address.",
    "The same of companies and schools.",
    "The same of data centres: the clouds publish theirs.",
    "The same of public proxies, VPNs and Tor."};

void add_signal(ops::SettingsTable& table, size_t number, SignalRule& rule) {
  const SignalDefinition& definition = kSignalDefinitions[number];
  const std::string section = "signals." + std::string(kSignalNames[number]);
  table.integer(section + ".points", rule.points, {.min = 0, .max = kScoreMax},
                std::string(definition.help) + " In points of " + std::to_string(kScoreMax) + "; 0: it never speaks.");
  switch (definition.limit) {
    case SignalLimit::kNone:
      return;
    case SignalLimit::kCount:
      table.integer(section + ".most", rule.limit, {.min = 1, .max = kRateMax}, "So many are not too many,");
      table.integer(section + ".minutes", rule.minutes, {.min = 1, .max = kMinutesADay}, "in so many minutes.");
      return;
    case SignalLimit::kDays:
      table.integer(section + ".days", rule.limit, {.min = 1, .max = 3'650},
                    "An account of so many days speaks for nothing.");
      return;
    case SignalLimit::kMilliseconds:
      table.integer(section + ".milliseconds", rule.limit, {.min = 1, .max = 60'000}, "People need at least so long.");
      return;
  }
}

void add_score_settings(ops::SettingsTable& table, Policy& policy) {
  table.text("score.model", policy.model, ops::any_text,
             "Path of a model that was trained on your own decisions (doorbuster guard train), beside this file or "
             "absolute: it makes the score in place of the signals' points, which then only say the reasons.");
  for (size_t i = kFirstVerdict; i < kVerdictNames.size(); ++i) {
    const std::string section = "verdicts." + std::string(kVerdictNames[i]);
    VerdictRule& rule = policy.scorecard.verdicts[i];
    table.integer(section + ".from", rule.from, {.min = 1, .max = kNeverFrom},
                  std::string(kVerdictHelp[i]) + " From this score on; 101: never.");
    table.boolean(section + ".shadow", rule.in_shadow, "Counted, and not done: the next softer one is.");
  }
  for (size_t i = kFirstSignal; i < kSignals; ++i) add_signal(table, i, policy.scorecard.signals[i]);
  for (size_t i = kFirstNetwork; i < kNetworkClassNames.size(); ++i) {
    table.text_list("networks." + std::string(kNetworkClassNames[i]), policy.networks[i], network_or_system,
                    std::string(kNetworkHelp[i]));
  }
  table.text_list("fingerprints.tools", policy.tool_fingerprints, ops::not_empty,
                  "TLS fingerprints (JA3, JA4 or whatever your proxy puts into guard.fingerprint_header) of programs "
                  "that are no browsers.");
  table.choice("countries.refusal", policy.country_refusal, kCountryRefusalNames,
               "Whoever is where a sale is not for is refused with 403 (\"forbidden\"), or with 451 "
               "(\"legal_reasons\") where it is the law that forbids it.");
}

void add_settings(ops::SettingsTable& table, Written& written) {
  table.choice("preset", written.preset, kPresetNames, "Where everything comes from that is not said here.");
  table.choice("mode", written.policy.mode, kModeNames,
               "\"enforce\", or \"shadow\": everything is looked at and counted, and passes. \"off\": nothing is.");
  table.choice("challenge.when", written.policy.challenge, kChallengeWhenNames,
               "Whether whoever has no token of the shop has to let their machine work before they join or reserve: "
               "\"over_rate\", where their address or its network has used its rate, and then they need not wait "
               "for it; or \"always\".");
  table.integer("challenge.derivations", written.policy.work.derivations, {.min = 1, .max = 1'000'000},
                "How much work: so many keys are derived, on average, until one fits.");
  table.integer("challenge.cost", written.policy.work.cost, {.min = 2, .max = kPolicyCostMax},
                "How much work and memory each key is (scrypt's N, a power of two; 1 KiB each).");
  table.integer("challenge.busy_doublings", written.policy.busy_doublings, {.min = 0, .max = kDoublingsMax},
                "How often the cost is doubled for everybody who asks while more than half of the challenges that were "
                "made ahead are given.");
  table.integer("challenge.suspect_doublings", written.policy.suspect_doublings, {.min = 0, .max = kDoublingsMax},
                "How often it is doubled for those whose score asks for work (verdicts.challenge).");
  table.integer("challenge.draw_seconds", written.policy.draw_seconds, {.min = 0, .max = 600},
                "Where places are drawn, strangers join in the last so many seconds before, with a challenge that was "
                "given then: what people's devices do at once in that time, a bot's machines can't do for thousands. "
                "Not at addresses that many customers of the shop share. 0: they join when they like.");
  table.integer("challenge.draw_doublings", written.policy.draw_doublings, {.min = 0, .max = kDoublingsMax},
                "How often the cost is doubled for them.");
  table.choice("challenge.without_scripts", written.policy.without_scripts, kWithoutScriptsNames,
               "What becomes of those who have to work before they join and can't, because their browser runs no "
               "scripts: \"delayed\", they have a place behind the others of their minute; or \"refused\", since "
               "a bot can say so, too.");
  for (size_t whom = 0; whom < kChargedToNames.size(); ++whom) {
    const std::string section = "rates." + std::string(kChargedToNames[whom]);
    Rate& rate = written.policy.rates[whom];
    table.integer(
        section + ".per_minute", rate.per_minute, {.min = 1, .max = kRateMax},
        std::string(kChargedToHelp[whom]) +
            (is_weighed(static_cast<ChargedTo>(whom)) ? " So much a minute, in weights." : " So many a minute."));
    table.integer(section + ".burst", rate.burst, {.min = 1, .max = kRateMax},
                  "And so much at once after a rest; at least the greatest weight.");
  }
  for (size_t action = 0; action < platform::kActionNames.size(); ++action) {
    table.integer("weights." + std::string(platform::kActionNames[action]), written.policy.weights[action],
                  {.min = 0, .max = 1'000}, std::string(kActionHelp[action]) + " 0: it is free.");
  }
  add_score_settings(table, written.policy);
}

// A burst that is smaller than a weight would never let it pass.
uint32_t heaviest_of(ChargedTo whom, const Policy& policy) {
  return is_weighed(whom) ? *std::ranges::max_element(policy.weights) : 1;
}

void validate_verdicts(const Scorecard& card, const std::string& name, std::vector<std::string>& found) {
  size_t softer = 0;
  for (size_t i = kFirstVerdict; i < kVerdictNames.size(); ++i) {
    if (card.verdicts[i].from == kNeverFrom) continue;
    if (softer > 0 && card.verdicts[i].from < card.verdicts[softer].from) {
      found.push_back(name + ": verdicts." + std::string(kVerdictNames[i]) + ".from is lower than that of \"" +
                      std::string(kVerdictNames[softer]) + "\", which is softer and would never be all that is done: " +
                      "raise it, or set the softer one to 101");
    }
    softer = i;
  }
}

// What no single setting can know of itself.
std::vector<std::string> validate(const Policy& policy, const std::string& name) {
  std::vector<std::string> found;
  for (size_t whom = 0; whom < kChargedToNames.size(); ++whom) {
    const Rate& rate = policy.rates[whom];
    const std::string burst =
        name + ": rates." + std::string(kChargedToNames[whom]) + ".burst is " + std::to_string(rate.burst);
    const uint32_t heaviest = heaviest_of(static_cast<ChargedTo>(whom), policy);
    if (rate.burst < heaviest)
      found.push_back(burst + ", but what weighs " + std::to_string(heaviest) +
                      " would never pass: raise the one or lower the other");
    if (rate.burst > uint64_t{rate.per_minute} * kMinutesADay)
      found.push_back(burst + ", more than what comes in a day: lower it, or raise per_minute");
  }
  const uint32_t cost = policy.work.cost;
  if (!std::has_single_bit(cost)) {
    found.push_back(name + ": challenge.cost is " + std::to_string(cost) + ", which is no power of two: " +
                    std::to_string(std::bit_floor(cost)) + " and " + std::to_string(std::bit_ceil(cost)) + " are");
  }
  for (const auto& work : policy.works()) {
    if (!work || work->cost <= kPolicyCostMax) continue;
    found.push_back(name + ": challenge.cost comes to " + std::to_string(work->cost) +
                    " when it is doubled, more than " + std::to_string(kPolicyCostMax) +
                    ": lower it, or its doublings");
    break;
  }
  validate_verdicts(policy.scorecard, name, found);
  if (const auto networks = NetworkMap::make(policy.networks); !networks)
    found.push_back(name + ": " + networks.error().message);
  return found;
}

Result<Written> read(std::string_view text, std::string_view name, Written written) {
  ops::SettingsTable table;
  add_settings(table, written);
  TRY(ops::none_or_error(ops::read_settings(text, name, table, "doorbuster guard show drop")));
  return written;
}

struct Rates {
  uint32_t address = 0;
  uint32_t prefix = 0;
  uint32_t own = 0;
  uint32_t unpaid = 0;  // at once
  uint32_t unpaid_prefix = 0;
  uint32_t misses = 0;
  uint32_t prefix_misses = 0;
};

Policy made(const Rates& rates, uint32_t reserve, ChallengeWhen challenge, Mode mode = Mode::kEnforce) {
  const auto rate = [](uint32_t per_minute) { return Rate{.per_minute = per_minute, .burst = per_minute}; };
  const auto unpaid = [](uint32_t burst) {
    return Rate{.per_minute = std::max(burst / kUnpaidMinutes, 1U), .burst = burst};
  };
  return {.mode = mode,
          .challenge = challenge,
          .work = {},
          .rates = {rate(rates.address), rate(rates.prefix), rate(rates.own), rate(rates.own), rate(kChallengesAMinute),
                    unpaid(rates.unpaid), unpaid(rates.unpaid_prefix), rate(rates.misses), rate(rates.prefix_misses)},
          .weights = {kJoinWeight, reserve, kChangeWeight, kPollWeight, kTellWeight},
          .scorecard = usual_scorecard(),
          .networks = {},
          .tool_fingerprints = {}};
}

// Under attack less is enough to be delayed, and to have to work; and nobody works for a draw long before it.
Policy under_attack(Policy policy) {
  policy.draw_seconds = kDrawSeconds;
  policy.scorecard.verdicts[static_cast<size_t>(Verdict::kDelay)].from = 40;
  policy.scorecard.verdicts[static_cast<size_t>(Verdict::kChallenge)].from = 60;
  return policy;
}

}  // namespace

// The classic figure is 100 a minute for an address. Joins weigh 20 and reserves 10; a poll 1, and a waiting room asks
// for one every few seconds, so a customer's own 60 a minute are enough for their place and a dozen tries.
Policy policy_of(Preset preset) {
  switch (preset) {
    case Preset::kOpen:
      return made({.address = 6'000,
                   .prefix = 60'000,
                   .own = 600,
                   .unpaid = 300,
                   .unpaid_prefix = 3'000,
                   .misses = 600,
                   .prefix_misses = 6'000},
                  10, ChallengeWhen::kNever, Mode::kShadow);
    case Preset::kDrop:
      return made({.address = 100,
                   .prefix = 2'000,
                   .own = 60,
                   .unpaid = 2,
                   .unpaid_prefix = 20,
                   .misses = 60,
                   .prefix_misses = 600},
                  10, ChallengeWhen::kOverRate);
    case Preset::kFortress:
      return under_attack(made({.address = 40,
                                .prefix = 400,
                                .own = 40,
                                .unpaid = 2,
                                .unpaid_prefix = 10,
                                .misses = 20,
                                .prefix_misses = 200},
                               20, ChallengeWhen::kAlways));
  }
  ASSERT(false);
}

std::string_view explain(Preset preset) {
  switch (preset) {
    case Preset::kOpen:
      return "For trying out, and for the days between drops: everything is counted against generous rates, and "
             "nothing is refused.";
    case Preset::kDrop:
      return "For a drop: an address has the classic 100 a minute, which is five places in line, and may reserve two "
             "units at once before it pays for them; whoever has a token of the shop is charged alone, wherever they "
             "are.";
    case Preset::kFortress:
      return "For a drop under attack: every stranger lets their machine work before they join or reserve, for a draw "
             "in its last ten seconds, and for all else addresses and their neighbourhoods have less than half of "
             "what they have in a drop.";
  }
  ASSERT(false);
}

// Twice: what the file does not say is its preset's.
Result<Policy> parse_policy(std::string_view text, std::string_view name) {
  const Written first = TRY(read(text, name, {.preset = Preset::kDrop, .policy = policy_of(Preset::kDrop)}));
  const Written all = TRY(read(text, name, {.preset = first.preset, .policy = policy_of(first.preset)}));
  TRY(ops::none_or_error(validate(all.policy, std::string(name))));
  return all.policy;
}

std::string print_policy(const Policy& policy, std::string_view head) {
  Written written{.preset = Preset::kDrop, .policy = policy};
  Written usual{.preset = Preset::kDrop, .policy = policy_of(Preset::kDrop)};
  ops::SettingsTable table, defaults;
  add_settings(table, written);
  add_settings(defaults, usual);
  return ops::write_settings(head, table, defaults, ops::Flags::kNone);
}

bool Policy::uses_challenges() const {
  const VerdictRule& rule = scorecard.verdicts[static_cast<size_t>(Verdict::kChallenge)];
  return challenge != ChallengeWhen::kNever || draw_seconds > 0 || (rule.from < kNeverFrom && !rule.in_shadow);
}

Works Policy::works() const {
  Works works;
  works.fill(work);
  const auto of = [&](WorkKind kind) -> std::optional<Work>& { return works[static_cast<size_t>(kind)]; };
  of(WorkKind::kBusy)->cost <<= busy_doublings;
  of(WorkKind::kSuspects)->cost = suspects_cost();
  of(WorkKind::kDraw)->cost = draw_cost();
  if (draw_seconds == 0) of(WorkKind::kDraw).reset();
  return works;
}

std::optional<Preset> preset_named(std::string_view name) {
  const auto found = std::ranges::find(kPresetNames, name);
  if (found == kPresetNames.end()) return std::nullopt;
  return static_cast<Preset>(found - kPresetNames.begin());
}

Result<Policy> load_policy(const std::string& where) {
  if (const auto preset = preset_named(where)) return policy_of(*preset);
  const auto text = read_file(where, ops::kLargestSettingsFile);
  if (text) {
    Policy policy = TRY(parse_policy(*text, where));
    if (!policy.model.empty()) policy.model = std::filesystem::path(where).parent_path() / policy.model;
    return policy;
  }
  return fail(ErrorCode::kInvalid, "'" + where +
                                       "' is neither a preset (open, drop, fortress) nor a file that can be " +
                                       "read: " + text.error().message);
}

}  // namespace doorbuster::guard
