// The commands of the demo's customers: clients of a server, who know it by HTTP only.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace doorbuster::demo {

// Adds `demo` to the command line. What it returns runs it and gives the process's exit code; -1 if none was chosen.
std::function<int()> add_demo(CLI::App& line);

}  // namespace doorbuster::demo
