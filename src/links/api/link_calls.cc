#include "links/api/link_calls.h"

#include <algorithm>
#include <array>

#include "links/api/block_answers.h"
#include "links/api/link_filter.h"
#include "net/text.h"
#include "platform/api/etag.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using net::Method;
using platform::Call;

template <auto function>
constexpr auto by = platform::take_by<function, LinkParts>;

constexpr std::array kRoutes = {
    LinkRoute{Method::kGet, "/api/v1/urls", by<list_links>},
    LinkRoute{Method::kPost, "/api/v1/urls", by<create_link>},
    LinkRoute{Method::kPost, kBulkPath, by<create_links>},
    LinkRoute{Method::kPost, kImportPath, by<import_links>},
    LinkRoute{Method::kGet, "/api/v1/urls/export", by<export_links>},
    LinkRoute{Method::kGet, "/api/v1/urls/{code}", by<show_link>},
    LinkRoute{Method::kPatch, "/api/v1/urls/{code}", by<change_link>},
    LinkRoute{Method::kDelete, "/api/v1/urls/{code}", by<delete_link>},
    LinkRoute{Method::kGet, "/api/v1/urls/{code}/explain", by<explain_link>},
    LinkRoute{Method::kGet, "/api/v1/sales/{sale}/links", by<list_channels>},
    LinkRoute{Method::kPost, "/api/v1/sales/{sale}/links", by<create_channel>},
    LinkRoute{Method::kGet, "/api/v1/analytics/{code}", by<show_analytics>},
    LinkRoute{Method::kGet, "/api/v1/analytics/{code}/live", by<watch_clicks>},
    LinkRoute{Method::kGet, "/api/v1/users", by<list_users>},
    LinkRoute{Method::kPost, "/api/v1/users", by<create_user>},
    LinkRoute{Method::kGet, "/api/v1/users/{user}", by<show_user>},
    LinkRoute{Method::kPatch, "/api/v1/users/{user}", by<change_user>},
    LinkRoute{Method::kDelete, "/api/v1/users/{user}", by<erase_user>},
    LinkRoute{Method::kGet, "/api/v1/users/{user}/usage", by<show_usage>},
    LinkRoute{Method::kGet, "/api/v1/users/{user}/export", by<export_user>},
    LinkRoute{Method::kGet, "/api/v1/users/{user}/keys", by<list_user_keys>},
    LinkRoute{Method::kPost, "/api/v1/users/{user}/keys", by<create_user_key>},
    LinkRoute{Method::kDelete, "/api/v1/users/{user}/keys/{key}", by<remove_user_key>},
    LinkRoute{Method::kGet, "/api/v1/abuse/take-downs", by<list_take_downs>},
    LinkRoute{Method::kPost, "/api/v1/abuse/take-downs", by<create_take_down>},
    LinkRoute{Method::kDelete, "/api/v1/abuse/take-downs/{id}", by<delete_take_down>},
    LinkRoute{Method::kGet, "/api/v1/abuse/flagged", by<list_flagged>},
    LinkRoute{Method::kGet, "/api/v1/abuse/top-domains", by<list_top_domains>},
    LinkRoute{Method::kGet, "/api/v1/abuse/orphan-visits", by<list_orphan_visits>},
    LinkRoute{Method::kGet, "/api/v1/abuse/reports", by<list_reports>},
    LinkRoute{Method::kDelete, "/api/v1/abuse/reports/{code}", by<dismiss_report>},
    LinkRoute{Method::kGet, "/robots.txt", by<show_robots>},
    LinkRoute{Method::kGet, "/{code}", by<follow_link>},
    LinkRoute{Method::kPost, "/{code}", by<unlock_link>},
};

// Whether If-Match, where it was sent, names the link as it is. Answers 412 otherwise.
bool is_as_expected(const Call& call, const Link& link) {
  const auto expected = call.request.header("If-Match");
  if (!expected || platform::names_etag(*expected, etag_of(link))) return true;
  respond_link_changed(call.exchange, call.request.path());
  return false;
}

}  // namespace

std::span<const LinkRoute> link_routes() { return kRoutes; }

void respond_store_failed(const Call& call, const Error& error) {
  platform::respond_busy(call.exchange, call.request.path(), "store-failed", error.message);
}

// "MICROSECONDS-NUMBER".
std::string cursor_at(const Place& place) {
  return std::to_string(place.created_at.micros()) + "-" + std::to_string(place.number);
}

std::optional<Place> cursor_in(const Call& call) {
  const auto text = call.request.query_parameter("cursor");
  if (!text) return Place();
  const size_t dash = std::min(text->find('-'), text->size());
  const auto micros = net::parse_number(text->substr(0, dash));
  const auto number = net::parse_number(text->substr(std::min(dash + 1, text->size())));
  if (micros && number && *micros <= INT64_MAX)
    return Place{.created_at = Timestamp::from_micros(static_cast<int64_t>(*micros)), .number = *number};
  platform::respond_invalid(call.exchange, call.request.path(), "cursor is what `next` of the page before said.");
  return std::nullopt;
}

