#include <cstdarg>
#include <cstdio>

#include "stampede/report.h"

namespace doorbuster::stampede {
namespace {

// The widths of the first column, and of one a run.
constexpr int kNameWidth = 34;
constexpr int kRunWidth = 14;

__attribute__((format(printf, 1, 2))) std::string print(const char* format, ...) {
  std::array<char, 256> line{};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line.data(), line.size(), format, arguments);
  va_end(arguments);
  return line.data();
}

template <class Of>
void add_row(std::string& text, const char* name, const std::vector<Report>& runs, Of of) {
  text += print("  %-*s", kNameWidth, name);
  for (const Report& run : runs) text += print("%*s", kRunWidth, of(run).c_str());
  text += "\n";
}

std::string count(uint64_t number) { return std::to_string(number); }
std::string decimals(double number, int places = 3) { return print("%.*f", places, number); }
std::string percent(double share) { return print("%.1f %%", share * 100); }
std::string seconds_or_never(const std::optional<double>& seconds) {
  return seconds ? print("%.1f s", *seconds) : "never";
}

uint64_t status_in(const Report& run, uint32_t status) {
  const auto found = run.statuses.find(status);
  return found == run.statuses.end() ? 0 : found->second;
}

void add_numbers(std::string& text, const std::vector<Report>& runs) {
  add_row(text, "", runs, [](const Report& run) { return "guard " + run.guard; });
  add_row(text, "clients who came", runs, [](const Report& run) { return count(run.arrivals); });
  add_row(text, "answers a second", runs, [](const Report& run) { return decimals(run.answers_per_second, 0); });
  add_row(text, "  in the busiest ten seconds", runs,
          [](const Report& run) { return decimals(run.answers_per_second_busiest, 0); });
  add_row(text, "connections made, an answer", runs,
          [](const Report& run) { return decimals(run.connections_an_answer, 2); });
  add_row(text, "CPU an answer: server (us)", runs,
          [](const Report& run) { return run.server_cpu_us ? decimals(*run.server_cpu_us, 1) : "unknown"; });
  add_row(text, "               clients (us)", runs, [](const Report& run) { return decimals(run.clients_cpu_us, 1); });
  add_row(text, "latency, median (ms)", runs, [](const Report& run) { return decimals(run.latency_ms_p50, 1); });
  add_row(text, "latency, 99 of 100 (ms)", runs, [](const Report& run) { return decimals(run.latency_ms_p99, 1); });
  add_row(text, "units sold", runs, [](const Report& run) { return count(run.units()); });
  add_row(text, "  to people", runs, [](const Report& run) { return count(run.units_to_humans); });
  add_row(text, "  to bots", runs, [](const Report& run) { return count(run.units_to_bots); });
  add_row(text, "people's share of requests", runs,
          [](const Report& run) { return percent(run.human_share_of_traffic); });
  add_row(text, "people's share of units", runs, [](const Report& run) { return percent(run.human_share_of_units); });
  add_row(text, "people refused, or 2 s late", runs,
          [](const Report& run) { return percent(run.honest_refused_ratio); });
  add_row(text, "longest wait, 99 of 100 people", runs,
          [](const Report& run) { return decimals(run.honest_delay_seconds_p99, 1) + " s"; });
  add_row(text, "Jain's index, cohorts of people", runs, [](const Report& run) { return decimals(run.jain); });
  add_row(text, "until all is held", runs, [](const Report& run) { return seconds_or_never(run.seconds_to_all_held); });
  add_row(text, "until all is sold", runs, [](const Report& run) { return seconds_or_never(run.seconds_to_all_sold); });
  add_row(text, "answers 429", runs, [](const Report& run) { return count(status_in(run, 429)); });
  add_row(text, "answers 503", runs, [](const Report& run) { return count(status_in(run, 503)); });
  add_row(text, "no answer", runs, [](const Report& run) { return count(status_in(run, 0)); });
  add_row(text, "challenges solved by bots", runs, [](const Report& run) { return count(run.solved_by_bots); });
  add_row(text, "  core seconds for them", runs,
          [](const Report& run) { return decimals(static_cast<double>(run.worked_by_bots.micros()) / 1e6, 0); });
  if (runs.front().beside)
    add_row(text, "the same clients elsewhere, a second", runs,
            [](const Report& run) { return run.beside ? decimals(run.beside->answers_per_second, 0) : ""; });
  add_row(text, "connections at once, at most", runs, [](const Report& run) { return count(run.connections_most); });
  add_row(text, "requests that waited for one", runs, [](const Report& run) { return count(run.connections_waited); });
}

// "61 solved, 4 moved"
std::string ways_of(const CohortTally& of) {
  std::string words;
  for (size_t way = 0; way < kWayNames.size(); ++way) {
    if (of.units_by_way[way] == 0) continue;
    words += (words.empty() ? "" : ", ") + count(of.units_by_way[way]) + " " + std::string(kWayNames[way]);
  }
  return words;
}

void add_cohorts(std::string& text, const Scenario& scenario, const Report& run) {
  text += "\nWho won, and how, with the guard " + run.guard +
          " (units by the dearest that it took to get past the guard)\n";
  text += print("  %-24s %-14s %8s %9s %9s %8s %7s %7s  %s\n", "cohort", "kind", "clients", "requests", "refused",
                "places", "holds", "units", "by");
  for (size_t i = 0; i < scenario.cohorts.size(); ++i) {
    const CohortTally& of = run.cohorts[i];
    const auto number = [](uint64_t value) { return static_cast<unsigned long long>(value); };
    text += print("  %-24s %-14s %8u %9llu %9llu %8llu %7llu %7llu  %s\n", scenario.cohorts[i].name.c_str(),
                  std::string(kKindNames[static_cast<size_t>(scenario.cohorts[i].kind)]).c_str(),
                  scenario.cohorts[i].clients, number(of.requests), number(of.refusals), number(of.places),
                  number(of.holds), number(of.units), ways_of(of).c_str());
  }
}

// The one sentence that a reader looks for.
void add_winner(std::string& text, const Scenario& scenario, const Report& run) {
  size_t best = run.cohorts.size();
  for (size_t i = 0; i < run.cohorts.size(); ++i) {
    const bool is_better = best == run.cohorts.size() || run.cohorts[i].units > run.cohorts[best].units;
    if (is_bot(scenario.cohorts[i]) && is_better) best = i;
  }
  if (best == run.cohorts.size()) return;
  const CohortTally& of = run.cohorts[best];
  if (of.units == 0) {
    text += "  No bot has won anything.\n";
    return;
  }
  const double all = static_cast<double>(run.units());
  text += print("  Of the bots, \"%s\" won most: %s of all units (%s).\n", scenario.cohorts[best].name.c_str(),
                percent(static_cast<double>(of.units) / all).c_str(), ways_of(of).c_str());
}

void add_tricks(std::string& text, const Report& run) {
  if (run.tricks.empty()) return;
  text += "\nWhat thieves tried, with the guard " + run.guard + "\n";
  text += print("  %-36s %8s %8s %8s\n", "", "tries", "yes", "units");
  for (const auto& [name, of] : run.tricks) {
    text += print("  %-36s %8llu %8llu %8llu\n", name.c_str(), static_cast<unsigned long long>(of.tries),
                  static_cast<unsigned long long>(of.answered_yes), static_cast<unsigned long long>(of.units));
  }
}

void add_judgements(std::string& text, const Report& run) {
  text += "\nObjectives, with the guard " + run.guard + "\n";
  for (const Objective& objective : run.objectives) {
    text += print("  %-8s %-26s wanted %-8s seen %.4g\n", objective.met ? "met" : "NOT MET", objective.name.c_str(),
                  objective.wanted.c_str(), objective.seen);
  }
}

}  // namespace

std::string to_text(const Scenario& scenario, const std::vector<Report>& runs) {
  std::string text = scenario.title + "\n\n";
  add_numbers(text, runs);
  for (const Report& run : runs) {
    add_cohorts(text, scenario, run);
    add_winner(text, scenario, run);
  }
  for (const Report& run : runs) add_tricks(text, run);
  for (const Report& run : runs) add_judgements(text, run);
  text +=
      "\nChallenges were solved by the server's secret, and waited for as long as each solver's machine would have "
      "worked.\nThe same clients again: --seed " +
      std::to_string(runs.front().seed) + "\n";
  return text;
}

}  // namespace doorbuster::stampede
