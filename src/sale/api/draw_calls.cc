#include <utility>

#include "platform/api/text_stream.h"
#include "sale/api/calls.h"
#include "sale/api/report_reader.h"

namespace doorbuster::sale {
namespace {

void stream_record(const Call& call, const DrawBook::Cursor& begin, const AllViews& views,
                   platform::TextStream& texts) {
  const net::Response head{.content_type = "text/plain; charset=us-ascii", .headers = {{"Cache-Control", "no-cache"}}};
  // An archived sale stays in memory until its record is given.
  auto give = [&views, cursor = begin, kept = views.of(begin.sale).archived().find(begin.sale)](
                  size_t bytes, std::string& piece) mutable {
    views.look(cursor.sale, [&](const SaleViews& known) { known.draws.give(cursor, bytes, piece); });
    return cursor.ended;
  };
  texts.begin(call.exchange, head, std::move(give));
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

void show_transcript(const Call& call, RequestReader& reader, const AllViews& views, platform::TextStream& texts) {
  const Listing* listing = reader.sale_of(call);
  if (listing == nullptr || !can_show(call, views, listing->number)) return;
  const auto cursor =
      views.look(listing->number, [&](const SaleViews& known) { return known.draws.begin(listing->number); });
  if (cursor) return stream_record(call, *cursor, views, texts);
  respond_problem(call.exchange, call.request.path(), net::Status::kConflict, "not-drawn", "Nothing has been drawn",
                  why_not_drawn(*listing, listing->status()));
}

}  // namespace doorbuster::sale
