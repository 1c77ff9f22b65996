// doorbuster guard: what a policy says, and whether it can be used.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "app/commands.h"
#include "base/exit_code.h"
#include "guard/policy.h"

namespace doorbuster::app {
namespace {

std::string head_of(const std::string& where) {
  if (const auto preset = guard::preset_named(where))
    return "The policy \"" + where + "\". " + std::string(guard::explain(*preset));
  return "What " + where + " says, and what it leaves to its preset.";
}

Result<void> show(const std::string& where) {
  const guard::Policy policy = TRY(guard::load_policy(where));
  std::fputs(guard::print_policy(policy, head_of(where)).c_str(), stdout);
  return {};
}

}  // namespace

Run add_guard(CLI::App& line) {
  CLI::App* guard = line.add_subcommand("guard", "Look at the guard's policies");
  guard->require_subcommand(1);
  CLI::App* command = guard->add_subcommand("show", "Print all that a policy says, or what is wrong with it");
  auto where = std::make_shared<std::string>("drop");
  command->add_option("policy", *where, "open, drop, fortress, or a file")->capture_default_str();
  return [command, where]() -> int { return command->parsed() ? exit_code_of(show(*where)) : -1; };
}

}  // namespace doorbuster::app
