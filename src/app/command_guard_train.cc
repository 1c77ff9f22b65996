// doorbuster guard train: a model from an operator's own decisions, with a page that says what it is good for.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "guard/model_card.h"
#include "guard/policy.h"

namespace doorbuster::app {
namespace {

constexpr size_t kLabelBytesMax = size_t{256} << 20;
constexpr mode_t kModelMode = 0644;

struct TrainOptions {
  std::vector<std::string> logs;
  std::string labels;
  std::string labels_from;
  std::string out;
  std::string policy = "drop";
  guard::TrainingOptions training;
};

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

Result<guard::LabelledDecisions> read_logs(const std::vector<std::string>& names, const guard::Labels& labels) {
  guard::LabelledDecisions decisions;
  for (const std::string& name : names) {
    std::ifstream log(name);
    if (!log) return fail(ErrorCode::kNotFound, "--log '" + name + "' can't be read");
    TRY(guard::read_decisions(log, name, labels, decisions));
  }
  return decisions;
}

void report(const guard::Training& training, const std::string& out, const std::string& card) {
  std::printf("%s: %zu decisions of %zu people and %zu bots; %zu people and %zu bots held out\n", out.c_str(),
              training.decisions, training.trained.people, training.trained.bots, training.held_out.people,
              training.held_out.bots);
  std::printf("on those: AUC %.4f by the model, %.4f by the scorecard; %s says more\n", training.by_model.auc,
              training.by_card.auc, card.c_str());
}

Result<void> train(const TrainOptions& options) {
  const guard::Policy policy = TRY(guard::load_policy(options.policy));
  const std::string text = TRY(read_file(options.labels, kLabelBytesMax));
  const guard::Labels labels = TRY(guard::parse_labels(text, options.labels));
  const guard::LabelledDecisions decisions = TRY(read_logs(options.logs, labels));
  const guard::Training training = TRY(guard::train(decisions.samples, policy.scorecard, options.training));
  const std::filesystem::path out = options.out;
  const std::string card = std::filesystem::path(out).replace_extension(".md").string();
  const std::string page = guard::write_model_card({.model = out.filename().string(),
                                                    .logs = joined(options.logs),
                                                    .labels = options.labels,
                                                    .labels_from = options.labels_from,
                                                    .policy = options.policy,
                                                    .training = options.training},
                                                   labels, decisions, training);
  TRY(replace_file(out, training.model, kModelMode));
  TRY(replace_file(card, page, kModelMode));
  report(training, options.out, card);
  return {};
}

}  // namespace

Run add_guard_train(CLI::App& guard) {
  CLI::App* command = guard.add_subcommand("train", "Train a model on a decision log and labels of your own");
  auto options = std::make_shared<TrainOptions>();
  command->add_option("--log", options->logs, "decision logs (guard.decision_log), one or more")->required();
  command->add_option("--labels", options->labels, "a file with lines of who,human and who,bot")->required();
  command->add_option("--labels-from", options->labels_from, "who says so, and how they know: for the model's card")
      ->required()
      ->check([](const std::string& text) { return text.empty() ? "say where the labels came from" : ""; });
  command->add_option("--out", options->out, "the model; its card is beside it, as .md")
      ->required()
      ->check([](const std::string& text) { return text.ends_with(".md") ? "the card is to be there" : ""; });
  command->add_option("--policy", options->policy, "whose scorecard and thresholds the model is compared with")
      ->capture_default_str();
  command->add_option("--rounds", options->training.rounds, "trees; each costs every score some time")
      ->check(CLI::Range(1, 2'000))
      ->capture_default_str();
  command->add_option("--depth", options->training.depth, "of a tree")->check(CLI::Range(1, 10))->capture_default_str();
  command->add_option("--holdout-percent", options->training.holdout_percent, "of people and bots, to judge it by")
      ->check(CLI::Range(10, 50))
      ->capture_default_str();
  command->add_option("--seed", options->training.seed, "another one holds out others")->capture_default_str();
  return [command, options]() -> int { return command->parsed() ? exit_code_of(train(*options)) : -1; };
}

}  // namespace doorbuster::app
