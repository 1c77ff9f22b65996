#include "app/configure.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <cstdio>
#include <memory>

#include "app/settings.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "ops/settings/reader.h"
#include "ops/settings/writer.h"

namespace doorbuster::app {
namespace {

void add_flag(CLI::App& command, ConfigFlags& into, const ops::Setting& setting) {
  const std::string key = setting.key;
  const auto keep = [&into, key](const std::string& word) { into.settings.emplace_back(key, word); };
  if (std::holds_alternative<bool>(setting.get())) {
    command.add_flag_function(
        ops::flag_of(key), [keep](int64_t count) { keep(count > 0 ? "true" : "false"); }, setting.help);
  } else {
    command.add_option_function<std::string>(ops::flag_of(key), keep, setting.help);
  }
}

Result<void> apply_flag(const std::string& key, const std::string& word, const ops::SettingsTable& table) {
  const ops::Setting* setting = table.find(key);
  if (setting == nullptr) return fail(ErrorCode::kInvalid, "is not a flag");
  const ops::Value value = TRY(ops::from_word(word, setting->get()));
  return setting->set(value);
}

// Addresses that paths are put behind, as browsers write them (RFC 3986, 6.2): scheme and host in small letters, no
// port where it is the scheme's own; and without the slash that people type at their end.
void normalise(std::string& address) {
  const auto parsed = boost::urls::parse_uri(address);
  if (!parsed) return;
  boost::urls::url url = *parsed;
  url.normalize();
  if (url.port_number() == boost::urls::default_port(url.scheme_id())) url.remove_port();
  address = url.buffer();
  while (address.ends_with('/')) address.pop_back();
}

}  // namespace

void add_config_flags(CLI::App& command, ConfigFlags& into) {
  command.add_option("--config", into.file, "The configuration file (TOML).");
  command.add_flag("--print-config", into.print,
                   "Print the effective configuration as TOML, secrets included, and end.");
  Config defaults;
  const ops::SettingsTable table = settings_of(defaults);
  for (const ops::Setting& setting : table.settings()) add_flag(command, into, setting);
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
  const auto text = read_file(flags.file, ops::kLargestSettingsFile);
  if (!text) return fail(text.error().code, "--config: " + text.error().message);
  return configure(flags, *text, flags.file);
}

Result<Config> configure(const ConfigFlags& flags, std::string_view text, std::string_view name) {
  Config config;
  const ops::SettingsTable table = settings_of(config);
  std::vector<std::string> problems = ops::read_settings(text, name, table);
  for (const auto& [key, word] : flags.settings) {
    const Result<void> done = apply_flag(key, word, table);
    if (!done) problems.push_back(ops::flag_of(key) + " " + done.error().message);
  }
  if (problems.empty()) problems = validate(config);
  for (std::string* address : {&config.base_url, &config.sale.payment.url}) normalise(*address);
  TRY(ops::none_or_error(problems));
  return config;
}

std::string print_config(const Config& config) {
  Config shown = config;
  Config defaults;
  return ops::write_settings(
      "The configuration of Doorbuster: every setting, with the value that counts. Read back by `doorbuster serve "
      "--config FILE`.",
      settings_of(shown), settings_of(defaults));
}

}  // namespace doorbuster::app
