// The end for what must not go on: a disk that did not keep what it was told to keep. Whatever the process holds in
// memory may now differ from what is durable, so it says why and ends; a new start replays the log and knows.
#pragma once

#include <string>

namespace doorbuster::log {

[[noreturn]] void end_process(const std::string& why);

// The same for a write to the log in this folder, of which the store says what has failed.
[[noreturn]] void end_for_failed_write(const std::string& folder, const std::string& status, bool is_full);

}  // namespace doorbuster::log
