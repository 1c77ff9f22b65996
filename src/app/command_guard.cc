// doorbuster guard: what a policy says, whether it can be used, what it thinks of a request, and a model for it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "guard/explain.h"
#include "guard/origins.h"
#include "guard/policy.h"
#include "guard/score_model.h"
#include "net/networks.h"

namespace doorbuster::app {
namespace {

constexpr size_t kRequestBytesMax = 65'536;

std::string head_of(const std::string& where) {
  if (const auto preset = guard::preset_named(where))
    return "The policy \"" + where + "\". " + std::string(guard::explain(*preset));
  return "What " + where + " says, and what it leaves to its preset.";
}

Result<void> show(const std::string& where) {
  const guard::Policy policy = TRY(guard::load_policy(where));
  TRY(guard::model_of(policy));
  std::fputs(guard::print_policy(policy, head_of(where)).c_str(), stdout);
  return {};
}

struct ExplainOptions {
  std::string policy = "drop";
  std::string request = "/dev/stdin";
  std::string address = "127.0.0.1";
  std::string country = "ZZ";
  int64_t account_age_days = -1;
  bool is_customer = false;
};

Result<void> explain(const ExplainOptions& options) {
  const guard::Policy policy = TRY(guard::load_policy(options.policy));
  const std::string request = TRY(read_file(options.request, kRequestBytesMax));
  const auto address = net::parse_address(options.address);
  const auto country = guard::country_in(options.country);
  if (!address) return fail(ErrorCode::kInvalid, "--address has to be an IP address, not '" + options.address + "'");
  if (!country)
    return fail(ErrorCode::kInvalid, "--country has to be two capital letters, not '" + options.country + "'");
  guard::RequestFacts facts{.address = *address, .asker = {}, .country = *country};
  if (options.is_customer || options.account_age_days >= 0)
    facts.asker = {.kind = platform::Asker::Kind::kCustomer, .id = 1};
  if (options.account_age_days >= 0) facts.asker.account_age_days = static_cast<uint32_t>(options.account_age_days);
  const std::string words = TRY(guard::explain_request(policy, request, facts));
  std::fputs(words.c_str(), stdout);
  return {};
}

Run add_show(CLI::App* guard) {
  CLI::App* command = guard->add_subcommand("show", "Print all that a policy says, or what is wrong with it");
  auto where = std::make_shared<std::string>("drop");
  command->add_option("policy", *where, "open, drop, fortress, or a file")->capture_default_str();
  return [command, where]() -> int { return command->parsed() ? exit_code_of(show(*where)) : -1; };
}

Run add_explain(CLI::App* guard) {
  CLI::App* command = guard->add_subcommand("explain", "Say which rules speak for a request, and what is done");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("policy", options->policy, "open, drop, fortress, or a file")->capture_default_str();
  command->add_option("--request", options->request, "a file with the request's head as it stands on the wire")
      ->capture_default_str();
  command->add_option("--address", options->address, "where it comes from")->capture_default_str();
  command->add_option("--country", options->country, "in which country that is")->capture_default_str();
  command->add_flag("--customer", options->is_customer, "with a token of the shop");
  command->add_option("--account-age-days", options->account_age_days, "with one that says so")
      ->check(CLI::Range(0, 36'500));
  return [command, options]() -> int { return command->parsed() ? exit_code_of(explain(*options)) : -1; };
}

}  // namespace

Run add_guard(CLI::App& line) {
  CLI::App* guard = line.add_subcommand("guard", "Look at the guard's policies, and train models for them");
  guard->require_subcommand(1);
  return [runs = std::vector<Run>{add_show(guard), add_explain(guard), add_guard_train(*guard)}]() -> int {
    for (const Run& run : runs) {
      if (const int code = run(); code >= 0) return code;
    }
    return -1;
  };
}

}  // namespace doorbuster::app
