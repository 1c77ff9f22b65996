// doorbuster links import: brings the links of another product to a server, from a file that it exported.
#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>

#include "app/commands.h"
#include "app/link_import.h"
#include "app/operator_key_file.h"
#include "base/exit_code.h"

namespace doorbuster::app {
namespace {

struct ImportFlags {
  LinkImportOptions options;
  std::string format;
  std::string file = "-";
  std::string key;
};

Result<void> import_file(const ImportFlags& flags) {
  LinkImportOptions options = flags.options;
  options.key = TRY(operator_key_for(flags.key));
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
  command->add_option("--key", flags->key, help_of_key());
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
