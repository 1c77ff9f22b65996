// What the clients of a run get from another server, which gives everybody the same answer: how much of the machine
// is theirs, and how much of it the server's.
//
// As many clients as the run had connections, from the same addresses, with the same programs' requests, ask again the
// moment they are answered, and make a new connection as often as the run's did.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "stampede/scenario.h"

namespace doorbuster::stampede {

struct Beside {
  double answers_per_second = 0;
  double latency_ms_p99 = 0;
  double clients_cpu_us = 0;  // an answer
};

// As a run was.
struct Load {
  size_t connections = 1;            // at once
  double connections_an_answer = 0;  // that are made
};

// Asks `url` ("http://127.0.0.1:8081/") for `time`. kConflict when an answer was not 200 or did not come; kInvalid for
// an address that can't be asked.
[[nodiscard]] Result<Beside> ask_beside(const Scenario& scenario, uint64_t seed, const std::string& url,
                                        const Load& load, Duration time);

}  // namespace doorbuster::stampede
