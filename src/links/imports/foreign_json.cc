// Links as the APIs of other products answer them. Where each is documented: docs/links-compared.md.
#include <algorithm>

#include "base/json.h"
#include "links/imports/foreign_link.h"
#include "links/views/clicks_by_time.h"

namespace doorbuster::links {
namespace {

constexpr JsonLimits kRowLimits = {.max_bytes = kImportRowBytesMax, .max_depth = 32};
constexpr StringRule kAnyText = {.max_bytes = kImportRowBytesMax};

// Some write numbers as texts: each of them all of the time.
enum class Numbers : uint8_t { kPlain, kTexts };

bool is_said(const JsonValue& value) { return value.present() && !value.is_null(); }

std::string text_in(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.optional(name);
  return is_said(value) ? std::string(value.string(kAnyText)) : std::string();
}

// The first of them that says something.
std::string first_text_in(const JsonObject& object, std::initializer_list<std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    if (std::string found = text_in(object, name); text.empty()) text = std::move(found);
  }
  return text;
}

std::optional<Timestamp> time_of(const JsonValue& value, const TimeZone& zone) {
  if (!is_said(value)) return std::nullopt;
  const std::string_view text = value.string(kAnyText);
  if (text.empty()) return std::nullopt;
  const auto at = read_foreign_time(text, zone);
  if (at) return *at;
  value.refuse(at.error().message);
  return std::nullopt;
}

std::optional<uint64_t> count_of(const JsonValue& value, Numbers numbers = Numbers::kPlain) {
  if (!is_said(value)) return std::nullopt;
  if (numbers == Numbers::kPlain) return static_cast<uint64_t>(value.integer({.min = 0, .max = kImportedClicksMax}));
  JsonDocument number(value.string(kAnyText));
  const int64_t count = number.value().integer({.min = 0, .max = kImportedClicksMax});
  if (!number.finish()) value.refuse("is no number of clicks");
  return static_cast<uint64_t>(count);
}

bool is_true(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.optional(name);
  return is_said(value) && value.boolean();
}

void add_tag(const JsonValue& tag, std::vector<std::string>& tags) { tags.emplace_back(tag.string(kAnyText)); }

std::vector<std::string> texts_in(const JsonObject& object, std::string_view name) {
  std::vector<std::string> texts;
  const JsonValue value = object.optional(name);
  if (is_said(value)) value.array(kImportedTagsMax).each([&](const JsonValue& text) { add_tag(text, texts); });
  return texts;
}

// Object or array with something in it.
bool has_members(const JsonObject& object, std::string_view name) {
  bool any = false;
  const JsonValue value = object.optional(name);
  if (is_said(value)) value.object().each([&](std::string_view, const JsonValue& member) { any |= is_said(member); });
  return any;
}
bool has_items(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.optional(name);
  return is_said(value) && value.array(kImportedTagsMax).size() > 0;
}

void set_clicks(ForeignLink& link, uint64_t people, uint64_t bots = 0) {
  if (people + bots > 0) link.clicks.push_back({.by_visitor = {people, bots}});
}

void read_shlink(const JsonObject& root, const TimeZone& zone, ForeignLink& link) {
  link.code = root.required("shortCode").string(kAnyText);
  link.long_url = root.required("longUrl").string(kAnyText);
  link.domain = parts_of_short_url(text_in(root, "shortUrl")).domain;
  if (const std::string domain = text_in(root, "domain"); !domain.empty())
    link.domain = parts_of_short_url(domain).domain;
  link.title = text_in(root, "title");
  link.tags = texts_in(root, "tags");
  link.created_at = time_of(root.optional("dateCreated"), zone);
  if (const JsonValue value = root.optional("meta"); is_said(value)) {
    const JsonObject meta = value.object();
    link.valid_since = time_of(meta.optional("validSince"), zone);
    link.expires_at = time_of(meta.optional("validUntil"), zone);
    link.visits_max = count_of(meta.optional("maxVisits"));
  }
  uint64_t visits = count_of(root.optional("visitsCount")).value_or(0);
  uint64_t bots = 0;
  if (const JsonValue value = root.optional("visitsSummary"); is_said(value)) {
    const JsonObject summary = value.object();
    visits = count_of(summary.optional("total")).value_or(0);
    bots = std::min(count_of(summary.optional("bots")).value_or(0), visits);
  }
  set_clicks(link, visits - bots, bots);
  link.visits_used = visits;
  if (is_true(root, "hasRedirectRules") || has_members(root, "deviceLongUrls")) link.lacks.push_back(Lack::kRules);
  link.forward_query = is_true(root, "forwardQuery");
}

void read_kutt(const JsonObject& root, const TimeZone& zone, ForeignLink& link) {
  link.code = root.required("address").string(kAnyText);
  link.long_url = root.required("target").string(kAnyText);
  const std::string domain = text_in(root, "domain");
  link.domain = parts_of_short_url(domain.empty() ? text_in(root, "link") : domain).domain;
  link.title = text_in(root, "description");
  link.created_at = time_of(root.optional("created_at"), zone);
  link.expires_at = time_of(root.optional("expire_in"), zone);
  set_clicks(link, count_of(root.optional("visit_count")).value_or(0));
  link.is_banned = is_true(root, "banned");
  if (is_true(root, "password")) link.lacks.push_back(Lack::kPassword);
}

void read_yourls(const JsonObject& root, const TimeZone& zone, Numbers numbers, ForeignLink& link) {
  const std::string short_url(root.required("shorturl").string(kAnyText));
  const ShortUrlParts parts = parts_of_short_url(short_url);
  link.domain = parts.domain;
  link.code = parts.code.substr(parts.code.rfind('/') + 1);  // it may be installed in a folder
  link.long_url = root.required("url").string(kAnyText);
  link.title = text_in(root, "title");
  link.created_at = time_of(root.optional("timestamp"), zone);
  set_clicks(link, count_of(root.optional("clicks"), numbers).value_or(0));
}

// Clicks by day, as GET /v4/bitlinks/{bitlink}/clicks answers them; what `clicks` says beyond them has no day.
void read_bitly_clicks(const JsonObject& root, const TimeZone& zone, ForeignLink& link) {
  uint64_t known = 0;
  if (const JsonValue days = root.optional("link_clicks"); is_said(days)) {
    days.array(kImportedDaysMax).each([&](const JsonValue& value) {
      const JsonObject day = value.object();
      const auto at = time_of(day.required("date"), zone);
      const uint64_t clicks = count_of(day.required("clicks")).value_or(0);
      if (at && clicks > 0) link.clicks.push_back({.day = day_of(*at), .by_visitor = {clicks, 0}});
      known += clicks;
    });
  }
  const uint64_t all = count_of(root.optional("clicks")).value_or(0);
  if (all > known) set_clicks(link, all - known);
}

void read_bitly(const JsonObject& root, const TimeZone& zone, ForeignLink& link) {
  const std::string short_url = first_text_in(root, {"id", "link"});
  const ShortUrlParts parts = parts_of_short_url(short_url);
  link.code = parts.code;
  link.domain = parts.domain;
  link.long_url = root.required("long_url").string(kAnyText);
  link.title = text_in(root, "title");
  link.tags = texts_in(root, "tags");
  link.created_at = time_of(root.optional("created_at"), zone);
  for (const std::string& custom : texts_in(root, "custom_bitlinks")) {
    std::string code(parts_of_short_url(custom).code);
    if (code != link.code) link.more_codes.push_back(std::move(code));
  }
  read_bitly_clicks(root, zone, link);
  if (has_items(root, "deeplinks")) link.lacks.push_back(Lack::kAppLinks);
}

void read_dub(const JsonObject& root, const TimeZone& zone, ForeignLink& link) {
  link.code = root.required("key").string(kAnyText);
  link.long_url = root.required("url").string(kAnyText);
  link.domain = parts_of_short_url(text_in(root, "domain")).domain;
  link.title = text_in(root, "title");
  if (const JsonValue tags = root.optional("tags"); is_said(tags)) {
    tags.array(kImportedTagsMax).each([&](const JsonValue& tag) { add_tag(tag.object().required("name"), link.tags); });
  }
  link.created_at = time_of(root.optional("createdAt"), zone);
  link.expires_at = time_of(root.optional("expiresAt"), zone);
  set_clicks(link, count_of(root.optional("clicks")).value_or(0));
  if (!text_in(root, "password").empty()) link.lacks.push_back(Lack::kPassword);
  const bool has_devices = !text_in(root, "ios").empty() || !text_in(root, "android").empty();
  if (has_members(root, "geo") || has_devices) link.lacks.push_back(Lack::kRules);
  if (has_items(root, "testVariants")) link.lacks.push_back(Lack::kVariants);
  if (!text_in(root, "expiredUrl").empty()) link.lacks.push_back(Lack::kExpiredUrl);
  if (is_true(root, "rewrite")) link.lacks.push_back(Lack::kCloaked);
}

void read_own(const JsonObject& root, std::string_view row, const TimeZone& zone, ForeignLink& link) {
  link.code = first_text_in(root, {"short_code", "custom_alias", "alias"});
  link.long_url = root.required("long_url").string(kAnyText);
  link.domain = parts_of_short_url(first_text_in(root, {"domain", "short_url"})).domain;
  link.title = text_in(root, "title");
  link.tags = texts_in(root, "tags");
  link.created_at = time_of(root.optional("created_at"), zone);
  link.valid_since = time_of(root.optional("valid_since"), zone);
  const auto expires_at = time_of(root.optional("expires_at"), zone);
  const auto expiration_date = time_of(root.optional("expiration_date"), zone);
  link.expires_at = expires_at ? expires_at : expiration_date;
  link.visits_max = count_of(root.optional("max_visits"));
  if (const auto status = count_of(root.optional("redirect_status")))
    link.redirect_status = static_cast<uint16_t>(std::min<uint64_t>(*status, UINT16_MAX));
  const uint64_t clicks = count_of(root.optional("clicks")).value_or(0);
  const uint64_t bots = std::min(count_of(root.optional("bots")).value_or(0), clicks);
  set_clicks(link, clicks - bots, bots);
  link.visits_used = clicks - bots;
  const bool is_closed = is_said(root.optional("password_hash"));
  const bool is_routed = has_items(root, "rules") || has_items(root, "variants") || is_true(root, "forward_query");
  if (is_closed || is_routed || !text_in(root, "external_id").empty()) link.row = row;
  if (is_said(root.optional("password"))) link.lacks.push_back(Lack::kPassword);
  if (!text_in(root, "sale").empty()) link.lacks.push_back(Lack::kSale);
}

Result<ForeignLink> read_as(Product product, std::string_view row, const TimeZone& zone, Numbers numbers) {
  JsonDocument document(row, kRowLimits);
  const JsonObject root = document.root();
  ForeignLink link;
  switch (product) {
    case Product::kShlink:
      read_shlink(root, zone, link);
      break;
    case Product::kKutt:
      read_kutt(root, zone, link);
      break;
    case Product::kYourls:
      read_yourls(root, zone, numbers, link);
      break;
    case Product::kBitly:
      read_bitly(root, zone, link);
      break;
    case Product::kDub:
      read_dub(root, zone, link);
      break;
    case Product::kCsv:
      read_own(root, row, zone, link);
      break;
  }
  TRY(document.finish(JsonUnknown::kAllowed));
  return link;
}

}  // namespace

// YOURLS writes its counts as texts or as numbers, by the version of PHP that it runs on.
Result<ForeignLink> read_foreign_json(Product product, std::string_view row, const TimeZone& zone) {
  auto link = read_as(product, row, zone, Numbers::kPlain);
  if (link || product != Product::kYourls) return link;
  auto with_texts = read_as(product, row, zone, Numbers::kTexts);
  return with_texts ? std::move(with_texts) : std::move(link);
}

}  // namespace doorbuster::links
