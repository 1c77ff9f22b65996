#include "sale/api/calls.h"
#include "sale/api/refusals.h"
#include "sale/api/text_stream.h"

namespace doorbuster::sale {
namespace {

void stream_record(Desk& desk, const Call& call, const DrawBook::Cursor& begin) {
  const net::Response head{.content_type = "text/plain; charset=us-ascii", .headers = {{"Cache-Control", "no-cache"}}};
  desk.texts().begin(call.exchange, head, [&desk, cursor = begin](size_t bytes, std::string& piece) mutable {
    const Shared& shared = desk.shared();
    shared.follower.look([&] { shared.draws.give(cursor, bytes, piece); });
    return cursor.ended;
  });
}

}  // namespace

void show_transcript(Desk& desk, const Call& call) {
  const Listing* listing = desk.sale_of(call);
  if (listing == nullptr) return;
  const Shared& shared = desk.shared();
  if (!shared.follower.caught_up()) {
    return respond_busy(call.exchange, call.request.path(), "catching-up",
                        "The record is being rebuilt from the log after a start.");
  }
  const auto cursor = shared.follower.look([&] { return shared.draws.begin(listing->number); });
  if (cursor) return stream_record(desk, call, *cursor);
  const bool has_draw = listing->settings.queue == QueueKind::kDraw;
  respond_problem(call.exchange, call.request.path(), net::Status::kConflict, "not-drawn", "Nothing has been drawn",
                  has_draw ? "The transcript is public from the opening of the sale on."
                           : "This sale has no draw: its queue is not one.");
}

}  // namespace doorbuster::sale
