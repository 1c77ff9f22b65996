#include "sale/api/parse_settings.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/json.h"

namespace doorbuster::sale {
namespace {

constexpr IntegerRule kUnitsRule = {.min = 1, .max = kMaxUnits, .needs = "a sale needs 1 to 10,000,000 units"};
constexpr IntegerRule kPerCustomerRule = {
    .min = 1, .max = kMaxPerCustomer, .needs = "a customer may have 1 to 100 units"};
constexpr IntegerRule kSecondsRule = {
    .min = 1, .max = kMaxSeconds, .needs = "1 to 2,592,000 seconds (30 days) are possible"};
constexpr IntegerRule kGraceRule = {
    .min = 0, .max = kMaxSeconds, .needs = "0 to 2,592,000 seconds (30 days) are possible"};
constexpr IntegerRule kOutflowRule = {
    .min = 1, .max = kMaxOutflowPerMinute, .needs = "1 to 10,000,000 offers a minute, or null for no limit"};
constexpr StringRule kTitleRule = {.min_bytes = 1, .max_bytes = 200, .needs = "a title is 1 to 200 bytes long"};
constexpr StringRule kReasonRule = {.min_bytes = 0, .max_bytes = 500};
constexpr std::array<std::string_view, 4> kQueueNames = {"none", "fifo", "draw", "pass"};

bool is_id(std::string_view id) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), good) && id.front() != '-' &&
         id.back() != '-';
}

uint32_t count(const JsonValue& value, const IntegerRule& rule, uint32_t fallback) {
  return static_cast<uint32_t>(value.integer(rule, fallback));
}

std::string text(const JsonValue& value, const StringRule& rule) { return std::string(value.string(rule)); }

