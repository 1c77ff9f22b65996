// How a command ends: what went wrong goes to standard error, and the process's exit code says whether anything did.
#pragma once

#include "base/result.h"

namespace doorbuster {

// 0, or 1 after the error's message.
[[nodiscard]] int exit_code_of(const Result<void>& done);

}  // namespace doorbuster
