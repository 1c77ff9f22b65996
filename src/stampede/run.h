// One run: a sale is put on at a server, the clients of a scenario come to it, and what came of it is read from both
// sides.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "stampede/operator_client.h"
#include "stampede/scenario.h"
#include "stampede/tally.h"

namespace doorbuster::stampede {

// A server on this machine, and its folder: the keys of shop and operator are there, and the secret by which the
// clients know the solutions of its challenges.
struct Site {
  std::string url;  // "http://127.0.0.1:8080"
  std::string data;
  pid_t process = 0;  // whose CPU is measured; 0 where nobody knows
};

struct Outcome {
  Tally tally;
  ServerNumbers server;
  std::string labels;  // who was a person, and who a bot (truth.h)
  uint64_t solved_by_bots = 0;
  Duration worked_by_bots;  // core seconds
  size_t connections_most = 0;
  uint64_t connections_waited = 0;
  uint64_t connections_made = 0;
  Duration clients_cpu;                // from the first client to the last answer
  std::optional<Duration> server_cpu;  // in the same time; nothing where its process is not known
};

// The sale is opened as soon as the first client of the schedule is due. Errors are of the machine, the server or the
// folder; what the scenario is held to is the report's business.
[[nodiscard]] Result<Outcome> run_scenario(const Scenario& scenario, uint64_t seed, const Site& site);

}  // namespace doorbuster::stampede
