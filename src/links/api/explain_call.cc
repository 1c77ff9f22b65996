// GET /api/v1/urls/{code}/explain: who would be sent where, and why.
#include <algorithm>
#include <array>

#include "links/api/link_calls.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using platform::Call;

// A visitor as the query describes them.
struct Described {
  std::array<std::string, 6> texts;  // in the order of kDescriptionNames
  bool has_address = false;
  net::PeerAddress address = {};
  Country country = kUnknownCountry;
  Timestamp at = {};

  [[nodiscard]] const std::string& user_agent() const { return texts[0]; }
  [[nodiscard]] const std::string& accept_language() const { return texts[1]; }
  [[nodiscard]] const std::string& query() const { return texts[4]; }
};
constexpr std::array<std::string_view, 6> kDescriptionNames = {"user_agent", "accept_language", "country",
                                                               "address",    "query",           "at"};
constexpr size_t kDescriptionBytesMax = 4'096;

std::optional<Described> refuse_description(const Call& call, std::string_view detail) {
  platform::respond_invalid(call.exchange, call.request.path(), detail);
  return std::nullopt;
}

// Answers 400 and returns nothing if it can't be read.
std::optional<Described> described_in(const Call& call) {
  Described visitor{.at = call.now};
  for (size_t i = 0; i < kDescriptionNames.size(); ++i) {
    const auto text = call.request.query_parameter(kDescriptionNames[i]);
    std::array<char, kDescriptionBytesMax> decoded;
    const auto value = text ? net::percent_decode(*text, decoded, net::PlusSign::kSpace) : std::string_view();
    if (!value) return refuse_description(call, std::string(kDescriptionNames[i]) + " has broken escapes.");
    visitor.texts[i] = *value;
  }
  const auto& [user_agent, accept_language, country, address, query, at] = visitor.texts;
  if (!country.empty()) {
    const Country named = country.size() == 2 ? Country{country[0], country[1]} : Country{};
    if (!is_country(named)) return refuse_description(call, "country is two capitals, such as DE.");
    visitor.country = named;
  }
  if (!address.empty()) {
    const auto parsed = net::parse_address(address);
    if (!parsed) return refuse_description(call, "address is an IPv4 or IPv6 address.");
    visitor.address = *parsed;
    visitor.has_address = true;
  }
  if (!at.empty()) {
    const auto parsed = parse_rfc3339(at);
    if (!parsed) return refuse_description(call, "at is a moment, such as 2026-11-27T10:00:00Z.");
    visitor.at = *parsed;
  }
  return visitor;
}

std::string_view standing_of(const Link& link, Timestamp at) {
  if (link.valid_since && *link.valid_since > at) return "not_yet_valid";
  return link.expires_at && *link.expires_at <= at ? "expired" : "open";
}

void write_seen(JsonWriter& json, Condition condition, const VisitorFacts& facts) {
  switch (condition) {
    case Condition::kDevice:
      json.value(kDeviceClassNames[static_cast<size_t>(facts.device)]);
      break;
    case Condition::kBrowser:
      json.value(kBrowserNames[static_cast<size_t>(facts.browser)]);
      break;
    case Condition::kSystem:
      json.value(kSystemNames[static_cast<size_t>(facts.system)]);
      break;
    case Condition::kLanguage:
      json.value(facts.accept_language);
      break;
    case Condition::kCountry:
      json.value(std::string_view(facts.country.data(), facts.country.size()));
      break;
    case Condition::kAddress:
      json.value(facts.address.text());
      break;
    case Condition::kQuery:
      json.value(facts.query);
      break;
    case Condition::kSince:
    case Condition::kUntil:
      json.value(facts.at);
      break;
  }
}

// The rules up to the one that decides, and of those before it what did not hold.
void write_rules_looked_at(JsonWriter& json, const Routing& routing, const VisitorFacts& facts) {
  json.key("rules").begin_array();
  for (size_t i = 0; i < routing.rules().size(); ++i) {
    const LinkRule& rule = routing.rules()[i];
    const auto unmet = rule.first_unmet(facts);
    json.begin_object().member("rule", i).member("decides", !unmet);
    json.member("unmet", unmet ? std::optional(kConditionNames[static_cast<size_t>(*unmet)]) : std::nullopt);
    if (unmet) {
      rule.write_wanted(json.key("wanted"), *unmet);
      write_seen(json.key("seen"), *unmet, facts);
    }
    json.end_object();
    if (!unmet) break;
  }
  json.end_array();
}

// Of whom it is not known who they are, it is not known which variant they get.
void write_where(JsonWriter& json, const Link& link, const Routing& routing, const Routing::Choice& choice,
                 const Described& visitor, bool is_told_apart) {
  const LinkRule* first = routing.rules().data();
  json.member("rule", choice.rule == nullptr ? std::nullopt : std::optional(choice.rule - first));
  const bool is_by_chance = choice.variant != nullptr && !is_told_apart;
  json.member("variant",
              choice.variant == nullptr || is_by_chance ? std::nullopt : std::optional(choice.variant->name));
  json.member("destination",
              is_by_chance ? std::nullopt : std::optional(routing.destination_of(choice, visitor.query())));
  json.key("chances").begin_array();
  if (choice.variant != nullptr) {
    for (const Variant& variant : link.variants) {
      const double chance = static_cast<double>(variant.weight) / static_cast<double>(routing.weight());
      json.begin_object().member("name", variant.name).member("chance", chance).end_object();
    }
  }
  json.end_array();
}

}  // namespace

void explain_link(const Call& call, LinkCallers& callers, const LinkStore& store, ClickReader& reader,
                  const LinkBase& base) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto visitor = described_in(call);
  if (!visitor) return;
  const auto link = link_in_path(call, *caller, store, base);
  if (!link) return;
  const auto routing = Routing::with_all(*link);
  if (!routing) return respond_store_failed(call, routing.error());
  const Click click = reader.imagine(visitor->user_agent(), visitor->address, visitor->at);
  const VisitorFacts facts{.device = click.device,
                           .browser = click.browser,
                           .system = click.system,
                           .country = visitor->country,
                           .accept_language = visitor->accept_language(),
                           .address = visitor->address,
                           .query = visitor->query(),
                           .at = visitor->at};
  const bool is_told_apart = visitor->has_address && click.visitor_hash != kNoVisitorHash;
  const auto choice = (*routing)->choose(facts, click.visitor_hash);
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_name(json, link->code);
  json.member("status", standing_of(*link, facts.at));
  json.member("has_password", !link->password_hash.empty()).member("max_visits", link->visits_max);
  json.key("visitor").begin_object();
  json.member("kind", kVisitorNames[static_cast<size_t>(click.visitor)]);
  for (const Condition condition : {Condition::kDevice, Condition::kBrowser, Condition::kSystem, Condition::kCountry})
    write_seen(json.dynamic_key(kConditionNames[static_cast<size_t>(condition)]), condition, facts);
  json.end_object();
  write_rules_looked_at(json, **routing, facts);
  write_where(json, *link, **routing, choice, *visitor, is_told_apart);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::links
