#include "sale/api/sale_pages.h"

#include "base/json_writer.h"
#include "platform/api/etag.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

// Rendered of this very listing, with these numbers. Versions of listings are of all sales together, but an archived
// sale has none.
template <class Rendered>
bool is_current(const Rendered& rendered, const Listing& listing, const LiveStatus::Read& read) {
  return listing.slot != kNoSlot && rendered.status_version == read.version &&
         rendered.listing_version == listing.version;
}

}  // namespace

const SalePage& SalePages::page_of(const Listing& listing) {
  SalePage& page = pages_[listing];
  const LiveStatus::Read read = listing.live->read();
  if (is_current(page, listing, read)) return page;
  page.status_version = read.version;
  page.listing_version = listing.version;
  page.body.clear();
  JsonWriter json(page.body);
  write_sale(json, listing, read.status);
  page.etag = platform::etag_of(page.body);
  page.cache_control = read.status.published ? "public, max-age=1" : "no-store";
  page.response.render({.content_type = "application/json",
                        .body = page.body,
                        .headers = {{"Cache-Control", page.cache_control}, {"ETag", page.etag}}});
  return page;
}

const net::PreparedResponse& SalePages::refusal_of(const Listing& listing, const LiveStatus::Read& read,
                                                   Outcome outcome) {
  PreparedRefusal& refusal = refusals_[listing];
  if (is_current(refusal, listing, read)) return refusal.response;
  refusal.status_version = read.version;
  refusal.listing_version = listing.version;
  const Reply reply{.outcome = outcome,
                    .sale_state = read.status.state,
                    .sale = listing.number,
                    .hold = {},
                    .entry = {},
                    .units = read.status.held + read.status.paying};
  refusal.response = prepare_refused("/api/v1/sales/" + listing.settings.id + "/holds", reply, catalog_, ids_);
  return refusal.response;
}

}  // namespace doorbuster::sale
