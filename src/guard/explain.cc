#include "guard/explain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numeric>

#include "guard/network_map.h"
#include "guard/scorer.h"
#include "guard/xgboost_model.h"
#include "net/limits.h"

namespace doorbuster::guard {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr size_t kKeys = 64;           // of a table that sees one request
constexpr size_t kFeaturesShown = 10;  // of a model, which has weighed all

// As it stands on the wire, whatever the editor made of its line ends.
std::string with_wire_line_ends(std::string_view text) {
  std::string head;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    head.append(line).append(kLineEnd);
    at = end + 1;
  }
  return head.append(kLineEnd);
}

std::string in_hundredths(uint32_t points) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%u.%02u", points / kScoreMax, points % kScoreMax);
  return text.data();
}

void add_line(std::string& out, const SignalSet& signals, const Scorecard& card, Signal signal) {
  const auto index = static_cast<size_t>(signal);
  if (!signals.has(signal) || card.of(signal).points == 0) return;
  std::string name(kSignalNames[index]);
  name.resize(std::max<size_t>(name.size(), 22), ' ');
  out +=
      "  " + in_hundredths(card.of(signal).points) + "  " + name + std::string(kSignalDefinitions[index].help) + "\n";
}

std::string in_words(const Judgement& judgement, uint8_t score) {
  std::string out = "score " + in_hundredths(score) + ": " +
                    std::string(kVerdictNames[static_cast<size_t>(judgement.verdict)]) + "\n";
  if (judgement.in_shadow != Verdict::kAllow)
    out += "in the shadow: " + std::string(kVerdictNames[static_cast<size_t>(judgement.in_shadow)]) + "\n";
  return out;
}

std::string signals_in_words(const SignalSet& signals, const Scorecard& card) {
  std::string out;
  for (size_t i = 1; i < kSignals; ++i) add_line(out, signals, card, static_cast<Signal>(i));
  out += "Not to be seen in one request:";
  for (size_t i = 1; i < kSignals; ++i) {
    if (kSignalDefinitions[i].limit == SignalLimit::kCount) out += " " + std::string(kSignalNames[i]);
  }
  return out + "\n";
}

std::string value_in_words(float value) {
  return std::isnan(value) ? "unknown" : std::to_string(static_cast<int64_t>(value));
}

void add_contribution(std::string& out, float added, std::string_view name, const std::string& value) {
  std::array<char, 96> line{};
  std::snprintf(line.data(), line.size(), "  %+.2f  %-22s%s\n", static_cast<double>(added), std::string(name).c_str(),
                value.c_str());
  out += line.data();
}

// What the model made of it, and what the card would.
Result<std::string> model_in_words(const XgboostModel& model, const Policy& policy, const Evidence& evidence) {
  const XgboostModel::Contributions added = TRY(model.contributions(evidence.features));
  std::array<size_t, kFeatures> order{};
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t feature) { return -std::abs(added[feature]); });
  std::string out = "By the model " + policy.model + ", in log-odds of a bot:\n";
  for (size_t i = 0; i < kFeaturesShown && added[order[i]] != 0; ++i) {
    const size_t feature = order[i];
    add_contribution(out, added[feature], kFeatureNames[feature], value_in_words(evidence.features.values()[feature]));
  }
  const float others = std::accumulate(order.begin() + kFeaturesShown, order.end(), 0.0F,
                                       [&](float sum, size_t feature) { return sum + added[feature]; });
  add_contribution(out, others, "all others", "");
  add_contribution(out, added.back(), "what it starts from", "");
  const Score card = score_of(evidence.signals, policy.scorecard);
  return out + "The card alone would say " + in_hundredths(card.hundredths) + ":\n";
}

}  // namespace

Result<std::string> explain_request(const Policy& policy, std::string_view request, const RequestFacts& facts) {
  const std::string text = with_wire_line_ends(request);
  if (text.size() == kLineEnd.size())
    return fail(ErrorCode::kInvalid, "this is no head of an HTTP request: it is empty");
  net::Head head;
  if (const net::Refusal* refusal = net::parse_head(text, {}, head); refusal != nullptr)
    return fail(ErrorCode::kInvalid, "this is no head of an HTTP request: " + std::string(refusal->detail));
  const NetworkMap networks = TRY(NetworkMap::make(policy.networks));
  const Timestamp now = Timestamp::from_micros(1);
  const KeyHasher hasher(1, 1);
  RateTable table(kKeys, now);
  Scorer scorer(hasher, table, kKeys, now);
  const CardModel card;
  std::unique_ptr<const XgboostModel> trained;
  if (!policy.model.empty()) trained = TRY(XgboostModel::load(policy.model));
  const ScoreModel& model = trained != nullptr ? static_cast<const ScoreModel&>(*trained) : card;
  const Scored scored = scorer.assess({.request = net::Request(head, "", facts.address),
                                       .asker = facts.asker,
                                       .address = facts.address,
                                       .origin = {.country = facts.country, .network = networks.of(facts.address)},
                                       .has_tool_fingerprint = false,
                                       .now = now},
                                      policy.scorecard, model);
  const std::string verdict = in_words(judge(scored.assessment.score, policy.scorecard), scored.assessment.score);
  const std::string by_model = trained == nullptr ? "" : TRY(model_in_words(*trained, policy, scored.evidence));
  return verdict + by_model + signals_in_words(scored.evidence.signals, policy.scorecard);
}

}  // namespace doorbuster::guard
