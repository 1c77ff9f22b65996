#include "guard/labelled_decisions.h"

#include <algorithm>
#include <istream>
#include <optional>
#include <set>

#include "base/encoding.h"
#include "base/json.h"
#include "base/prng.h"

namespace doorbuster::guard {
namespace {

constexpr std::string_view kSimulated = "# simulated:";
constexpr std::string_view kHeading = "who,label";
constexpr double kValueMax = 1e9;

tl::unexpected<Error> wrong(std::string_view name, size_t line, const std::string& what) {
  return fail(ErrorCode::kInvalid, std::string(name) + ":" + std::to_string(line) + ": " + what);
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// As the log has it, or with the sixteen digits more that lists and exports have.
std::optional<uint64_t> who_named(std::string_view text) {
  std::array<std::byte, 8> bytes{};
  if (text.size() == 32) {
    if (!from_hex(text.substr(16), bytes)) return std::nullopt;
    text = text.substr(0, 16);
  }
  if (!from_hex(text, bytes)) return std::nullopt;
  uint64_t who = 0;
  for (const std::byte byte : bytes) who = who << 8 | std::to_integer<uint64_t>(byte);
  return who;
}

Result<void> add_label(std::string_view line, std::string_view name, size_t number, Labels& labels) {
  const size_t comma = line.find(',');
  const std::string_view label = comma == std::string_view::npos ? "" : trimmed(line.substr(comma + 1));
  if (label != "human" && label != "bot")
    return wrong(name, number, "has to be 'who,human' or 'who,bot', not '" + std::string(line) + "'");
  const std::string_view text = trimmed(line.substr(0, comma));
  const auto who = who_named(text);
  if (!who)
    return wrong(name, number,
                 "'" + std::string(text) + "' is nobody: the decision log names them by 16 digits, exports by 32");
  const auto [there, is_new] = labels.is_bot.emplace(*who, label == "bot");
  if (is_new || there->second == (label == "bot")) return {};
  return wrong(name, number, "'" + std::string(text) + "' is a person in one line and a bot in another");
}

Result<void> read_features(const JsonObject& object, Features& features) {
  size_t next = 0;
  std::string strange;
  object.each([&](std::string_view name, const JsonValue& value) {
    const std::string_view expected = next < kFeatures ? kFeatureNames[next] : "nothing";
    if (name != expected && strange.empty())
      strange = "it has other features than this build: '" + std::string(name) + "' in place of '" +
                std::string(expected) + "'";
    if (next < kFeatures)
      features.set(
          next, value.is_null() ? kMissing : static_cast<float>(value.number({.min = -kValueMax, .max = kValueMax})));
    ++next;
  });
  if (strange.empty() && next < kFeatures)
    strange = "it has no feature '" + std::string(kFeatureNames[next]) + "', which this build has";
  return strange.empty() ? Result<void>() : fail(ErrorCode::kInvalid, strange);
}

struct ReadDecision {
  Timestamp at;
  std::optional<uint64_t> who;
  Features features;
};

Result<ReadDecision> parse_decision(std::string_view line) {
  JsonDocument document(line);
  const JsonObject root = document.root();
  ReadDecision decision;
  decision.at = root.required("time").time();
  const JsonValue who = root.required("who");
  if (!who.is_null()) {
    decision.who = who_named(who.string());
    if (!decision.who && document.ok()) return fail(ErrorCode::kInvalid, "/who: has to be 16 hexadecimal digits");
  }
  const auto features = read_features(root.required("features").object(), decision.features);
  if (!document.ok() || !document.well_formed()) TRY(document.finish(JsonUnknown::kAllowed));
  TRY(Result<void>(features));
  return decision;
}

std::map<uint64_t, size_t> samples_by_who(const std::vector<Sample>& samples) {
  std::map<uint64_t, size_t> counts;
  for (const Sample& sample : samples) ++counts[sample.who];
  return counts;
}

// Of those of one class, whose hashes are the lowest.
void hold_out(const std::vector<Sample>& samples, bool is_bot, uint32_t percent, uint64_t seed,
              std::set<uint64_t>& held_out) {
  std::set<std::pair<uint64_t, uint64_t>> order;
  for (const Sample& sample : samples) {
    if (sample.is_bot == is_bot) order.emplace(mixed64(sample.who ^ mixed64(seed + 1)), sample.who);
  }
  const size_t wanted = (order.size() * percent + 99) / 100;
  for (const auto& [hash, who] : order) {
    if (held_out.size() >= wanted) break;
    held_out.insert(who);
  }
}

}  // namespace

Result<Labels> parse_labels(std::string_view text, std::string_view name) {
  Labels labels;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(kSimulated)) labels.simulated_by = trimmed(line.substr(kSimulated.size()));
    if (line.empty() || line.starts_with('#') || line == kHeading) continue;
    TRY(add_label(line, name, number, labels));
  }
  if (labels.is_bot.empty()) return fail(ErrorCode::kInvalid, std::string(name) + " has no labels");
  return labels;
}

Result<void> read_decisions(std::istream& log, std::string_view name, const Labels& labels,
                            LabelledDecisions& decisions) {
  size_t number = 0;
  for (std::string line; std::getline(log, line);) {
    ++number;
    if (trimmed(line).empty()) continue;
    const auto decision = parse_decision(line);
    if (!decision)
      return wrong(name, number,
                   "is no decision: " + decision.error().message + ". Where a crash has torn the line, remove it");
    const auto label = decision->who ? labels.is_bot.find(*decision->who) : labels.is_bot.end();
    if (label == labels.is_bot.end()) {
      ++decisions.unlabelled;
      continue;
    }
    const bool is_first = decisions.samples.empty();
    decisions.first = is_first ? decision->at : std::min(decisions.first, decision->at);
    decisions.last = is_first ? decision->at : std::max(decisions.last, decision->at);
    decisions.samples.push_back({.who = label->first, .is_bot = label->second, .features = decision->features});
  }
  return {};
}

Classes classes_of(const std::vector<Sample>& samples) {
  std::set<uint64_t> people, bots;
  for (const Sample& sample : samples) (sample.is_bot ? bots : people).insert(sample.who);
  return {.people = people.size(), .bots = bots.size()};
}

Split split_by_who(const std::vector<Sample>& samples, uint32_t holdout_percent, uint64_t seed) {
  std::set<uint64_t> people, bots;
  hold_out(samples, false, holdout_percent, seed, people);
  hold_out(samples, true, holdout_percent, seed, bots);
  Split split;
  for (const Sample& sample : samples) {
    const bool is_held_out = (sample.is_bot ? bots : people).contains(sample.who);
    (is_held_out ? split.holdout : split.training).push_back(sample);
  }
  return split;
}

std::vector<float> weights_of(const std::vector<Sample>& samples) {
  const std::map<uint64_t, size_t> counts = samples_by_who(samples);
  std::vector<float> weights;
  weights.reserve(samples.size());
  for (const Sample& sample : samples) weights.push_back(1.0F / static_cast<float>(counts.at(sample.who)));
  return weights;
}

}  // namespace doorbuster::guard
