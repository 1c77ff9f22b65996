// doorbuster recs: a shop's catalogue and orders to a server, and what the models of recommendations reach on data of
// one's own.
#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/commands.h"
#include "app/operator_key_file.h"
#include "app/recs_import.h"
#include "base/exit_code.h"
#include "recs/evaluation/evaluation.h"

namespace doorbuster::app {
namespace {

using Task = Result<std::string> (*)(const recs::EvaluationOptions&);

const std::map<std::string, Task> kTasks = {{"sessions", recs::evaluate_sessions},
                                            {"taste", recs::evaluate_taste},
                                            {"sequence", recs::evaluate_sequence},
                                            {"baskets", recs::evaluate_baskets}};

struct RecsOptions {
  std::string task;
  std::optional<uint32_t> budget_us;
  recs::EvaluationOptions evaluation;
};

Result<void> check_files(const RecsOptions& options) {
  const bool needs_test = options.task == "sessions" || options.task == "taste";
  const recs::EvaluationOptions& given = options.evaluation;
  if (needs_test == given.test.empty())
    return fail(ErrorCode::kInvalid, "--task " + options.task +
                                         (needs_test ? " needs --test" : " takes its test from --train: leave --test"));
  if (!given.attributes.empty() && options.task != "sequence")
    return fail(ErrorCode::kInvalid, "--attributes are looked at by --task sequence only");
  if ((options.task == "baskets") == given.split.empty())
    return fail(ErrorCode::kInvalid, given.split.empty() ? "--task baskets needs --split, the first day of the test"
                                                         : "--split is looked at by --task baskets only");
  if (options.budget_us && options.task != "sessions")
    return fail(ErrorCode::kInvalid, "--budget-us decides what takes part in --task sessions only: leave it out");
  return {};
}

Result<void> evaluate(const RecsOptions& options) {
  TRY(check_files(options));
  recs::EvaluationOptions evaluation = options.evaluation;
  evaluation.budget_us = options.budget_us.value_or(evaluation.budget_us);
  const std::string json = TRY(kTasks.at(options.task)(evaluation));
  std::printf("%s\n", json.c_str());
  return {};
}

Run add_evaluate(CLI::App& recs) {
  CLI::App* command = recs.add_subcommand("evaluate", "Measure the models offline; prints one JSON object");
  auto options = std::make_shared<RecsOptions>();
  recs::EvaluationOptions& given = options->evaluation;
  command->add_option("--task", options->task, "sessions, taste, sequence or baskets")
      ->required()
      ->check(CLI::IsMember(kTasks));
  command->add_option("--train", given.train, "what is learnt from, plain or gzip: docs/recs/evaluation.md")
      ->required();
  command->add_option("--test", given.test, "what is measured on (sessions, taste)");
  command->add_option("--attributes", given.attributes, "of the items (sequence)");
  command->add_option("--split", given.split, "first day of the test, as 2011-11-09 (baskets)");
  command
      ->add_option("--budget-us", options->budget_us,
                   "microseconds that a recommendation may take at the median (sessions; 1000 if nothing is said)")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--threads", given.threads, "to learn with; changes no result")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  return [command, options]() -> int { return command->parsed() ? exit_code_of(evaluate(*options)) : -1; };
}

struct RecsImportFlags {
  RecsImportOptions options;
  std::string key;
};

Result<void> import_shop_of(const RecsImportFlags& flags) {
  RecsImportOptions options = flags.options;
  if (options.items.empty() && options.orders.empty())
    return fail(ErrorCode::kInvalid, "nothing to import: name a table with --items, --orders, or both");
  options.key = TRY(operator_key_for(flags.key));
  return import_shop(options);
}

Run add_recs_import(CLI::App& recs) {
  CLI::App* command = recs.add_subcommand("import", "Bring a shop's catalogue and its orders to a server");
  auto flags = std::make_shared<RecsImportFlags>();
  command->add_option("--items", flags->options.items, "the catalogue, CSV, plain or gzip: docs/recs/README.md");
  command->add_option("--orders", flags->options.orders, "the orders, CSV, plain or gzip, from the oldest on");
  command
      ->add_option("--days-later", flags->options.days_later,
                   "so many days are added to the times of orders, to try a table of long ago as if it were new")
      ->check(CLI::Range(0, 36'500));
  command->add_option("--server", flags->options.server, "where they go, such as https://shop.example")
      ->capture_default_str();
  command->add_option("--key", flags->key, help_of_key());
  return [command, flags]() -> int { return command->parsed() ? exit_code_of(import_shop_of(*flags)) : -1; };
}

}  // namespace

Run add_recs(CLI::App& line) {
  CLI::App* recs = line.add_subcommand("recs", "Recommendations: bring a shop's tables, measure the models on them");
  recs->require_subcommand(1);
  return [runs = std::array{add_recs_import(*recs), add_evaluate(*recs)}]() -> int {
    for (const Run& run : runs) {
      if (const int code = run(); code >= 0) return code;
    }
    return -1;
  };
}

}  // namespace doorbuster::app
