#include "guard/explain.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "guard/network_map.h"
#include "guard/scorer.h"
#include "net/limits.h"

namespace doorbuster::guard {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr size_t kKeys = 64;  // of a table that sees one request

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

std::string in_words(const Scored& scored, const Scorecard& card) {
  const Judgement judgement = judge(scored.assessment.score, card);
  std::string out = "score " + in_hundredths(scored.assessment.score) + ": " +
                    std::string(kVerdictNames[static_cast<size_t>(judgement.verdict)]) + "\n";
  if (judgement.in_shadow != Verdict::kAllow)
    out += "in the shadow: " + std::string(kVerdictNames[static_cast<size_t>(judgement.in_shadow)]) + "\n";
  for (size_t i = 1; i < kSignals; ++i) add_line(out, scored.signals, card, static_cast<Signal>(i));
  out += "Not to be seen in one request:";
  for (size_t i = 1; i < kSignals; ++i) {
    if (kSignalDefinitions[i].limit == SignalLimit::kCount) out += " " + std::string(kSignalNames[i]);
  }
  return out + "\n";
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
  const Scored scored = scorer.assess({.request = net::Request(head, "", facts.address),
                                       .asker = facts.asker,
                                       .address = facts.address,
                                       .origin = {.country = facts.country, .network = networks.of(facts.address)},
                                       .has_tool_fingerprint = false,
                                       .now = now},
                                      policy.scorecard);
  return in_words(scored, policy.scorecard);
}

}  // namespace doorbuster::guard