std::optional<Link> link_in_path(const Call& call, const LinkCaller& caller, const LinkStore& store,
                                 const LinkBase& base) {
  const auto domain = call.request.query_parameter("domain");
  auto link = store.find(code_on(domain ? base.named(*domain) : std::string(), call.parameter(0)));
  if (link && *link && caller.owns(**link)) return *std::move(link);
  if (!link) {
    respond_store_failed(call, link.error());
  } else {
    platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "link-not-found",
                              "No such link", "GET /api/v1/urls lists the links there are.");
  }
  return std::nullopt;
}

Result<std::vector<Link>> links_of(const LinkCaller& caller, const LinkStore& store, const Place& before,
                                   size_t limit) {
  return caller.is_operator() ? store.list(before, limit) : store.list_of_owner(caller.user, before, limit);
}

namespace {

// So many are looked at for one page of those that a filter leaves, lest somebody else waits for it.
constexpr size_t kLookedAtMax = 2'000;

struct LinkPage {
  std::vector<Link> links;
  std::optional<std::string> next;  // where it goes on, if it may
};

Result<LinkPage> page_of(const LinkCaller& caller, const LinkStore& store, const LinkFilter& filter, Place before,
                         size_t limit) {
  LinkPage page;
  if (filter.is_empty()) {
    page.links = TRY(links_of(caller, store, before, limit));
    if (limit > 0 && page.links.size() == limit) page.next = cursor_behind(page.links.back());
    return page;
  }
  for (size_t looked_at = 0; page.links.size() < limit;) {
    const auto some = TRY(links_of(caller, store, before, kLinksAPage));
    for (const Link& link : some) {
      if (page.links.size() == limit) break;
      before = place_of(link);
      if (filter.matches(link)) page.links.push_back(link);
    }
    looked_at += some.size();
    const bool is_end = some.size() < kLinksAPage && (some.empty() || before == place_of(some.back()));
    page.next = is_end ? std::nullopt : std::optional(cursor_at(before));
    if (is_end || looked_at >= kLookedAtMax) break;
  }
  return page;
}

}  // namespace

void list_links(const Call& call, LinkCallers& callers, const LinkStore& store, const LinkBase& base) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto before = cursor_in(call);
  if (!before) return;
  const auto limit = platform::number_in_query(call, "limit", kLinksAPage, platform::kPageMax);
  if (!limit) return;
  const auto filter = filter_in(call, base);
  if (!filter) return;
  auto page = page_of(*caller, store, *filter, *before, *limit);
  if (!page) return respond_store_failed(call, page.error());
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("links").begin_array();
  size_t shown = 0;
  for (; shown < page->links.size() && body.size() < platform::kPageBytes; ++shown)
    write_link(json, page->links[shown], base);
  if (shown < page->links.size()) page->next = cursor_behind(page->links[shown - 1]);
  json.end_array().member("next", page->next).end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void create_link(const Call& call, LinkCallers& callers, LinkChanges& changes, const LinkBase& base,
                 const Blocks& blocks) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  auto created = parse_new_link(call.request.body(), base, call.now);
  if (!created) return platform::respond_invalid(call.exchange, call.request.path(), created.error().message);
  created->link.owner = caller->user;
  if (!may_lead_there(call, blocks, code_asked(*created), created->link)) return;
  const auto key = platform::idempotency_key_of(call, caller->actor());
  if (key) changes.create(call, *std::move(created), *key);
}

void create_links(const Call& call, LinkCallers& callers, BulkLinks& bulk) {
  if (const auto caller = callers.caller_of(call)) bulk.create(call, *caller);
}

void show_link(const Call& call, LinkCallers& callers, const LinkStore& store, const LinkBase& base) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto link = link_in_path(call, *caller, store, base);
  if (!link) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_link(json, *link, base);
  platform::respond_json(call.exchange, net::Status::kOk, body, {}, {}, etag_of(*link));
}

void change_link(const Call& call, LinkCallers& callers, const LinkStore& store, LinkChanges& changes,
                 const LinkBase& base, const Blocks& blocks) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto link = link_in_path(call, *caller, store, base);
  if (!link || !is_as_expected(call, *link)) return;
  auto changed = parse_change(call.request.body(), base, *link);
  if (!changed) return platform::respond_invalid(call.exchange, call.request.path(), changed.error().message);
  // All else of a link that leads where it must not may be changed.
  const bool leads_elsewhere = destinations_of(changed->link) != destinations_of(*link);
  if (leads_elsewhere && !may_lead_there(call, blocks, {}, changed->link)) return;
  changes.replace(call, *std::move(changed));
}

void delete_link(const Call& call, LinkCallers& callers, const LinkStore& store, LinkChanges& changes,
                 const LinkBase& base) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  auto link = link_in_path(call, *caller, store, base);
  if (link && is_as_expected(call, *link)) changes.erase(call, *std::move(link));
}

}  // namespace doorbuster::links
