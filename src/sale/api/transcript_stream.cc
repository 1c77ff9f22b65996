#include "sale/api/transcript_stream.h"

#include <algorithm>

namespace doorbuster::sale {
namespace {

constexpr size_t kPieceBytes = 192 * 1024;
constexpr size_t kLineBytesMax = 512;  // more than any line has, and than the head

}  // namespace

void TranscriptStream::begin(net::Exchange& exchange, const DrawBook::Cursor& cursor) {
  const net::Ticket stream = exchange.begin_stream(
      {.content_type = "text/plain; charset=us-ascii", .headers = {{"Cache-Control", "no-cache"}}});
  readers_.push_back({stream, cursor});
}

void TranscriptStream::tick() {
  std::erase_if(readers_, [this](Reader& reader) { return feed(reader); });
}

bool TranscriptStream::feed(Reader& reader) {
  net::Exchange* exchange = loop_.resume(reader.stream);
  if (exchange == nullptr) return true;  // the peer has gone, or asked for the head only
  const size_t room = std::min(exchange->stream_room() / 2, kPieceBytes);
  if (room < kLineBytesMax) return false;
  piece_.clear();
  const Shared& shared = desk_.shared();
  shared.follower.look([&] { shared.draws.give(reader.cursor, room - kLineBytesMax, piece_); });
  exchange->stream(piece_);
  if (reader.cursor.ended) exchange->end_stream();
  return reader.cursor.ended;
}

}  // namespace doorbuster::sale
