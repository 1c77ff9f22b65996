// The operator's key of a command that talks to a server.
#pragma once

#include <string>

#include "base/result.h"

namespace doorbuster::app {

inline constexpr const char* kOperatorKeyVariable = "DOORBUSTER_OPERATOR_KEY";

// What --key says on the command line.
[[nodiscard]] std::string help_of_key();
// From the file, if one is named; else from the variable, else from var/operator.key.
[[nodiscard]] Result<std::string> operator_key_for(const std::string& file);

}  // namespace doorbuster::app
