#include "platform/api/etag.h"
#include "sale/api/calls.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

bool respond_if_unchanged(const Call& call, std::string_view etag, std::string_view cache_control) {
  if (!platform::names_etag(call.request.header(net::Known::kIfNoneMatch), etag)) return false;
  call.exchange.respond(net::Response{.status = net::Status::kNotModified,
                                      .headers = {{"Cache-Control", cache_control}, {"ETag", etag}}});
  return true;
}

}  // namespace

void show_sale(const Call& call, RequestReader& reader, SalePages& pages) {
  const Listing* listing = reader.sale_of(call);
  if (listing == nullptr) return;
  const SalePage& page = pages.page_of(*listing);
  if (!respond_if_unchanged(call, page.etag, page.cache_control)) call.exchange.respond(page.response);
}

// Operators see drafts, too, so what they see must not come from a cache that others share.
void list_sales(const Call& call, RequestReader& reader, const SaleCatalog& catalog, SalePages& pages) {
  const bool with_drafts = reader.is_operator(call);
  if (with_drafts && !reader.operator_of(call)) return;
  std::string& body = call.exchange.scratch();
  std::string etags;
  body = R"({"sales":[)";
  catalog.page().for_each([&](const Listing& listing) {
    if (!with_drafts && !listing.status().published) return;
    const SalePage& page = pages.page_of(listing);
    if (!etags.empty()) body += ',';
    body += page.body;
    etags += page.etag;
  });
  body += "]}";
  const std::string etag = platform::etag_of(etags);
  const std::string_view cache_control = with_drafts ? "no-store" : "public, max-age=1";
  if (respond_if_unchanged(call, etag, cache_control)) return;
  call.exchange.respond(net::Response{
      .content_type = "application/json", .body = body, .headers = {{"Cache-Control", cache_control}, {"ETag", etag}}});
}

}  // namespace doorbuster::sale
