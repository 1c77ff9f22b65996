// What the guard lets pass: one TOML file that an operator can read aloud.
//
// A policy begins as one of three presets and says what it wants otherwise. Rates are by whom a request is charged to,
// weights by what it would do; neither knows what is sold or shown.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/challenge_pool.h"
#include "guard/network_map.h"
#include "guard/rate_table.h"
#include "guard/scorecard.h"
#include "platform/api/gate.h"

namespace doorbuster::guard {

// Whom a request is charged to.
enum class ChargedTo : uint8_t {
  kAddress,     // an IPv4 address, or the /64 of an IPv6 address
  kPrefix,      // its /24 or /56: what one small network can have
  kSession,     // the holder of a cookie that we gave
  kCustomer,    // whom a token of the shop names
  kChallenges,  // an address that asks for challenges
  kUnpaid,      // what an address, or a customer, has reserved and not paid for
  kUnpaidPrefix,
  kMisses,  // an address that asks for names that are nobody's, such as codes of links
  kPrefixMisses,
};
inline constexpr std::array<std::string_view, 9> kChargedToNames = {
    "address", "prefix", "session", "customer", "challenges", "unpaid", "unpaid_prefix", "misses", "prefix_misses"};
// Of these what a request weighs depends on what it would do; with all others each counts as one.
constexpr bool is_weighed(ChargedTo whom) { return whom < ChargedTo::kChallenges; }

enum class Mode : uint8_t {
  kOff,     // nothing is looked at
  kShadow,  // everything is counted as if it were enforced, and passes
  kEnforce,
};
inline constexpr std::array<std::string_view, 3> kModeNames = {"off", "shadow", "enforce"};

// When a stranger who wants to join or reserve has to bring a solved challenge (challenge.h).
enum class ChallengeWhen : uint8_t {
  kNever,
  kOverRate,  // in place of waiting for the rate of their address or network
  kAlways,
};
inline constexpr std::array<std::string_view, 3> kChallengeWhenNames = {"never", "over_rate", "always"};

// What becomes of whoever has to work before they join and can't: a page without scripts.
enum class WithoutScripts : uint8_t {
  kDelayed,
  kRefused,  // anybody can say that they can't work
};
inline constexpr std::array<std::string_view, 2> kWithoutScriptsNames = {"delayed", "refused"};

enum class Preset : uint8_t { kOpen, kDrop, kFortress };
inline constexpr std::array<std::string_view, 3> kPresetNames = {"open", "drop", "fortress"};

// How somebody from a country that a sale does not serve is refused.
enum class CountryRefusal : uint8_t {
  kForbidden,     // 403
  kLegalReasons,  // 451 (RFC 7725)
};
inline constexpr std::array<std::string_view, 2> kCountryRefusalNames = {"forbidden", "legal_reasons"};

struct Policy {
  Mode mode = Mode::kEnforce;
  ChallengeWhen challenge = ChallengeWhen::kNever;
  Work work;
  uint32_t busy_doublings = 1;     // of the work's cost, for everybody while the pool of challenges empties
  uint32_t suspect_doublings = 2;  // for those whose score asks for work
  uint32_t draw_seconds = 0;       // strangers join a draw in the last so many seconds before it; 0: whenever they like
  uint32_t draw_doublings = 1;     // and for those who do
  WithoutScripts without_scripts = WithoutScripts::kDelayed;
  std::array<Rate, kChargedToNames.size()> rates;
  std::array<uint32_t, platform::kActionNames.size()> weights;
  Scorecard scorecard;
  std::string model;  // the path of a model in the card's place; empty: none
  NetworkLists networks;
  std::vector<std::string> tool_fingerprints;
  CountryRefusal country_refusal = CountryRefusal::kForbidden;

  // Whether somebody may be asked to solve a challenge.
  [[nodiscard]] bool uses_challenges() const;
  [[nodiscard]] uint32_t suspects_cost() const { return work.cost << suspect_doublings; }
  [[nodiscard]] uint32_t draw_cost() const { return work.cost << draw_doublings; }
  [[nodiscard]] Works works() const;
  [[nodiscard]] const Rate& rate_of(ChargedTo whom) const { return rates[static_cast<size_t>(whom)]; }
  [[nodiscard]] uint32_t weight_of(platform::Action action) const { return weights[static_cast<size_t>(action)]; }
  bool operator==(const Policy&) const = default;
};

[[nodiscard]] std::optional<Preset> preset_named(std::string_view name);
[[nodiscard]] Policy policy_of(Preset preset);
// In a sentence or two, what it is for.
[[nodiscard]] std::string_view explain(Preset preset);

// A policy as it is written down. kInvalid lists all that is wrong, a line each, beginning with NAME:LINE where it has
// one: what is no TOML, what is not known, out of range, or contradicts itself.
[[nodiscard]] Result<Policy> parse_policy(std::string_view text, std::string_view name);

// As a file that says all of it, with what each setting means; read again it is the same.
[[nodiscard]] std::string print_policy(const Policy& policy, std::string_view head);

// `where` names a preset, or is the path of a file. A model is looked for beside that file; whether there is one that
// can be used, model_of() says (score_model.h).
[[nodiscard]] Result<Policy> load_policy(const std::string& where);

}  // namespace doorbuster::guard
