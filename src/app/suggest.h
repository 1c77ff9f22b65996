// What somebody probably meant by a word of the command line that is not known.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace doorbuster::app {

// After a parse that failed: one line for each unknown flag or command that is near a known one, "did you mean
// --listen instead of --lissten?". Empty if nothing is.
[[nodiscard]] std::string suggestions(const CLI::App& line);

}  // namespace doorbuster::app
