// The calls about links, as operators make them. What a visitor does is in redirects.h.
#pragma once

#include <array>
#include <functional>
#include <string>

#include "base/time_zone.h"
#include "links/abuse/threat_scanner.h"
#include "links/api/bulk_links.h"
#include "links/api/link_base.h"
#include "links/api/link_callers.h"
#include "links/api/link_changes.h"
#include "links/api/live_clicks.h"
#include "links/api/redirects.h"
#include "links/api/report_calls.h"
#include "links/api/robots.h"
#include "links/api/take_down_calls.h"
#include "links/api/user_changes.h"
#include "links/store/link_store.h"
#include "links/views/channel_results.h"
#include "links/views/click_counts.h"
#include "platform/api/parts.h"
#include "platform/api/text_stream.h"
#include "platform/operators/operator_authenticator.h"

namespace doorbuster::links {

// /api/v1/urls (link_calls.cc)
void list_links(const platform::Call& call, LinkCallers& callers, const LinkStore& store, const LinkBase& base);
void create_link(const platform::Call& call, LinkCallers& callers, LinkChanges& changes, const LinkBase& base,
                 const Blocks& blocks);
void create_links(const platform::Call& call, LinkCallers& callers, BulkLinks& bulk);
// (import_calls.cc)
void import_links(const platform::Call& call, LinkCallers& callers, BulkLinks& bulk);
// (export_calls.cc)
void export_links(const platform::Call& call, LinkCallers& callers, const LinkStore& store, const LinkBase& base,
                  const Blocks& blocks, platform::TextStream& texts, const platform::Follower& follower,
                  const ClickCounts& counts);
void show_link(const platform::Call& call, LinkCallers& callers, const LinkStore& store, const LinkBase& base);
void change_link(const platform::Call& call, LinkCallers& callers, const LinkStore& store, LinkChanges& changes,
                 const LinkBase& base, const Blocks& blocks);
void delete_link(const platform::Call& call, LinkCallers& callers, const LinkStore& store, LinkChanges& changes,
                 const LinkBase& base);

// (explain_call.cc)
void explain_link(const platform::Call& call, LinkCallers& callers, const LinkStore& store, ClickReader& reader,
                  const LinkBase& base);

// /api/v1/sales/{sale}/links (channel_calls.cc): the channels of a sale. What it needs to know of sales.
struct Channels {
  ChannelResults& results;
  platform::DeliveryFollower& follower;
  std::function<bool(std::string_view resource)> has;  // whether a service has something at this address
  std::string base_url;                                // of the server's pages
};
void create_channel(const platform::Call& call, platform::OperatorAuthenticator& operators, LinkChanges& changes,
                    const LinkBase& base, const Channels& channels, const Blocks& blocks);
void list_channels(const platform::Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                   const LinkBase& base, const platform::Follower& follower, const ClickCounts& counts,
                   const Channels& channels);

// /api/v1/analytics (analytics_calls.cc)
void watch_clicks(const platform::Call& call, LinkCallers& callers, const LinkStore& store,
                  const platform::Follower& follower, LiveClicks& live, const LinkBase& base);
void show_analytics(const platform::Call& call, LinkCallers& callers, const LinkStore& store,
                    const platform::Follower& follower, const ClickCounts& counts, const LinkBase& base);

// /api/v1/abuse/flagged (flagged_calls.cc)
void list_flagged(const platform::Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                  const ThreatLists& lists, const ThreatScanner& scanner);

// /api/v1/abuse/top-domains and /orphan-visits (traffic_calls.cc)
void list_top_domains(const platform::Call& call, platform::OperatorAuthenticator& operators,
                      const AllTraffic& traffic);
void list_orphan_visits(const platform::Call& call, platform::OperatorAuthenticator& operators,
                        const AllTraffic& traffic);

// So many where `limit` in the query says nothing else.
inline constexpr size_t kLinksAPage = 100;
// Where a list goes on, from `cursor` in the query; answers 400 and returns nothing if it can't be read.
[[nodiscard]] std::optional<Place> cursor_in(const platform::Call& call);
// What `cursor` has to be for what comes behind this place, or this link.
[[nodiscard]] std::string cursor_at(const Place& place);
[[nodiscard]] inline std::string cursor_behind(const Link& link) { return cursor_at(place_of(link)); }
// Whether all clicks that were durable at the start are known; answers 503 otherwise.
[[nodiscard]] bool has_caught_up(const platform::Call& call, const platform::Follower& follower);
// 503: the store can't be read.
void respond_store_failed(const platform::Call& call, const Error& error);

struct NamedZone {
  std::string name = "UTC";
  TimeZone zone = {};
};
// By whose clocks: `tz` in the query; answers 400 and returns nothing if there is no such zone.
[[nodiscard]] std::optional<NamedZone> zone_asked(const platform::Call& call);

// The link in the path, on the domain that the query names, if it is the caller's; answers 404, or 503 if the store
// can't be read, and returns nothing.
[[nodiscard]] std::optional<Link> link_in_path(const platform::Call& call, const LinkCaller& caller,
                                               const LinkStore& store, const LinkBase& base);
// What is there: a caller's links, made before that place, the newest first.
[[nodiscard]] Result<std::vector<Link>> links_of(const LinkCaller& caller, const LinkStore& store, const Place& before,
                                                 size_t limit);

// /api/v1/users (user_calls.cc)
void create_user(const platform::Call& call, LinkCallers& callers, UserChanges& changes);
void list_users(const platform::Call& call, LinkCallers& callers, const LinkStore& store);
void show_user(const platform::Call& call, LinkCallers& callers, const LinkStore& store);
void change_user(const platform::Call& call, LinkCallers& callers, const LinkStore& store, UserChanges& changes);
void erase_user(const platform::Call& call, LinkCallers& callers, const LinkStore& store, UserChanges& changes,
                Departures& departures);
void show_usage(const platform::Call& call, LinkCallers& callers, const LinkStore& store);
void list_user_keys(const platform::Call& call, LinkCallers& callers, const LinkStore& store);
void create_user_key(const platform::Call& call, LinkCallers& callers, const LinkStore& store, UserChanges& changes);
void remove_user_key(const platform::Call& call, LinkCallers& callers, const LinkStore& store, UserChanges& changes);
// The user in the path, for an operator or for themselves; answers by itself when it returns nothing.
[[nodiscard]] std::optional<User> user_in_path(const platform::Call& call, const LinkCaller& caller,
                                               const LinkStore& store);
// All that is kept of a user (export_calls.cc).
void export_user(const platform::Call& call, LinkCallers& callers, const LinkStore& store, const LinkBase& base,
                 platform::TextStream& texts);

// /{code} (redirects.cc), and beside it /{code}+ and /{code}.qr (previews.cc)
void follow_link(const platform::Call& call, Redirects& redirects, LinkLookup& links, const LinkBase& base);
void unlock_link(const platform::Call& call, Redirects& redirects, LinkLookup& links, ReportChanges& reports);
void show_preview(const platform::Call& call, std::string_view code, const LinkBase& base, LinkLookup& links);
void show_qr(const platform::Call& call, std::string_view code, const LinkBase& base, LinkLookup& links);

// Where many links are made at once.
inline constexpr std::string_view kBulkPath = "/api/v1/urls/bulk";
inline constexpr std::string_view kImportPath = "/api/v1/urls/import";
inline constexpr uint32_t kBulkBytesMax = 16 << 20;

// What the calls of /{code} answer beside codes.
inline constexpr std::array<std::string_view, 3> kBesideCodes = {"GET /{code}+", "POST /{code}+", "GET /{code}.qr"};

using LinkParts =
    platform::Parts<platform::OperatorAuthenticator, LinkCallers, UserChanges, Departures, LiveClicks, Redirects,
                    ClickReader, LinkLookup, const LinkStore, LinkChanges, BulkLinks, platform::TextStream,
                    const LinkBase, const platform::Follower, const ClickCounts, const Channels, const Blocks,
                    const TakeDowns, TakeDownChanges, const RegistrableDomains, const Robots, const ThreatLists,
                    const ThreatScanner, const AllTraffic, const AbuseReports, ReportChanges>;
using LinkRoute = platform::Route<LinkParts>;
[[nodiscard]] std::span<const LinkRoute> link_routes();

}  // namespace doorbuster::links
