// Rules of a short link: where those visitors are sent of whom something is known.
//
//   [{"when": {"country": ["DE", "AT"], "device": ["phone"]}, "long_url": "https://shop.example/de/app"}]
//
// They are looked at in their order, and the first whose conditions all hold decides. A condition holds if one of the
// values that it lists does. They are stored as the text that the API shows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/json_writer.h"
#include "links/api/link_base.h"
#include "links/machine/click.h"
#include "net/networks.h"

namespace doorbuster::links {

inline constexpr size_t kRulesMax = 16;
inline constexpr size_t kConditionValuesMax = 64;
inline constexpr size_t kQueryTermBytesMax = 256;

// What is known of a visitor. Views into the request.
struct VisitorFacts {
  DeviceClass device = DeviceClass::kUnknown;
  Browser browser = Browser::kUnknown;
  System system = System::kUnknown;
  Country country = kUnknownCountry;
  std::string_view accept_language = {};
  net::PeerAddress address = {};
  std::string_view query = {};  // as it was sent, encoded
  Timestamp at = {};
};

enum class Condition : uint8_t { kDevice, kBrowser, kSystem, kLanguage, kCountry, kAddress, kQuery, kSince, kUntil };
inline constexpr std::array<std::string_view, 9> kConditionNames = {
    "device", "browser", "system", "language", "country", "address", "query", "since", "until"};
static_assert(kConditionNames.size() == static_cast<size_t>(Condition::kUntil) + 1);

class LinkRule {
 public:
  // What is wrong is refused there. `base`: what short links begin with, which it must not lead back to.
  [[nodiscard]] static LinkRule read(const JsonValue& value, const LinkBase& base);

  // The first condition that does not hold; nothing if the rule decides.
  [[nodiscard]] std::optional<Condition> first_unmet(const VisitorFacts& facts) const;
  [[nodiscard]] const std::string& long_url() const { return long_url_; }

  void write(JsonWriter& json) const;
  // What the condition asks for, such as `["DE","AT"]`. Asserts that the rule has it.
  void write_wanted(JsonWriter& json, Condition condition) const;

 private:
  // A name that the query has to have; with a value, this one.
  struct QueryTerm {
    std::string name;
    std::optional<std::string> value;
  };

  void read_texts(const JsonValue& value, Condition condition);
  void take_text(const JsonValue& item, Condition condition);
  [[nodiscard]] bool holds(Condition condition, const VisitorFacts& facts) const;
  [[nodiscard]] bool has(Condition condition) const;

  // Of a condition that the rule does not have, nothing.
  uint32_t devices_ = 0;  // bits, by the enumeration's values
  uint32_t browsers_ = 0;
  uint32_t systems_ = 0;
  std::vector<std::string> languages_;
  std::vector<Country> countries_;
  std::vector<std::string> address_texts_;
  net::Networks addresses_;
  std::vector<QueryTerm> query_;
  std::optional<Timestamp> since_;
  std::optional<Timestamp> until_;
  std::string long_url_;
};

using LinkRules = std::vector<LinkRule>;

// Those of a request, an array or null: what is wrong is refused there.
[[nodiscard]] LinkRules read_rules(const JsonValue& value, const LinkBase& base);
// As they are stored and shown; empty if there are none.
[[nodiscard]] std::string write_rules(const LinkRules& rules);
// Of what is stored. kCorrupt if it is not what write_rules() wrote.
[[nodiscard]] Result<LinkRules> stored_rules(std::string_view text);

}  // namespace doorbuster::links