Item read_item(const JsonObject& item) {
  return {.sku = text(item.optional("sku"), {.max_bytes = 64}),
          .title = text(item.optional("title"), {.max_bytes = 200}),
          .image_url = text(item.optional("image_url"), {.max_bytes = 2'048}),
          .description = text(item.optional("description"), {.max_bytes = 4'096})};
}

Money read_price(const JsonValue& value) {
  const JsonObject price = value.object();
  Money money;
  money.amount = price.required("amount", "minor units of the currency, such as cents")
                     .integer({.min = 0, .max = 1'000'000'000'000});
  const JsonValue code = price.required("currency", "three letters such as USD (ISO 4217)");
  money.currency = Currency(code.string({.min_bytes = 3, .max_bytes = 3}));
  if (!money.currency.valid()) {
    code.refuse("a currency is three capital letters, such as USD (ISO 4217)");
  } else if (!money.currency.minor_digits()) {
    code.refuse("ISO 4217 has no such currency");
  }
  return money;
}

template <class T, class Read>
std::optional<T> if_present(const JsonValue& value, Read&& read) {
  return value.present() ? std::optional<T>(read(value)) : std::nullopt;
}

// A member that may be null, which takes the setting away.
template <class T, class Read>
std::optional<std::optional<T>> clearable(const JsonValue& value, Read&& read) {
  if (!value.present()) return std::nullopt;
  return value.is_null() ? std::optional<T>() : std::optional<T>(read(value));
}

constexpr std::string_view kBeaconNeeds =
    R"(the round of a public beacon: {"source": "drand-quicknet", "round": 14212345, "published_at": "..."})";

Beacon read_beacon(const JsonValue& value) {
  const JsonObject beacon = value.object();
  const JsonValue source = beacon.required("source", kBeaconNeeds);
  Beacon named;
  named.source = text(source, {.max_bytes = kBeaconSourceBytesMax});
  if (!is_beacon_source(named.source)) source.refuse("a beacon's source is 1 to 64 of a-z, 0-9, '.' and '-'");
  named.round = static_cast<uint64_t>(
      beacon.required("round", kBeaconNeeds).integer({.min = 1, .needs = "a beacon's rounds count from 1"}, 1));
  named.published_at = beacon.required("published_at", "when the beacon makes that round public").time();
  return named;
}

int32_t read_more_units(const JsonValue& value) {
  constexpr int64_t kMost = kMaxUnits;
  const auto more = static_cast<int32_t>(
      value.integer({.min = -kMost, .max = kMost, .needs = "so many units more: 1 to 10,000,000, or less than 0"}));
  if (more == 0) value.refuse("0 more changes nothing: so many units more, or, with a minus, fewer");
  return more;
}

Timestamp read_time(const JsonValue& value) { return value.time(); }
uint32_t read_outflow(const JsonValue& value) { return count(value, kOutflowRule, 0); }

std::string read_message(const JsonValue& value) {
  std::string message = value.is_null() ? std::string() : text(value, {});
  if (!is_message(message)) {
    value.refuse("a message has at most 500 characters, and no control characters but line breaks (\\n)");
  }
  return message;
}

std::vector<Country> read_countries(const JsonValue& value) {
  std::vector<Country> countries;
  value.array(kMaxCountries).each([&](const JsonValue& item) {
    const std::string_view code = item.string({.min_bytes = 2, .max_bytes = 2});
    const Country country = code.size() == 2 ? Country{code[0], code[1]} : Country{};
    if (!is_country(country)) item.refuse("a country is two capital letters, such as DE (ISO 3166-1), or ZZ: unknown");
    countries.push_back(country);
  });
  return countries;
}

std::string slug_of(std::string_view title) {
  std::string slug;
  for (const char c : title.substr(0, 40)) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (plain) slug += lower;
    if (!plain && !slug.empty() && slug.back() != '-') slug += '-';
  }
  return slug;
}

void read_id(const JsonValue& value, Settings& settings, std::string_view fallback) {
  if (!value.present()) {
    std::string slug = slug_of(settings.title);
    if (!slug.empty() && slug.back() != '-') slug += '-';
    settings.id = slug + std::string(fallback);
    return;
  }
  settings.id = text(value, {.max_bytes = 64});
  if (!is_id(settings.id)) value.refuse("an id is 1 to 64 of a-z, 0-9 and '-', and does not begin or end with '-'");
}

}  // namespace

Result<NewSale> parse_new_sale(std::string_view body, std::string_view fallback_id) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  NewSale sale;
  Settings& settings = sale.settings;
  settings.title = text(root.required("title", "what is on sale, in words"), kTitleRule);
  read_id(root.optional("id"), settings, fallback_id);
  settings.units = count(root.required("units", kUnitsRule.needs), kUnitsRule, 1);
  settings.opens_at = root.required("opens_at", "when the sale opens, for example \"2026-11-27T10:00:00Z\"").time();
  settings.item = read_item(root.optional("item").object());
  settings.price = clearable<Money>(root.optional("price"), read_price).value_or(std::nullopt);
  settings.per_customer = count(root.optional("per_customer"), kPerCustomerRule, settings.per_customer);
  settings.queue = root.optional("queue").one_of(kQueueNames, settings.queue);
  settings.guests = root.optional("guests").boolean(false);
  settings.closes_at = clearable<Timestamp>(root.optional("closes_at"), read_time).value_or(std::nullopt);
  settings.prequeue_opens_at =
      clearable<Timestamp>(root.optional("prequeue_opens_at"), read_time).value_or(std::nullopt);
  settings.claim_seconds = count(root.optional("claim_seconds"), kSecondsRule, settings.claim_seconds);
  settings.hold_seconds = count(root.optional("hold_seconds"), kSecondsRule, settings.hold_seconds);
  settings.payment_grace_seconds =
      count(root.optional("payment_grace_seconds"), kGraceRule, settings.payment_grace_seconds);
  settings.outflow_per_minute =
      clearable<uint32_t>(root.optional("outflow_per_minute"), read_outflow).value_or(std::nullopt);
  settings.entry_rules.review = root.optional("review").boolean(false);
  settings.entry_rules.allowed_countries = read_countries(root.optional("allowed_countries"));
  settings.entry_rules.denied_countries = read_countries(root.optional("denied_countries"));
  sale.beacon = clearable<Beacon>(root.optional("beacon"), read_beacon).value_or(std::nullopt);
  sale.draft = root.optional("draft").boolean(false);
  sale.reason = text(root.optional("reason"), kReasonRule);
  TRY(document.finish());
  const std::string wrong = validate(settings, sale.beacon);
  if (!wrong.empty()) return fail(ErrorCode::kInvalid, wrong);
  return sale;
}

Result<SaleChange> parse_sale_change(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  SaleChange change;
  SettingsPatch& patch = change.patch;
  const auto seconds = [](const IntegerRule& rule) {
    return [&rule](const JsonValue& value) { return count(value, rule, 1); };
  };
  patch.title =
      if_present<std::string>(root.optional("title"), [](const JsonValue& value) { return text(value, kTitleRule); });
  patch.item =
      if_present<Item>(root.optional("item"), [](const JsonValue& value) { return read_item(value.object()); });
  patch.price = if_present<Money>(root.optional("price"), read_price);
  patch.units = if_present<uint32_t>(root.optional("units"), seconds(kUnitsRule));
  const JsonValue more_units = root.optional("more_units");
  patch.more_units = if_present<int32_t>(more_units, read_more_units);
  if (patch.units && patch.more_units) more_units.refuse("say `units`, the new total, or `more_units`, but not both");
  patch.per_customer = if_present<uint32_t>(root.optional("per_customer"), seconds(kPerCustomerRule));
  patch.guests = if_present<bool>(root.optional("guests"), [](const JsonValue& value) { return value.boolean(); });
  patch.opens_at = if_present<Timestamp>(root.optional("opens_at"), read_time);
  patch.closes_at = clearable<Timestamp>(root.optional("closes_at"), read_time);
  patch.prequeue_opens_at = clearable<Timestamp>(root.optional("prequeue_opens_at"), read_time);
  patch.claim_seconds = if_present<uint32_t>(root.optional("claim_seconds"), seconds(kSecondsRule));
  patch.hold_seconds = if_present<uint32_t>(root.optional("hold_seconds"), seconds(kSecondsRule));
  patch.payment_grace_seconds = if_present<uint32_t>(root.optional("payment_grace_seconds"), seconds(kGraceRule));
  patch.outflow_per_minute = clearable<uint32_t>(root.optional("outflow_per_minute"), read_outflow);
  patch.review = if_present<bool>(root.optional("review"), [](const JsonValue& value) { return value.boolean(); });
  patch.allowed_countries = if_present<std::vector<Country>>(root.optional("allowed_countries"), read_countries);
  patch.denied_countries = if_present<std::vector<Country>>(root.optional("denied_countries"), read_countries);
  change.message = if_present<std::string>(root.optional("message"), read_message);
  root.optional("id").refuse("a sale keeps its id: create another sale instead");
  root.optional("queue").refuse("a sale keeps its kind of queue: create another sale instead");
  root.optional("beacon").refuse("a sale keeps its beacon from its creation on: create another sale instead");
  const JsonValue draft = root.optional("draft");
  change.publish = draft.present();
  if (draft.present() && draft.boolean(false))
    draft.refuse("a sale can be published with false, but not become a draft again");
  change.reason = text(root.optional("reason"), kReasonRule);
  TRY(document.finish());
  const bool changes_something = patch.any() || change.message;
  if (!changes_something && !change.publish)
    return fail(ErrorCode::kInvalid, "there is nothing to change: name at least one setting");
  if (changes_something && change.publish) {
    return fail(ErrorCode::kInvalid, "/draft: publish in a call of its own, after the settings are right");
  }
  return change;
}

Result<BeaconRound> parse_beacon_round(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  BeaconRound round;
  const JsonValue value = root.required("value", "the value of the beacon's round, in hexadecimal");
  const std::string_view hex = value.string({.max_bytes = 2 * kDrawBeaconBytesMax});
  round.value.resize(hex.size() / 2);
  const bool is_hex = !hex.empty() && from_hex(hex, std::as_writable_bytes(std::span(round.value)));
  if (!is_hex) value.refuse("a beacon's value is 1 to 64 bytes, in hexadecimal");
  round.reason = text(root.optional("reason"), kReasonRule);
  TRY(document.finish());
  return round;
}

Result<std::string> parse_reason(std::string_view body) {
  if (body.empty()) return std::string();
  JsonDocument document(body);
  std::string reason = text(document.root().optional("reason"), kReasonRule);
  TRY(document.finish());
  return reason;
}

}  // namespace doorbuster::sale
