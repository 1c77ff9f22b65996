#include "guard/model_card.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace doorbuster::guard {
namespace {

constexpr size_t kGainsShown = 15;

std::string decimals(double value, int places) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", places, value);
  return text.data();
}

std::string percent(double share) { return decimals(100 * share, 1) + " %"; }

std::string row(std::initializer_list<std::string> cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::string many(size_t count, const char* what) { return std::to_string(count) + " " + what; }

// Before all else, so that nobody takes the numbers below for what they are not.
std::string simulation(const Labels& labels) {
  if (labels.simulated_by.empty()) return "";
  return "> **Labels and traffic are from a simulation** (" + labels.simulated_by +
         "). The bots are ours, and so are the people: what follows says how well a model learns our own simulator, "
         "and nothing about real ones. Do not let it decide about people.\n\n";
}

std::string origin(const CardOptions& options, const LabelledDecisions& decisions, const Training& training) {
  const TrainingOptions& how = options.training;
  std::string out = "## What it was trained on\n\n| | |\n|---|---|\n";
  out += row({"decision log", options.logs});
  out += row({"labels", options.labels});
  out += row({"where the labels came from", options.labels_from});
  out += row({"from, to", format_rfc3339(decisions.first) + ", " + format_rfc3339(decisions.last)});
  out += row({"decisions with a label", std::to_string(decisions.samples.size())});
  out += row({"decisions without, not used", std::to_string(decisions.unlabelled)});
  out += row({"trained on", many(training.trained.people, "people") + ", " + many(training.trained.bots, "bots")});
  out += row({"held out", many(training.held_out.people, "people") + ", " + many(training.held_out.bots, "bots")});
  out += row({"how", "libxgboost " + training.library + ", binary:logistic, " + std::to_string(how.rounds) +
                         " trees of depth " + std::to_string(how.depth) + ", seed " + std::to_string(how.seed)});
  return out +
         "\nWhoever is held out is so with all that they did. Each of them counts as one, however often they did "
         "something.\n\n";
}

std::string quality(const Training& training) {
  const Evaluation& model = training.by_model;
  std::string out =
      "## How well it tells them apart\n\nOn those who were held out:\n\n| | model | scorecard |\n|---|---|---|\n";
  out += row({"AUC (1: always, 0.5: like a coin)", decimals(model.auc, 4), decimals(training.by_card.auc, 4)});
  out += row(
      {"log loss (lower is better; " + decimals(training.log_loss_of_mix, 4) + " for knowing only how many there are)",
       decimals(model.log_loss, 4), "tells no probability"});
  if (model.auc <= training.by_card.auc)
    out += "\n**The model is no better than the scorecard here. Keep the scorecard.**\n";
  return out + "\n";
}

std::string calibration(const Evaluation& model) {
  std::string out =
      "## Whether its probabilities are right\n\n| score | people and bots | it says | bots in truth "
      "|\n|---|---|---|---|\n";
  for (size_t i = 0; i < model.bins.size(); ++i) {
    const Bin& bin = model.bins[i];
    if (bin.weight == 0) continue;
    out += row({"0." + std::to_string(i) + " to " + (i == 9 ? "1.0" : "0." + std::to_string(i + 1)),
                decimals(bin.weight, 1), percent(bin.chance), percent(bin.bots)});
  }
  return out + "\n";
}

std::string consequences(const CardOptions& options, const Training& training) {
  std::string out =
      "## What the policy would have done\n\nWith the thresholds of the policy `" + options.policy +
      "`, and the points of its scorecard:\n\n| verdict | people, model | people, scorecard | bots, model | "
      "bots, scorecard |\n|---|---|---|---|---|\n";
  for (size_t i = 0; i < kVerdictNames.size(); ++i) {
    out += row({std::string(kVerdictNames[i]), percent(training.by_model.of_people[i]),
                percent(training.by_card.of_people[i]), percent(training.by_model.of_bots[i]),
                percent(training.by_card.of_bots[i])});
  }
  return out + "\n";
}

std::string gains(const Training& training) {
  std::string out = "## What it looks at\n\nShare of what all splits have gained:\n\n| feature | gain |\n|---|---|\n";
  for (size_t i = 0; i < std::min(kGainsShown, training.gains.size()); ++i)
    out += row({"`" + training.gains[i].feature + "`", percent(training.gains[i].share)});
  return out + "\n";
}

std::string limits(const Training& training) {
  const Classes& all = training.trained;
  const double bots = static_cast<double>(all.bots) / static_cast<double>(all.people + all.bots);
  return "## What it is not good for\n\n"
         "- A score is the chance of a bot where " +
         percent(bots) +
         " are bots, as here. Where fewer are, it says too much.\n"
         "- It knows what the labels know. Where those come from the scorecard's own verdicts, it has learnt the "
         "scorecard's opinion; where they come from who was caught, those who were not are people to it.\n"
         "- It has seen only what was scored: whoever was over a rate, or did not solve a challenge, is missing.\n"
         "- Counts in the features end at one more than the policy's `most`. With other limits, or signals whose "
         "points "
         "become 0, it has to be trained again.\n"
         "- Bots change, and those that know the model will. Run it with verdicts in the shadow first, and train it "
         "again after each drop.\n";
}

}  // namespace

std::string write_model_card(const CardOptions& options, const Labels& labels, const LabelledDecisions& decisions,
                             const Training& training) {
  return "# The model " + options.model +
         "\n\nTells bots from people for `[score] model` of a policy of the guard "
         "(docs/guard.md). Made by `doorbuster guard train`.\n\n" +
         simulation(labels) + origin(options, decisions, training) + quality(training) +
         calibration(training.by_model) + consequences(options, training) + gains(training) + limits(training);
}

}  // namespace doorbuster::guard
