#include "stampede/scenario.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "guard/policy.h"
#include "ops/settings/reader.h"
#include "ops/settings/rules.h"
#include "stampede/profiles.h"

namespace doorbuster::stampede {
namespace {

constexpr size_t kCohortsMax = 32;
constexpr uint32_t kClientsMax = 200'000;
constexpr uint32_t kNetworksMax = 60'000;  // of the 65,536 of 127.0.0.0/8
constexpr uint32_t kAddressesOfNetwork = 254;
constexpr ops::Range kPercent{.min = 0, .max = 100};
constexpr ops::Range kSeconds{.min = 1, .max = 3'600};

Result<void> known_headers(std::string_view name) {
  if (profile_named(name)) return {};
  std::string known;
  for (const std::string_view each : kProfileNames) known.append(known.empty() ? "" : ", ").append(each);
  return fail(ErrorCode::kInvalid, "must be of " + known);
}

void add_sale(ops::SettingsTable& table, SaleSpec& sale) {
  table.integer("sale.units", sale.units, {.min = 1, .max = 1'000'000}, "What is on sale.");
  table.choice("sale.queue", sale.queue, kQueueNames, "Who comes first, a line, or a draw.");
  table.integer("sale.prequeue_seconds", sale.prequeue_seconds, {.min = 0, .max = 3'600},
                "From when before the opening people may join.");
  table.integer("sale.claim_seconds", sale.claim_seconds, kSeconds, "How long an offer waits.");
  table.integer("sale.hold_seconds", sale.hold_seconds, kSeconds, "How long a hold lives.");
  table.integer("sale.payment_grace_seconds", sale.payment_grace_seconds, {.min = 0, .max = 3'600},
                "How much longer while it is paid for.");
  table.integer("sale.outflow_per_minute", sale.outflow_per_minute, {.min = 0, .max = 10'000'000},
                "How many offers a minute. 0: as fast as units are there.");
}

void add_objectives(ops::SettingsTable& table, Objectives& wanted) {
  table.integer("objectives.human_share_of_units_percent_min", wanted.human_share_of_units_percent_min, kPercent,
                "Of the units sold, how many go to people at least.");
  table.integer("objectives.human_share_of_traffic_percent_max", wanted.human_share_of_traffic_percent_max, kPercent,
                "Of the requests, how many come from people at most: so that bots are as many as it says.");
  table.integer("objectives.honest_refused_percent_max", wanted.honest_refused_percent_max, kPercent,
                "People who were refused, or waited for more than 2 seconds, at most.");
  table.integer("objectives.bot_units_per_human_percent_max", wanted.bot_units_per_human_percent_max,
                {.min = 0, .max = 10'000}, "Units of a bot's session against a person's, at most.");
  table.integer("objectives.slowdown_percent_max", wanted.slowdown_percent_max, {.min = 0, .max = 10'000},
                "Time until all is sold against the same sale without hoarders, at most.");
  table.integer("objectives.jain_percent_min", wanted.jain_percent_min, kPercent,
                "Jain's index over the win rates of the cohorts of people, at least.");
}

void add_who(ops::SettingsTable& table, Cohort& cohort) {
  using Presence = ops::SettingsTable::Presence;
  table.text("name", cohort.name, ops::not_empty, "What the report calls them.", Presence::kRequired);
  table.choice("kind", cohort.kind, kKindNames, "Who they are.");
  table.integer("clients", cohort.clients, {.min = 1, .max = kClientsMax}, "How many.");
  table.choice("arrivals", cohort.arrivals, kArrivalsNames, "Evenly, or more and more.");
  table.integer("arrive_from_seconds", cohort.arrive_from_seconds, {.min = -3'600, .max = 3'600},
                "From the opening on.");
  table.integer("arrive_until_seconds", cohort.arrive_until_seconds, {.min = -3'600, .max = 3'600},
                "From the opening on.");
  table.integer("addresses", cohort.addresses, {.min = 0, .max = 1'000'000}, "Addresses together. 0: one each.");
  table.integer("networks", cohort.networks, {.min = 0, .max = kNetworksMax},
                "Networks of 256 addresses that these lie in. 0: one for each address.");
  table.integer("accounts", cohort.accounts, {.min = 0, .max = kClientsMax}, "Clients who are signed in.");
  table.integer("old_accounts_percent", cohort.old_accounts_percent, kPercent, "Accounts of a year and more.");
  table.integer("instruments", cohort.instruments, {.min = 0, .max = kClientsMax},
                "Payment instruments of all accounts together. 0: one for each account.");
}

void add_how(ops::SettingsTable& table, Cohort& cohort) {
  table.text_list("headers", cohort.headers, known_headers, "What their requests look like.");
  table.integer("page_percent", cohort.page_percent, kPercent, "Whose page tells of a visitor who moves and reads.");
  table.integer("pays_percent", cohort.pays_percent, kPercent, "Who pays for what they hold.");
  table.integer("returns_percent", cohort.returns_percent, kPercent, "Who closes the tab and comes back.");
  table.boolean("solves", cohort.solves, "Whether they solve challenges.");
  table.integer("device_derivations_min", cohort.device_derivations_min, {.min = 1, .max = 1'000'000},
                "Keys a second of the slowest device.");
  table.integer("device_derivations_max", cohort.device_derivations_max, {.min = 1, .max = 1'000'000},
                "Keys a second of the fastest device.");
  table.integer("leaks_percent", cohort.leaks_percent, kPercent, "Whose tokens thieves have.");
}

void add_settings(ops::SettingsTable& table, Scenario& scenario) {
  table.text("title", scenario.title, ops::not_empty, "In a sentence.", ops::SettingsTable::Presence::kRequired);
  table.text("policy", scenario.policy, ops::not_empty, "The guard's: a preset, or a file beside this one.");
  table.integer("challenges", scenario.challenges, {.min = 16, .max = 1'000'000},
                "Challenges that the server has made before anybody comes.");
  table.integer("seconds", scenario.seconds, kSeconds, "From the opening until the end, at most.");
  table.integer("storm_seconds", scenario.storm_seconds, {.min = 0, .max = 3'600},
                "How long everybody goes on asking once all is sold.");
  add_sale(table, scenario.sale);
  table.integer("solver.cores", scenario.solver.cores, {.min = 1, .max = 100'000}, "Cores that bots solve with.");
  table.integer("solver.derivations_per_second", scenario.solver.derivations_per_second, {.min = 1, .max = 1'000'000},
                "Keys that each of these derives a second.");
  add_objectives(table, scenario.objectives);
  table.sections("cohorts", scenario.cohorts, kCohortsMax, "Who comes.", [](ops::SettingsTable& item, Cohort& cohort) {
    add_who(item, cohort);
    add_how(item, cohort);
  });
}

void fill_in(Cohort& cohort) {
  if (cohort.addresses == 0) cohort.addresses = cohort.clients;
  if (cohort.networks == 0) cohort.networks = cohort.addresses;
  if (cohort.instruments == 0) cohort.instruments = cohort.accounts;
}

// What no single setting can know of itself.
void check_cohort(const Cohort& cohort, std::vector<std::string>& found) {
  const std::string name = "the cohort \"" + cohort.name + "\" ";
  if (cohort.clients == 0) found.push_back(name + "has no clients: say how many");
  if (cohort.arrive_from_seconds >= cohort.arrive_until_seconds)
    found.push_back(name + "has to arrive from a moment before arrive_until_seconds");
  if (cohort.addresses > uint64_t{cohort.networks} * kAddressesOfNetwork)
    found.push_back(name + "has more addresses than its networks have (254 each)");
  if (cohort.networks > cohort.addresses) found.push_back(name + "has more networks than addresses");
  if (cohort.accounts > cohort.clients) found.push_back(name + "has more accounts than clients");
  if (cohort.instruments > cohort.accounts) found.push_back(name + "has more instruments than accounts");
  if (cohort.headers.empty()) found.push_back(name + "needs headers");
  if (cohort.device_derivations_min > cohort.device_derivations_max)
    found.push_back(name + "has device_derivations_min above device_derivations_max");
  if (is_bot(cohort) && (cohort.returns_percent > 0 || cohort.leaks_percent > 0))
    found.push_back(name + "are bots: returns_percent and leaks_percent are of people");
}

std::vector<std::string> validate(const Scenario& scenario, std::string_view file) {
  std::vector<std::string> found;
  std::set<std::string> names;
  uint64_t networks = 0;
  for (const Cohort& cohort : scenario.cohorts) {
    check_cohort(cohort, found);
    if (!names.insert(cohort.name).second) found.push_back("two cohorts are called \"" + cohort.name + "\"");
    networks += cohort.networks;
  }
  const auto is_thief = [](const Cohort& cohort) { return cohort.kind == Kind::kThief; };
  if (scenario.sale.queue == Queue::kNone && std::ranges::any_of(scenario.cohorts, is_thief))
    found.emplace_back("thieves need a queue: without one they get a unit by their own right");
  if (std::ranges::all_of(scenario.cohorts, is_bot)) found.emplace_back("nobody comes who is not a bot");
  if (scenario.clients() > kClientsMax) found.emplace_back("more than 200000 clients are too many");
  if (networks > kNetworksMax) found.emplace_back("more than 60000 networks are too many for 127.0.0.0/8");
  for (std::string& each : found) each.insert(0, std::string(file) + ": ");
  return found;
}

}  // namespace

size_t Scenario::clients() const {
  size_t all = 0;
  for (const Cohort& cohort : cohorts) all += cohort.clients;
  return all;
}

Result<Scenario> parse_scenario(std::string_view text, std::string_view name) {
  Scenario scenario;
  ops::SettingsTable table;
  add_settings(table, scenario);
  TRY(ops::none_or_error(ops::read_settings(text, name, table, "docs/stampede.md")));
  for (Cohort& cohort : scenario.cohorts) fill_in(cohort);
  TRY(ops::none_or_error(validate(scenario, name)));
  return scenario;
}

Result<Scenario> load_scenario(const std::string& path) {
  const std::string text = TRY(read_file(path, ops::kLargestSettingsFile));
  Scenario scenario = TRY(parse_scenario(text, path));
  if (!guard::preset_named(scenario.policy))
    scenario.policy = (std::filesystem::path(path).parent_path() / scenario.policy).string();
  TRY(guard::load_policy(scenario.policy));
  return scenario;
}

}  // namespace doorbuster::stampede
