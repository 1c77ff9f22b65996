#include "links/settings.h"

#include <array>

#include "links/api/long_url.h"
#include "ops/settings/rules.h"

namespace doorbuster::links {
namespace {

Result<void> report_address(std::string_view text) {
  constexpr std::string_view kMailbox = "mailto:";
  const bool is_mailbox = text.starts_with(kMailbox) && text.find('@') != std::string_view::npos &&
                          text.find_first_of(" ?") == std::string_view::npos;
  if (text.empty() || is_mailbox || (text.starts_with("https://") && parse_long_url(text))) return {};
  return fail(ErrorCode::kInvalid, "must be empty, an address that begins with https://, or mailto:MAILBOX");
}

constexpr size_t kDomainsMax = 256;

Result<void> page_or_empty(std::string_view text) {
  if (text.empty()) return {};
  const auto url = parse_long_url(text);
  return url ? Result<void>() : tl::unexpected(url.error());
}

Result<void> site_address(std::string_view text) {
  TRY(ops::not_empty(text));
  return ops::site_address_or_empty(text);
}

void add_domain_settings(ops::SettingsTable& table, LinkDomain& domain) {
  table.text("base_url", domain.base_url, site_address, "What its links begin with, such as \"https://brand.example\".",
             ops::SettingsTable::Presence::kRequired);
  table.text("not_found_url", domain.not_found_url, page_or_empty, "As links.not_found_url, of this domain.");
}

constexpr std::array<std::string_view, 2> kCodesByNames = {"number", "address"};

}  // namespace

void add_settings(ops::SettingsTable& table, LinksSettings& settings) {
  table.text("links.base_url", settings.base_url, ops::site_address_or_empty,
             "What short links begin with, such as \"https://go.example\", where a domain of their own leads to this "
             "server. Empty: base_url.");
  table.text("links.not_found_url", settings.not_found_url, page_or_empty,
             "Where visitors are sent (302) who ask for a short link that is nobody's. Nothing of what they asked goes "
             "with them. Empty: they are told that there is none.");
  table.sections("links.domains", settings.domains, kDomainsMax, "Further domains of short links",
                 &add_domain_settings);
  table.choice(
      "links.codes", settings.codes, kCodesByNames,
      "What the code of a link without an alias follows from. number: nobody can guess it, and two links to one "
      "address have two. address: the address, the domain and who makes it, so that the same address has the "
      "same code, and a link that is there already is given back; whoever knows all three can tell the code.");
  table.integer("links.cached", settings.cached, {.min = 64, .max = 16'777'216},
                "How many links, and codes that are none, each reactor remembers; of one that is asked for often "
                "nothing is read.");
  table.integer("links.cache_mebibytes", settings.cache_mebibytes, {.min = 8, .max = 1'048'576},
                "Memory for what the store of links has read from disk, for all reactors together.");
  table.text("links.report_abuse", settings.report_abuse, report_address,
             "Where people report a link that leads to something bad: an address (https://...) or a mailbox "
             "(mailto:abuse@go.example). The page that shows where a link leads names it. Empty: it names none.");
  table.text(
      "links.robots", settings.robots, ops::any_text,
      "Path of a file that is served as /robots.txt, read at the start. Empty: crawlers may ask for the pages and "
      "their assets, and not for short links, their previews and the API.");
  table.text_list("links.threat_lists", settings.threat_lists, ops::not_empty,
                  "Paths of files that name dangerous addresses: hashes as Safe Browsing has them, addresses or hosts, "
                  "one a line. Nobody is sent there. Files that change are read again; nothing is fetched.");
  table.integer(
      "links.counts_kibibytes", settings.counts_kibibytes, {.min = 16, .max = 16'777'216},
      "Memory for what was counted of clicks and is not written to disk yet: when it is full, it is written.");
  table.integer("links.events_kept", settings.events_kept, {.min = 0, .max = 100'000'000},
                "How many of the newest events of links are kept for webhooks, on disk: some hundred bytes each. An "
                "endpoint that is further behind misses what was before them. 0: webhooks tell nothing of links.");
}

}  // namespace doorbuster::links
