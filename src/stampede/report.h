// What is told of a run, and whether it was what the scenario wants.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stampede/beside.h"
#include "stampede/run.h"

namespace doorbuster::stampede {

struct Objective {
  std::string name;
  std::string wanted;  // ">= 0.9"
  double seen = 0;
  bool met = false;
  bool is_of_server = false;  // holds whatever the guard does
};

struct KindReport {
  uint64_t arrivals = 0;
  uint64_t units = 0;
};

struct Report {
  uint64_t seed = 0;
  std::string guard;  // "on" or "off"
  uint64_t arrivals = 0;
  double answers_per_second = 0;
  double answers_per_second_busiest = 0;  // in ten seconds
  std::optional<double> server_cpu_us;    // an answer; nothing of a server whose process is not known
  double clients_cpu_us = 0;              // the same
  double connections_an_answer = 0;       // that were made
  std::optional<Beside> beside;           // what the same clients got from another server
  double latency_ms_p50 = 0;
  double latency_ms_p99 = 0;
  std::map<uint32_t, uint64_t> statuses;  // 0: no answer
  uint64_t units_to_humans = 0;
  uint64_t units_to_bots = 0;
  double human_share_of_traffic = 0;
  double human_share_of_units = 0;
  double honest_refused_ratio = 0;  // refused, or delayed by more than 2 s
  double honest_delay_seconds_p99 = 0;
  std::map<Kind, KindReport> bots_by_kind;
  double jain = 1;
  std::optional<double> seconds_to_all_held;
  std::optional<double> seconds_to_all_sold;
  uint64_t invariant_violations = 0;
  std::vector<Objective> objectives;
  // For people who read: what the object in JSON has not.
  std::vector<CohortTally> cohorts;
  std::map<std::string, TrickTally, std::less<>> tricks;
  uint64_t solved_by_bots = 0;
  Duration worked_by_bots;
  size_t connections_most = 0;
  uint64_t connections_waited = 0;

  [[nodiscard]] uint64_t units() const { return units_to_humans + units_to_bots; }
  [[nodiscard]] bool meets_all() const;
  // Of those that the guard has no part in.
  [[nodiscard]] bool meets_servers() const;
};

// `without_hoarders` is the same run without them, where the scenario compares with one. Sorts the outcome's latencies.
[[nodiscard]] Report make_report(const Scenario& scenario, uint64_t seed, Outcome& outcome,
                                 const Report* without_hoarders = nullptr);

// One object, as docs/stampede.md has it.
[[nodiscard]] std::string to_json(const Report& report);

// For people: a table with a column a run, and who won how.
[[nodiscard]] std::string to_text(const Scenario& scenario, const std::vector<Report>& runs);

}  // namespace doorbuster::stampede
