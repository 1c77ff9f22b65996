#include "app/configure.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/config_reader.h"
#include "app/settings.h"
#include "base/exit_code.h"
#include "base/file.h"

namespace doorbuster::app {
namespace {

void add_flag(CLI::App& command, ConfigFlags& into, const Setting<Config>& setting) {
  const std::string key = setting.key;
  const auto keep = [&into, key](const std::string& word) { into.settings.emplace_back(key, word); };
  if (std::holds_alternative<bool>(setting.get(Config()))) {
    command.add_flag_function(
        flag_of(key), [keep](int64_t count) { keep(count > 0 ? "true" : "false"); }, setting.help);
  } else {
    command.add_option_function<std::string>(flag_of(key), keep, setting.help);
  }
}

Result<void> apply_flag(const std::string& key, const std::string& word, Config& config) {
  const auto& all = settings();
  const auto setting =
      std::find_if(all.begin(), all.end(), [&](const Setting<Config>& known) { return known.key == key; });
  if (setting == all.end()) return fail(ErrorCode::kInvalid, "is not a flag");
  const Value value = TRY(from_word(word, setting->get(config)));
  return setting->set(config, value);
}

Result<Config> all_or_error(const Config& config, const std::vector<std::string>& problems) {
  if (problems.empty()) return config;
  std::string message;
  for (const std::string& problem : problems) message += (message.empty() ? "" : "\n") + problem;
  return fail(ErrorCode::kInvalid, message);
}

}  // namespace

std::string flag_of(std::string_view key) {
  std::string flag = "--" + std::string(key);
  std::ranges::replace(flag, '.', '-');
  std::ranges::replace(flag, '_', '-');
  return flag;
}

void add_config_flags(CLI::App& command, ConfigFlags& into) {
  command.add_option("--config", into.file, "The configuration file (TOML).");
  command.add_flag("--print-config", into.print,
                   "Print the effective configuration as TOML, secrets included, and end.");
  for (const Setting<Config>& setting : settings()) add_flag(command, into, setting);
}

std::function<int()> add_configured(CLI::App& command, std::function<Result<void>(const Config& config)> run) {
  auto flags = std::make_shared<ConfigFlags>();
  add_config_flags(command, *flags);
  return [&command, flags, run = std::move(run)]() -> int {
    if (!command.parsed()) return -1;
    const auto config = configure(*flags);
    if (!config) return exit_code_of(tl::unexpected(config.error()));
    if (!flags->print) return exit_code_of(run(*config));
    std::fputs(print_config(*config).c_str(), stdout);
    return 0;
  };
}

Result<Config> configure(const ConfigFlags& flags) {
  if (flags.file.empty()) return configure(flags, "", "");
  const auto text = read_file(flags.file, kLargestConfigFile);
  if (!text) return fail(text.error().code, "--config: " + text.error().message);
  return configure(flags, *text, flags.file);
}

Result<Config> configure(const ConfigFlags& flags, std::string_view text, std::string_view name) {
  Config config;
  std::vector<std::string> problems = read_config(text, name, config);
  for (const auto& [key, word] : flags.settings) {
    const Result<void> done = apply_flag(key, word, config);
    if (!done) problems.push_back(flag_of(key) + " " + done.error().message);
  }
  if (problems.empty()) problems = contradictions(config);
  return all_or_error(config, problems);
}

}  // namespace doorbuster::app
