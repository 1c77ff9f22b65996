// What becomes of a world's sales a month after they are over: they are archived, while processes die and the power is
// lost, and everything that was told of them is told afterwards, too.
#pragma once

#include <map>
#include <string>

#include "sim/server.h"

namespace doorbuster::sim {

// All that a server tells of the world's sales, by path; asked at once, as no decision is needed for it.
using Pages = std::map<std::string, std::string>;
[[nodiscard]] Pages pages_of(const Plan& plan, Server& server);

// All sales are, and their files are written.
[[nodiscard]] bool are_archived(const Server& server);

}  // namespace doorbuster::sim
