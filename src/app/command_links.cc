// doorbuster links import: brings the links of another product to a server, from a file that it exported.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "app/commands.h"
#include "app/link_import.h"
#include "base/exit_code.h"
#include "base/file.h"

namespace doorbuster::app {
namespace {

constexpr size_t kKeyBytesMax = 1'024;
constexpr const char* kKeyVariable = "DOORBUSTER_OPERATOR_KEY";

struct ImportFlags {
  LinkImportOptions options;
  std::string format;
  std::string file = "-";
  std::string key;
};

Result<std::string> key_of(const ImportFlags& flags) {
  const char* in_environment = std::getenv(kKeyVariable);  // NOLINT(concurrency-mt-unsafe): there is one thread yet
  if (flags.key.empty() && in_environment != nullptr) return std::string(in_environment);
  std::string key = TRY(read_file(flags.key.empty() ? "var/operator.key" : flags.key, kKeyBytesMax));
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  return key;
}

Result<void> import_file(const ImportFlags& flags) {
  LinkImportOptions options = flags.options;
  options.key = TRY(key_of(flags));
  options.product = *links::product_named(flags.format);
  std::ifstream file(flags.file == "-" ? "/dev/stdin" : flags.file, std::ios::binary);
  if (!file) return fail(ErrorCode::kNotFound, "'" + flags.file + "' can't be read");
  return import_links_of(file, options);
}

Run add_import(CLI::App* links) {
  CLI::App* command = links->add_subcommand("import", "Bring links from elsewhere, with their codes, dates and counts");
  auto flags = std::make_shared<ImportFlags>();
  const std::vector<std::string> formats(links::kProductNames.begin(), links::kProductNames.end());
  command->add_option("--from", flags->format, "whose file it is: shlink, kutt, yourls, bitly, dub or csv")
      ->required()
      ->check(CLI::IsMember(formats));
  command->add_option("file", flags->file, "what it exported, JSON or CSV; - is standard input")->capture_default_str();
  command->add_option("--server", flags->options.server, "where the links go, such as https://go.example")
      ->capture_default_str();
  command->add_option("--key", flags->key,
                      "a file with an operator's key; without it the variable " + std::string(kKeyVariable) +
                          ", then var/operator.key");
  command->add_flag("--dry-run", flags->options.is_dry_run, "only say what would come of it");
  command->add_option("--page", flags->options.page, "so many links by one request")
      ->check(CLI::Range(size_t{1}, kImportPageMax))
      ->capture_default_str();
  command->add_option("--domain", flags->options.domain, "only links of this domain");
  command->add_option("--tz", flags->options.zone, "of times without a zone, such as Europe/Berlin")
      ->capture_default_str();
  command->add_flag("--allow-without-password", flags->options.takes_open,
                    "take links that had a password, open to everybody");
  return [command, flags]() -> int { return command->parsed() ? exit_code_of(import_file(*flags)) : -1; };
}

}  // namespace

Run add_links(CLI::App& line) {
  CLI::App* links = line.add_subcommand("links", "Bring short links from elsewhere");
  links->require_subcommand(1);
  return add_import(links);
}

}  // namespace doorbuster::app
