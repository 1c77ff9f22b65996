// The commands of the doorbuster binary. Each adds itself to the command line and returns what to run when it was
// chosen.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace doorbuster::app {

// Runs and returns the process's exit code.
using Run = std::function<int()>;

Run add_run(CLI::App& line);
Run add_serve(CLI::App& line);
Run add_token(CLI::App& line);
Run add_sandbox(CLI::App& line);
Run add_verify(CLI::App& line);
Run add_guard(CLI::App& line);
Run add_guard_train(CLI::App& guard);
Run add_stampede(CLI::App& line);
Run add_links(CLI::App& line);
Run add_recs(CLI::App& line);

}  // namespace doorbuster::app
