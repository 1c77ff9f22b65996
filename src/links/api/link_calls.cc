#include "links/api/link_calls.h"

#include <algorithm>
#include <array>

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
    LinkRoute{Method::kGet, "/api/v1/urls/export", by<export_links>},
    LinkRoute{Method::kGet, "/api/v1/urls/{code}", by<show_link>},
    LinkRoute{Method::kPatch, "/api/v1/urls/{code}", by<change_link>},
    LinkRoute{Method::kDelete, "/api/v1/urls/{code}", by<delete_link>},
    LinkRoute{Method::kGet, "/api/v1/sales/{sale}/links", by<list_channels>},
    LinkRoute{Method::kPost, "/api/v1/sales/{sale}/links", by<create_channel>},
    LinkRoute{Method::kGet, "/api/v1/analytics/{code}", by<show_analytics>},
    LinkRoute{Method::kGet, "/{code}", by<follow_link>},
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
std::string cursor_behind(const Link& link) {
  return std::to_string(link.created_at.micros()) + "-" + std::to_string(link.number);
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

std::optional<Link> link_in_path(const Call& call, const LinkStore& store) {
  auto link = store.find(call.parameter(0));
  if (link && *link) return *std::move(link);
  if (!link) {
    respond_store_failed(call, link.error());
  } else {
    platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "link-not-found",
                              "No such link", "GET /api/v1/urls lists the links there are.");
  }
  return std::nullopt;
}

void list_links(const Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                const LinkBase& base) {
  if (!operators.operator_of(call)) return;
  const auto before = cursor_in(call);
  if (!before) return;
  const auto limit = platform::number_in_query(call, "limit", kLinksAPage, platform::kPageMax);
  if (!limit) return;
  const auto links = store.list(*before, *limit);
  if (!links) return respond_store_failed(call, links.error());
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("links").begin_array();
  size_t shown = 0;
  for (; shown < links->size() && body.size() < platform::kPageBytes; ++shown)
    write_link(json, (*links)[shown], base.text);
  const bool may_be_more = shown > 0 && (shown < links->size() || shown == *limit);
  json.end_array().member("next", may_be_more ? std::optional(cursor_behind((*links)[shown - 1])) : std::nullopt);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void create_link(const Call& call, platform::OperatorAuthenticator& operators, LinkChanges& changes,
                 const LinkBase& base) {
  if (!operators.operator_of(call)) return;
  auto created = parse_new_link(call.request.body(), base.text, call.now);
  if (!created) return platform::respond_invalid(call.exchange, call.request.path(), created.error().message);
  changes.create(call, *std::move(created));
}

void create_links(const Call& call, platform::OperatorAuthenticator& operators, BulkLinks& bulk) {
  if (const auto operator_id = operators.operator_of(call)) bulk.create(call, *operator_id);
}

void show_link(const Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
               const LinkBase& base) {
  if (!operators.operator_of(call)) return;
  const auto link = link_in_path(call, store);
  if (!link) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_link(json, *link, base.text);
  platform::respond_json(call.exchange, net::Status::kOk, body, {}, {}, etag_of(*link));
}

void change_link(const Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                 LinkChanges& changes, const LinkBase& base) {
  if (!operators.operator_of(call)) return;
  const auto link = link_in_path(call, store);
  if (!link || !is_as_expected(call, *link)) return;
  auto changed = parse_change(call.request.body(), base.text, *link);
  if (!changed) return platform::respond_invalid(call.exchange, call.request.path(), changed.error().message);
  changes.replace(call, *std::move(changed));
}

void delete_link(const Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                 LinkChanges& changes) {
  if (!operators.operator_of(call)) return;
  auto link = link_in_path(call, store);
  if (link && is_as_expected(call, *link)) changes.erase(call, *std::move(link));
}

}  // namespace doorbuster::links
