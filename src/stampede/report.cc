#include "stampede/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/json_writer.h"

namespace doorbuster::stampede {
namespace {

constexpr Duration kLongDelay = Duration::seconds(2);
constexpr uint32_t kSentLatePercent = 1;

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

double seconds_of(Duration duration) { return static_cast<double>(duration.micros()) / 1e6; }

// "0.9", not "0.900000".
std::string plain(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", number);
  return text.data();
}

struct Split {
  double humans = 0;
  double bots = 0;
  [[nodiscard]] double human_share() const { return ratio(humans, humans + bots); }
};

template <class Of>
Split split(const Scenario& scenario, const Report& report, Of of) {
  Split sums;
  for (size_t i = 0; i < scenario.cohorts.size(); ++i) {
    double& side = is_bot(scenario.cohorts[i]) ? sums.bots : sums.humans;
    side += static_cast<double>(of(scenario.cohorts[i], report.cohorts[i]));
  }
  return sums;
}

std::vector<double> win_rates(const Scenario& scenario, const Report& report) {
  std::vector<double> rates;
  for (size_t i = 0; i < scenario.cohorts.size(); ++i) {
    if (!is_bot(scenario.cohorts[i]))
      rates.push_back(ratio(static_cast<double>(report.cohorts[i].units), scenario.cohorts[i].clients));
  }
  return rates;
}

// Of people who wanted something at all. Whoever never got it has waited for the whole run.
void measure_waits(const Scenario& scenario, const Tally& tally, Report& report) {
  std::vector<double> delays;
  double long_ones = 0;
  size_t client = 0;
  for (const Cohort& cohort : scenario.cohorts) {
    for (uint32_t i = 0; i < cohort.clients; ++i, ++client) {
      const Duration wait = tally.longest_waits()[client];
      if (is_bot(cohort) || wait == Duration()) continue;
      long_ones += wait > kLongDelay ? 1 : 0;
      delays.push_back(seconds_of(std::min(wait, Duration::seconds(scenario.seconds))));
    }
  }
  report.honest_refused_ratio = ratio(long_ones, static_cast<double>(delays.size()));
  report.honest_delay_seconds_p99 = quantile_of(delays, 0.99);
}

Objective at_least(std::string name, uint32_t percent, double seen) {
  const double wanted = percent / 100.0;
  return {.name = std::move(name), .wanted = ">= " + plain(wanted), .seen = seen, .met = seen >= wanted};
}

Objective at_most(std::string name, uint32_t percent, double seen) {
  const double wanted = percent / 100.0;
  return {.name = std::move(name), .wanted = "<= " + plain(wanted), .seen = seen, .met = seen <= wanted};
}

Objective none(std::string name, double seen) {
  return {.name = std::move(name), .wanted = "0", .seen = seen, .met = seen == 0, .is_of_server = true};
}

// A sale that is not sold to its end takes the whole run at least.
Objective slowdown(const Scenario& scenario, const Report& with, const Report* without) {
  const bool can_be_compared = without != nullptr && without->seconds_to_all_sold;
  const double seconds = with.seconds_to_all_sold.value_or(scenario.seconds);
  const double seen = can_be_compared ? ratio(seconds, *without->seconds_to_all_sold) : 0;
  Objective objective = at_most("slowdown", scenario.objectives.slowdown_percent_max, seen);
  objective.met = objective.met && can_be_compared && with.seconds_to_all_sold.has_value();
  return objective;
}

double bot_units_per_human(const Scenario& scenario, const Report& report) {
  const Split clients =
      split(scenario, report, [](const Cohort& cohort, const CohortTally&) { return cohort.clients; });
  const double human = ratio(static_cast<double>(report.units_to_humans), clients.humans);
  return ratio(ratio(static_cast<double>(report.units_to_bots), clients.bots), human);
}

void add_scenarios_objectives(const Scenario& scenario, const Report* without_hoarders, Report& report) {
  const Objectives& wanted = scenario.objectives;
  auto& list = report.objectives;
  if (wanted.human_share_of_units_percent_min > 0)
    list.push_back(
        at_least("human_share_of_units", wanted.human_share_of_units_percent_min, report.human_share_of_units));
  if (wanted.human_share_of_traffic_percent_max > 0)
    list.push_back(
        at_most("human_share_of_traffic", wanted.human_share_of_traffic_percent_max, report.human_share_of_traffic));
  if (wanted.honest_refused_percent_max > 0)
    list.push_back(at_most("honest_refused_ratio", wanted.honest_refused_percent_max, report.honest_refused_ratio));
  if (wanted.bot_units_per_human_percent_max > 0)
    list.push_back(
        at_most("bot_units_per_human", wanted.bot_units_per_human_percent_max, bot_units_per_human(scenario, report)));
  if (wanted.slowdown_percent_max > 0) list.push_back(slowdown(scenario, report, without_hoarders));
  if (wanted.jain_percent_min > 0) list.push_back(at_least("jain", wanted.jain_percent_min, report.jain));
}

// What the clients have seen sold against what the server says that it has sold, but for payments whose end nobody was
// told any more; and whether the server's units add up.
double units_disagreement(const Outcome& outcome, uint64_t seen) {
  const ServerNumbers& server = outcome.server;
  const uint64_t most = seen + outcome.tally.payments_open();
  const uint64_t sold = server.sold < seen ? seen - server.sold : server.sold - std::min(server.sold, most);
  const uint64_t accounted = server.available + server.offered + server.held + server.paying + server.sold;
  return static_cast<double>(sold) + std::abs(static_cast<double>(server.units) - static_cast<double>(accounted));
}

// Those that every run is held to, whatever the guard does.
void add_servers_objectives(const Outcome& outcome, Report& report) {
  auto& list = report.objectives;
  list.push_back(none("stolen_units", static_cast<double>(outcome.tally.stolen_units())));
  list.push_back(none("invariant_violations", static_cast<double>(outcome.server.invariant_violations)));
  list.push_back(none("server_errors", static_cast<double>(outcome.tally.server_errors())));
  list.push_back(none("units_disagreement", units_disagreement(outcome, report.units())));
  list.push_back(at_most("sent_late_ratio", kSentLatePercent, outcome.tally.sent_late_ratio()));
  list.back().is_of_server = true;
}

void take_cohorts(const Scenario& scenario, const Tally& tally, Report& report) {
  for (size_t i = 0; i < scenario.cohorts.size(); ++i) {
    const CohortTally& of = tally.of(i);
    report.cohorts.push_back(of);
    report.arrivals += of.arrivals;
    if (!is_bot(scenario.cohorts[i])) continue;
    KindReport& kind = report.bots_by_kind[scenario.cohorts[i].kind];
    kind.arrivals += of.arrivals;
    kind.units += of.units;
  }
}

}  // namespace

bool Report::meets_all() const {
  return std::ranges::all_of(objectives, [](const Objective& objective) { return objective.met; });
}

bool Report::meets_servers() const {
  return std::ranges::all_of(objectives,
                             [](const Objective& objective) { return objective.met || !objective.is_of_server; });
}

Report make_report(const Scenario& scenario, uint64_t seed, Outcome& outcome, const Report* without_hoarders) {
  Tally& tally = outcome.tally;
  Report report{.seed = seed, .guard = outcome.server.guard_enforces ? "on" : "off"};
  take_cohorts(scenario, tally, report);
  report.answers_per_second = tally.answers_per_second();
  report.answers_per_second_busiest = tally.answers_per_second_busiest();
  report.latency_ms_p50 = tally.latency_ms(0.5);
  report.latency_ms_p99 = tally.latency_ms(0.99);
  report.statuses = tally.statuses();
  const Split units = split(scenario, report, [](const Cohort&, const CohortTally& of) { return of.units; });
  const Split traffic = split(scenario, report, [](const Cohort&, const CohortTally& of) { return of.requests; });
  report.units_to_humans = static_cast<uint64_t>(units.humans);
  report.units_to_bots = static_cast<uint64_t>(units.bots);
  report.human_share_of_units = units.human_share();
  report.human_share_of_traffic = traffic.human_share();
  measure_waits(scenario, tally, report);
  report.jain = jain_index(win_rates(scenario, report));
  report.seconds_to_all_held = outcome.server.seconds_to_all_held;
  report.seconds_to_all_sold = outcome.server.seconds_to_all_sold;
  report.invariant_violations = outcome.server.invariant_violations;
  report.tricks = tally.tricks();
  report.solved_by_bots = outcome.solved_by_bots;
  report.worked_by_bots = outcome.worked_by_bots;
  report.connections_most = outcome.connections_most;
  report.connections_waited = outcome.connections_waited;
  const auto answers = static_cast<double>(tally.answers());
  report.connections_an_answer = ratio(static_cast<double>(outcome.connections_made), answers);
  report.clients_cpu_us = ratio(static_cast<double>(outcome.clients_cpu.micros()), answers);
  if (outcome.server_cpu) report.server_cpu_us = ratio(static_cast<double>(outcome.server_cpu->micros()), answers);
  add_scenarios_objectives(scenario, without_hoarders, report);
  add_servers_objectives(outcome, report);
  return report;
}

std::string to_json(const Report& report) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("seed", report.seed).member("guard", report.guard).member("arrivals", report.arrivals);
  json.member("answers_per_second", report.answers_per_second);
  json.member("answers_per_second_busiest", report.answers_per_second_busiest);
  json.member("connections_an_answer", report.connections_an_answer);
  json.key("cpu_us_an_answer").begin_object().member("server", report.server_cpu_us);
  json.member("clients", report.clients_cpu_us).end_object();
  json.key("latency_ms").begin_object().member("p50", report.latency_ms_p50).member("p99", report.latency_ms_p99);
  json.end_object().key("statuses").begin_object();
  for (const auto& [status, count] : report.statuses)
    json.dynamic_key(status == 0 ? "none" : std::to_string(status)).value(count);
  json.end_object().member("units", report.units()).member("units_to_humans", report.units_to_humans);
  json.member("units_to_bots", report.units_to_bots).member("human_share_of_traffic", report.human_share_of_traffic);
  json.member("human_share_of_units", report.human_share_of_units);
  json.member("honest_refused_ratio", report.honest_refused_ratio);
  json.member("honest_delay_seconds_p99", report.honest_delay_seconds_p99).key("bots_by_kind").begin_object();
  for (const auto& [kind, of] : report.bots_by_kind) {
    json.dynamic_key(kKindNames[static_cast<size_t>(kind)]).begin_object();
    json.member("arrivals", of.arrivals).member("units", of.units).end_object();
  }
  json.end_object().member("jain", report.jain).member("seconds_to_all_held", report.seconds_to_all_held);
  json.member("seconds_to_all_sold", report.seconds_to_all_sold);
  json.member("invariant_violations", report.invariant_violations).key("objectives").begin_array();
  for (const Objective& objective : report.objectives) {
    json.begin_object().member("name", objective.name).member("wanted", objective.wanted);
    json.member("seen", objective.seen).member("met", objective.met).end_object();
  }
  json.end_array();
  if (report.beside) {
    json.key("beside").begin_object().member("answers_per_second", report.beside->answers_per_second);
    json.member("latency_ms_p99", report.beside->latency_ms_p99);
    json.member("clients_cpu_us", report.beside->clients_cpu_us).end_object();
  }
  json.end_object();
  return text;
}

}  // namespace doorbuster::stampede
