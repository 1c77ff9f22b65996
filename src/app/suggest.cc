#include "app/suggest.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "ops/settings/nearest.h"

namespace doorbuster::app {
namespace {

// The command that was chosen, however deep: its flags and commands were possible.
const CLI::App& chosen(const CLI::App& line) {
  const auto parsed = line.get_subcommands();
  return parsed.empty() ? line : chosen(*parsed.front());
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

std::vector<std::string> commands_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* inner : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(inner->get_name());
  return names;
}

// --body-bytes is meant for --http-body-bytes: its section was left out.
std::string meant_flag(const std::string& flag, const std::vector<std::string>& known) {
  const std::string end = flag.substr(1);
  const auto longer =
      std::find_if(known.begin(), known.end(), [&](const std::string& name) { return name.ends_with(end); });
  return longer == known.end() ? ops::nearest(flag, known) : *longer;
}

std::string meant(const CLI::App& command, const std::string& word) {
  if (!word.starts_with("--")) return ops::nearest(word, commands_of(command));
  return meant_flag(word, flags_of(command));
}

}  // namespace

std::string suggestions(const CLI::App& line) {
  std::string lines;
  for (const std::string& word : line.remaining(true)) {
    const std::string name = word.substr(0, word.find('='));
    const std::string instead = meant(chosen(line), name);
    if (!instead.empty() && instead != name) lines += "did you mean " + instead + " instead of " + name + "?\n";
  }
  return lines;
}

}  // namespace doorbuster::app
