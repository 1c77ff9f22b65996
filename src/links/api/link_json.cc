#include "links/api/link_json.h"

#include <algorithm>
#include <array>

#include "auth/api_key.h"
#include "base/encoding.h"
#include "base/json.h"
#include "links/api/alias.h"
#include "links/api/link_rules.h"
#include "links/api/long_url.h"
#include "links/api/password_page.h"
#include "links/store/user.h"

namespace doorbuster::links {
namespace {

constexpr int64_t kVisitsMax = 1'000'000'000'000;
constexpr int64_t kWeightMax = 10'000;
constexpr std::array<uint64_t, 4> kRedirectStatuses = {301, 302, 307, 308};
// More than the longest address and title need, with every character escaped.
constexpr JsonLimits kBody = {.max_bytes = 65'536};

void read_time(const JsonValue& value, std::optional<Timestamp>& time) {
  if (!value.present()) return;
  time = value.is_null() ? std::nullopt : std::optional(value.time());
}

void read_tags(const JsonValue& value, std::vector<std::string>& tags) {
  if (!value.present()) return;
  tags.clear();
  value.array(kTagsMax).each(
      [&](const JsonValue& tag) { tags.emplace_back(tag.string({.min_bytes = 1, .max_bytes = kTagBytesMax})); });
}

void read_redirect_status(const JsonValue& value, uint16_t& status) {
  if (!value.present()) return;
  const int64_t wanted = value.integer();
  if (!is_redirect_status(static_cast<uint64_t>(wanted))) return value.refuse("must be 301, 302, 307 or 308");
  status = static_cast<uint16_t>(wanted);
}

void read_visits_max(const JsonValue& value, std::optional<uint64_t>& visits) {
  if (!value.present()) return;
  visits = value.is_null() ? std::nullopt
                           : std::optional(static_cast<uint64_t>(value.integer({.min = 1, .max = kVisitsMax}, 1)));
}

void read_variants(const JsonValue& value, const LinkBase& base, std::vector<Variant>& variants) {
  if (!value.present()) return;
  variants.clear();
  if (value.is_null()) return;
  uint64_t weights = 0;
  value.array(kVariantsMax).each([&](const JsonValue& item) {
    const JsonObject root = item.object();
    Variant variant;
    const JsonValue name = root.required("name", "what counts call the variant");
    variant.name = name.string({.min_bytes = 1, .max_bytes = kVariantNameBytesMax});
    for (const Variant& other : variants) {
      if (variant_key(other.name) == variant_key(variant.name)) name.refuse("must not be another variant's name");
    }
    variant.long_url = read_long_url(root.required("long_url", "where the variant leads"), base);
    const JsonValue weight = root.optional("weight");
    if (weight.present()) variant.weight = static_cast<uint32_t>(weight.integer({.min = 0, .max = kWeightMax}));
    weights += variant.weight;
    variants.push_back(std::move(variant));
  });
  if (variants.empty()) return;
  if (variants.size() < kVariantsMin) value.refuse("must be at least two, or none");
  if (weights == 0) value.refuse("must have one with a weight that is not 0");
}

// A password that is given, or taken away; or the hash of one that an export wrote.
void read_password(const JsonObject& root, Link& link, std::string& password) {
  const JsonValue given = root.optional("password");
  const JsonValue hash = root.optional("password_hash");
  if (given.present()) {
    link.password_hash.clear();
    if (!given.is_null()) password = given.string({.min_bytes = 1, .max_bytes = kPasswordBytesMax});
  }
  if (!hash.present()) return;
  link.password_hash = hash.string();
  if (!auth::is_secret_hash(link.password_hash)) hash.refuse("must be what an export of this server's links says");
  if (given.present()) hash.refuse("must not be there together with a password");
}

// Where visitors are sent of whom something is known, and what they need for it.
void read_routing(const JsonObject& root, const LinkBase& base, Link& link) {
  const JsonValue rules = root.optional("rules");
  if (rules.present()) link.rules = write_rules(read_rules(rules, base));
  read_variants(root.optional("variants"), base, link.variants);
  const JsonValue forward_query = root.optional("forward_query");
  if (forward_query.present()) link.forward_query = forward_query.boolean();
}

// What may be said of a new link and changed of one that is there.
void read_members(const JsonObject& root, const LinkBase& base, Link& link, std::string& password) {
  read_time(root.optional("valid_since"), link.valid_since);
  const JsonValue expires = root.optional("expiration_date");
  read_time(expires, link.expires_at);
  if (link.valid_since && link.expires_at && *link.expires_at <= *link.valid_since)
    expires.refuse("must be later than valid_since");
  read_visits_max(root.optional("max_visits"), link.visits_max);
  read_tags(root.optional("tags"), link.tags);
  const JsonValue title = root.optional("title");
  if (title.present()) link.title = title.string({.max_bytes = kTitleBytesMax});
  read_redirect_status(root.optional("redirect_status"), link.redirect_status);
  const JsonValue external_id = root.optional("external_id");
  if (external_id.present()) link.external_id = external_id.string({.max_bytes = kExternalIdBytesMax});
  read_routing(root, base, link);
  read_password(root, link, password);
  const JsonValue long_url = root.optional("long_url");
  if (long_url.present()) link.long_url = read_long_url(long_url, base);
}

void read_new(const JsonObject& root, const LinkBase& base, NewLink& created) {
  const JsonValue made = root.optional("created_at");
  if (made.present()) {
    const Timestamp at = made.time(created.link.created_at);
    if (at > created.link.created_at || at.micros() < 0) made.refuse("must be a moment that has passed, since 1970");
    created.link.created_at = at;
  }
  read_members(root, base, created.link, created.password);
  const JsonValue alias = root.optional("custom_alias");
  if (!alias.present()) return;
  created.alias = alias.string({.max_bytes = kAliasBytesMax});
  if (const auto allowed = check_alias(created.alias); !allowed) alias.refuse(allowed.error().message);
}

void read_link_domain(const JsonValue& value, const LinkBase& base, std::string& domain) {
  if (!value.present() || value.is_null()) return;
  auto served = base.served(value.string({.min_bytes = 1, .max_bytes = kLinkDomainBytesMax}));
  if (!served)
    return value.refuse("must be the host of a domain that this server has: links.base_url or links.domains");
  domain = *std::move(served);
}

}  // namespace

bool is_redirect_status(uint64_t status) {
  return std::ranges::find(kRedirectStatuses, status) != kRedirectStatuses.end();
}

Result<NewLink> parse_new_link(std::string_view body, const LinkBase& base, Timestamp now) {
  JsonDocument document(body, kBody);
  NewLink created{.link = {.created_at = now}};
  (void)document.root().required("long_url", "where the link leads");
  read_link_domain(document.root().optional("domain"), base, created.domain);
  read_new(document.root(), base, created);
  const JsonValue once = document.root().optional("find_if_exists");
  if (once.present()) created.once = once.boolean();
  if (created.once && !created.password.empty())
    once.refuse("must not be there together with a password: nobody can tell whether it is the same");
  TRY(document.finish());
  return created;
}

Change claim_of(NewLink created, Timestamp now) {
  created.link.code = code_asked(created);
  Change claim{.kind = Change::Kind::kClaim, .link = std::move(created.link), .month = month_of(now)};
  if (created.once) claim.likeness = likeness_of(claim.link, claim.link.code);
  return claim;
}

Result<NewLink> parse_new_channel(std::string_view body, const LinkBase& base, std::string_view sale,
                                  const std::string& page, Timestamp now) {
  JsonDocument document(body, kBody);
  NewLink created{.link = {.long_url = page, .created_at = now, .sale = std::string(sale)}};
  read_new(document.root(), base, created);
  TRY(document.finish());
  return created;
}

Result<ChangedLink> parse_change(std::string_view body, const LinkBase& base, const Link& link) {
  JsonDocument document(body, kBody);
  ChangedLink changed{.link = link};
  read_members(document.root(), base, changed.link, changed.password);
  TRY(document.finish());
  ++changed.link.version;
  return changed;
}

void write_link(JsonWriter& json, const Link& link, const LinkBase& base) {
  json.begin_object().member("short_url", base.short_url(link));
  write_name(json, link.code);
  json.member("long_url", link.long_url).member("title", link.title).member("created_at", link.created_at);
  json.member("valid_since", link.valid_since).member("expires_at", link.expires_at);
  json.member("max_visits", link.visits_max).member("redirect_status", link.redirect_status);
  json.key("tags").begin_array();
  for (const std::string& tag : link.tags) json.value(tag);
  json.end_array();
  json.member("sale", link.sale.empty() ? std::optional<std::string>() : std::optional(link.sale));
  json.member("owner", link.owner == 0 ? std::optional<std::string>() : std::optional(user_id(link.owner)));
  json.member("external_id", link.external_id).member("has_password", !link.password_hash.empty());
  write_routing(json, link);
  json.end_object();
}

void write_name(JsonWriter& json, std::string_view code) {
  const std::string_view domain = domain_in(code);
  json.member("short_code", code_in(code)).member("domain", domain.empty() ? std::nullopt : std::optional(domain));
}

std::string call_of_link(std::string_view code) {
  const std::string path = "/api/v1/urls/" + std::string(code_in(code));
  const std::string_view domain = domain_in(code);
  return domain.empty() ? path : path + "?domain=" + std::string(domain);
}

void write_routing(JsonWriter& json, const Link& link) {
  json.member("forward_query", link.forward_query);
  json.key("rules").raw(link.rules.empty() ? "[]" : link.rules).key("variants").begin_array();
  for (const Variant& variant : link.variants) {
    json.begin_object().member("name", variant.name).member("long_url", variant.long_url);
    json.member("weight", variant.weight).end_object();
  }
  json.end_array();
}

std::string etag_of(const Link& link) {
  const auto hex = [](uint64_t value) {
    const uint64_t big_endian = __builtin_bswap64(value);
    return to_hex(std::as_bytes(std::span(&big_endian, 1)));
  };
  return "\"" + hex(link.number) + "-" + hex(link.version) + "\"";
}

}  // namespace doorbuster::links
