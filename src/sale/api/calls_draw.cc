#include "platform/api/text_stream.h"
#include "sale/api/calls.h"
#include "sale/api/refusals.h"

namespace doorbuster::sale {
namespace {

void stream_record(Desk& desk, const Call& call, const DrawBook::Cursor& begin) {
  const net::Response head{.content_type = "text/plain; charset=us-ascii", .headers = {{"Cache-Control", "no-cache"}}};
  desk.texts().begin(call.exchange, head, [&desk, cursor = begin](size_t bytes, std::string& piece) mutable {
    const Shared& shared = desk.shared();
    shared.views.look(cursor.sale, [&](const SaleViews& views) { views.draws.give(cursor, bytes, piece); });
    return cursor.ended;
  });
}

std::string why_not_drawn(const Listing& listing, const PublicStatus& status) {
  if (listing.settings.queue != QueueKind::kDraw) return "This sale has no draw: its queue is not one.";
  if (status.state == SaleState::kClosed) return "This sale was closed before anything was drawn.";
  if (!listing.beacon) return "The transcript is public from the opening of the sale on.";
  return "The places are drawn, and the transcript is public, once round " + std::to_string(listing.beacon->round) +
         " of " + listing.beacon->source + " is known, which is public at " +
         format_rfc3339(listing.beacon->published_at) + ".";
}

}  // namespace

void show_transcript(Desk& desk, const Call& call) {
  const Listing* listing = desk.sale_of(call);
  if (listing == nullptr) return;
  const Shared& shared = desk.shared();
  if (!shared.views.caught_up()) {
    return respond_busy(call.exchange, call.request.path(), "catching-up",
                        "The record is being rebuilt from the log after a start.");
  }
  const auto cursor =
      shared.views.look(listing->number, [&](const SaleViews& views) { return views.draws.begin(listing->number); });
  if (cursor) return stream_record(desk, call, *cursor);
  respond_problem(call.exchange, call.request.path(), net::Status::kConflict, "not-drawn", "Nothing has been drawn",
                  why_not_drawn(*listing, shared.board.read(listing->number).status));
}

}  // namespace doorbuster::sale
