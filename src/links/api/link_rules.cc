#include "links/api/link_rules.h"

#include <algorithm>
#include <span>

#include "base/assert.h"
#include "links/api/accept_language.h"
#include "links/api/long_url.h"
#include "net/text.h"

namespace doorbuster::links {
namespace {

// More than a link's rules need, however long their addresses are.
constexpr JsonLimits kStoredRules = {.max_bytes = size_t{1} << 20};

template <size_t N>
std::string list_of(const std::array<std::string_view, N>& names) {
  std::string list;
  for (size_t i = 0; i < N; ++i) list.append(i == 0 ? "" : i + 1 < N ? ", " : " or ").append(names[i]);
  return list;
}

template <size_t N>
uint32_t bit_of(const JsonValue& item, const std::array<std::string_view, N>& names) {
  static_assert(N <= 32);
  const auto* const found = std::ranges::find(names, item.string());
  if (found != names.end()) return uint32_t{1} << (found - names.begin());
  item.refuse("must be " + list_of(names));
  return 0;
}

template <size_t N>
void write_bits(JsonWriter& json, uint32_t bits, const std::array<std::string_view, N>& names) {
  json.begin_array();
  for (size_t i = 0; i < N; ++i) {
    if ((bits >> i & 1) != 0) json.value(names[i]);
  }
  json.end_array();
}

template <class Enum>
bool has_bit(uint32_t bits, Enum value) {
  return (bits >> static_cast<unsigned>(value) & 1) != 0;
}

// Whether an encoded part of a query says this.
bool says(std::string_view encoded, std::string_view text) {
  std::array<char, kQueryTermBytesMax> decoded;
  return net::percent_decode(encoded, decoded, net::PlusSign::kSpace) == text;
}

}  // namespace

LinkRule LinkRule::read(const JsonValue& value, const LinkBase& base) {
  LinkRule rule;
  const JsonObject root = value.object();
  const JsonObject when = root.required("when", "the conditions under which the rule decides").object();
  bool has_conditions = false;
  for (size_t i = 0; i < kConditionNames.size(); ++i) {
    const JsonValue condition = when.optional(kConditionNames[i]);
    if (!condition.present()) continue;
    has_conditions = true;
    rule.read_texts(condition, static_cast<Condition>(i));
  }
  if (value.present() && !has_conditions) {
    value.refuse("must have at least one condition in `when`: " + list_of(kConditionNames) +
                 ". Where all others are led is the link's own long_url");
  }
  if (rule.since_ && rule.until_ && *rule.until_ <= *rule.since_)
    when.optional("until").refuse("must be later than since");
  rule.long_url_ = read_long_url(root.required("long_url", "where the rule leads"), base);
  return rule;
}

void LinkRule::read_texts(const JsonValue& value, Condition condition) {
  if (condition == Condition::kSince) {
    since_ = value.time();
  } else if (condition == Condition::kUntil) {
    until_ = value.time();
  } else {
    const JsonArray items = value.array(kConditionValuesMax);
    if (items.size() == 0) value.refuse("must be a list of at least one");
    items.each([&](const JsonValue& item) { take_text(item, condition); });
    if (condition != Condition::kAddress) return;
    auto networks = net::Networks::make(address_texts_);
    if (networks) addresses_ = *std::move(networks);
  }
}

void LinkRule::take_text(const JsonValue& item, Condition condition) {
  const auto text = [&](size_t bytes_max) { return item.string({.min_bytes = 1, .max_bytes = bytes_max}); };
  switch (condition) {
    case Condition::kDevice:
      devices_ |= bit_of(item, kDeviceClassNames);
      break;
    case Condition::kBrowser:
      browsers_ |= bit_of(item, kBrowserNames);
      break;
    case Condition::kSystem:
      systems_ |= bit_of(item, kSystemNames);
      break;
    case Condition::kLanguage:
      languages_.emplace_back(text(64));
      if (!is_language_range(languages_.back())) item.refuse("must be a language such as de, en-GB or zh-Hant");
      break;
    case Condition::kCountry: {
      const std::string_view code = text(2);
      const Country country = code.size() == 2 ? Country{code[0], code[1]} : Country{};
      if (!is_country(country)) item.refuse("must be a country's two capitals (ISO 3166-1) such as DE; ZZ is unknown");
      countries_.push_back(country);
      break;
    }
    case Condition::kAddress: {
      address_texts_.emplace_back(text(64));
      const auto network = net::parse_network(address_texts_.back());
      if (!network) item.refuse(network.error().message);
      break;
    }
    case Condition::kQuery: {
      const std::string_view term = text(kQueryTermBytesMax);
      const size_t equals = term.find('=');
      if (equals == 0) item.refuse("must be a parameter's name, or name=value");
      query_.push_back({.name = std::string(term.substr(0, equals)), .value = {}});
      if (equals != std::string_view::npos) query_.back().value = std::string(term.substr(equals + 1));
      break;
    }
    case Condition::kSince:
    case Condition::kUntil:
      break;  // no lists
  }
}

bool LinkRule::has(Condition condition) const {
  switch (condition) {
    case Condition::kDevice:
      return devices_ != 0;
    case Condition::kBrowser:
      return browsers_ != 0;
    case Condition::kSystem:
      return systems_ != 0;
    case Condition::kLanguage:
      return !languages_.empty();
    case Condition::kCountry:
      return !countries_.empty();
    case Condition::kAddress:
      return !address_texts_.empty();
    case Condition::kQuery:
      return !query_.empty();
    case Condition::kSince:
      return since_.has_value();
    case Condition::kUntil:
      return until_.has_value();
  }
  return false;
}

bool LinkRule::holds(Condition condition, const VisitorFacts& facts) const {
  switch (condition) {
    case Condition::kDevice:
      return has_bit(devices_, facts.device);
    case Condition::kBrowser:
      return has_bit(browsers_, facts.browser);
    case Condition::kSystem:
      return has_bit(systems_, facts.system);
    case Condition::kLanguage:
      return likes_best(facts.accept_language, [this](std::string_view language) {
        return std::ranges::any_of(languages_, [&](const auto& range) { return is_in_range(language, range); });
      });
    case Condition::kCountry:
      return std::ranges::find(countries_, facts.country) != countries_.end();
    case Condition::kAddress:
      return addresses_.contain(facts.address);
    case Condition::kQuery:
      for (std::string_view rest = facts.query; !rest.empty();) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
        const auto is_said = [&](const QueryTerm& term) {
          return says(pair.substr(0, equals), term.name) && (!term.value || says(value, *term.value));
        };
        if (std::ranges::any_of(query_, is_said)) return true;
      }
      return false;
    case Condition::kSince:
      return facts.at >= *since_;
    case Condition::kUntil:
      return facts.at < *until_;
  }
  return false;
}

