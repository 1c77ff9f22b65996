#include "sale/api/calls.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
void show_sale(Desk& desk, const Call& call) {
  const Listing* listing = desk.sale_of(call);
  if (listing == nullptr) return;
  const bool is_draft = desk.shared().board.read(listing->number).status.state == SaleState::kDraft;
  if (is_draft && !desk.operator_of(call)) return;
  const Desk::SalePage& page = desk.page_of(*listing);
  if (call.request.header(net::Known::kIfNoneMatch) == page.etag) {
    return call.exchange.respond(net::Response{
        .status = net::Status::kNotModified, .headers = {{"Cache-Control", "public, max-age=1"}, {"ETag", page.etag}}});
  }
  call.exchange.respond(page.response);
}

void list_sales(Desk& desk, const Call& call) {
  std::string& body = call.exchange.scratch();
  body = R"({"sales":[)";
  bool first = true;
  for (const auto& listing : desk.directory().by_number) {
    const PublicStatus status = desk.shared().board.read(listing->number).status;
    if (status.state == SaleState::kDraft) continue;
    if (!std::exchange(first, false)) body += ',';
    body += desk.page_of(*listing).body;
  }
  body += "]}";
  call.exchange.respond(net::Response{
      .content_type = "application/json", .body = body, .headers = {{"Cache-Control", "public, max-age=1"}}});
}

}  // namespace doorbuster::sale
