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
  const auto asked = platform::page_asked(call);
  if (!asked) return;
  std::string& body = call.exchange.scratch();
  std::string etags;
  size_t total = 0;
  size_t shown = 0;
  body = R"({"sales":[)";
  catalog.page().for_each([&](const Listing& listing) {
    if (!with_drafts && !listing.status().published) return;
    const bool is_on_page = total++ >= asked->offset && shown < asked->limit && body.size() <= platform::kPageBytes;
    if (!is_on_page) return;
    const SalePage& page = pages.page_of(listing);
    if (shown++ > 0) body += ',';
    body += page.body;
    etags += page.etag;
  });
  const std::string counts = "\"offset\":" + std::to_string(asked->offset) + ",\"total\":" + std::to_string(total);
  body += "]," + counts + "}";
  etags += counts;
  const std::string etag = platform::etag_of(etags);
  const std::string_view cache_control = with_drafts ? "no-store" : "public, max-age=1";
  if (respond_if_unchanged(call, etag, cache_control)) return;
  call.exchange.respond(net::Response{
      .content_type = "application/json", .body = body, .headers = {{"Cache-Control", cache_control}, {"ETag", etag}}});
}

}  // namespace doorbuster::sale