std::optional<Condition> LinkRule::first_unmet(const VisitorFacts& facts) const {
  for (size_t i = 0; i < kConditionNames.size(); ++i) {
    const auto condition = static_cast<Condition>(i);
    if (has(condition) && !holds(condition, facts)) return condition;
  }
  return std::nullopt;
}

void LinkRule::write_wanted(JsonWriter& json, Condition condition) const {
  ASSERT(has(condition));
  if (condition == Condition::kSince || condition == Condition::kUntil) {
    json.value(condition == Condition::kSince ? *since_ : *until_);
  } else if (condition == Condition::kDevice) {
    write_bits(json, devices_, kDeviceClassNames);
  } else if (condition == Condition::kBrowser) {
    write_bits(json, browsers_, kBrowserNames);
  } else if (condition == Condition::kSystem) {
    write_bits(json, systems_, kSystemNames);
  } else {
    json.begin_array();
    if (condition == Condition::kLanguage) {
      for (const std::string& language : languages_) json.value(language);
    } else if (condition == Condition::kCountry) {
      for (const Country& country : countries_) json.value(std::string_view(country.data(), country.size()));
    } else if (condition == Condition::kAddress) {
      for (const std::string& address : address_texts_) json.value(address);
    } else {
      for (const QueryTerm& term : query_) json.value(term.name + (term.value ? "=" + *term.value : ""));
    }
    json.end_array();
  }
}

void LinkRule::write(JsonWriter& json) const {
  json.begin_object().key("when").begin_object();
  for (size_t i = 0; i < kConditionNames.size(); ++i) {
    if (!has(static_cast<Condition>(i))) continue;
    json.dynamic_key(kConditionNames[i]);
    write_wanted(json, static_cast<Condition>(i));
  }
  json.end_object().member("long_url", long_url_).end_object();
}

LinkRules read_rules(const JsonValue& value, const LinkBase& base) {
  LinkRules rules;
  if (value.is_null()) return rules;
  value.array(kRulesMax).each([&](const JsonValue& rule) { rules.push_back(LinkRule::read(rule, base)); });
  return rules;
}

std::string write_rules(const LinkRules& rules) {
  std::string text;
  if (rules.empty()) return text;
  JsonWriter json(text);
  json.begin_array();
  for (const LinkRule& rule : rules) rule.write(json);
  json.end_array();
  return text;
}

Result<LinkRules> stored_rules(std::string_view text) {
  if (text.empty()) return LinkRules();
  JsonDocument document(text, kStoredRules);
  LinkRules rules = read_rules(document.value(), LinkBase());
  if (const auto read = document.finish(); !read)
    return fail(ErrorCode::kCorrupt, "the rules of a link can't be read: " + read.error().message);
  return rules;
}

}  // namespace doorbuster::links
