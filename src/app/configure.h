// From what somebody typed to a Config: defaults, then the file, then the flags, then a check of the whole.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/config.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace doorbuster::app {

struct ConfigFlags {
  std::string file;                                           // --config; none if empty
  bool print = false;                                         // --print-config
  std::vector<std::pair<std::string, std::string>> settings;  // key and word, in the order in which they were typed
};

// Adds --config, --print-config and a flag for every setting to a command. `into` must outlive the parsing.
void add_config_flags(CLI::App& command, ConfigFlags& into);

// A command with all those flags: it runs with the configuration, or prints it where --print-config asks for that. What
// it returns is the process's exit code, or -1 if the command was not chosen.
[[nodiscard]] std::function<int()> add_configured(CLI::App& command,
                                                  std::function<Result<void>(const Config& config)> run);

// The error lists everything that is wrong, one sentence a line, each with its place and what to do.
[[nodiscard]] Result<Config> configure(const ConfigFlags& flags);

// The same with the file's text in hand; `name` is how messages call it.
[[nodiscard]] Result<Config> configure(const ConfigFlags& flags, std::string_view text, std::string_view name);

// All settings as commented TOML that reads back to the same Config. Secrets are in it.
[[nodiscard]] std::string print_config(const Config& config);

}  // namespace doorbuster::app
