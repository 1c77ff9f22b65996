// POST /api/v1/urls/import: links of another product, from a file that it wrote.
#include "links/api/link_calls.h"
#include "net/small_letters.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

using platform::Call;

std::optional<ImportAsked> refuse_import(const Call& call, std::string_view detail) {
  platform::respond_invalid(call.exchange, call.request.path(), std::string(detail));
  return std::nullopt;
}

// Nothing, once 400 has been answered.
std::optional<ImportAsked> import_asked(const Call& call) {
  const auto product = product_named(call.request.query_parameter("format").value_or(""));
  if (!product) return refuse_import(call, "format is shlink, kutt, yourls, bitly, dub or csv.");
  const auto dry_run = call.request.query_parameter("dry_run").value_or("false");
  if (dry_run != "true" && dry_run != "false") return refuse_import(call, "dry_run is true or false.");
  const auto allow = call.request.query_parameter("allow").value_or("");
  if (!allow.empty() && allow != "without-password")
    return refuse_import(call, "allow is without-password, where links that had one may be open to everybody.");
  auto zone = zone_asked(call);
  if (!zone) return std::nullopt;
  return ImportAsked{.product = *product,
                     .zone = std::move(zone->zone),
                     .domain = net::in_small_letters(call.request.query_parameter("domain").value_or("")),
                     .is_dry_run = dry_run == "true",
                     .takes_open = !allow.empty()};
}

}  // namespace

// For operators: who imports says how often a link was followed, and makes as many as they like.
void import_links(const Call& call, LinkCallers& callers, BulkLinks& bulk) {
  const auto operator_id = callers.operator_of(call);
  if (!operator_id) return;
  if (auto asked = import_asked(call)) bulk.import(call, *operator_id, *std::move(asked));
}

}  // namespace doorbuster::links
