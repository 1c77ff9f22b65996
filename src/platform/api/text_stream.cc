#include "platform/api/text_stream.h"

#include <algorithm>
#include <utility>

namespace doorbuster::platform {
namespace {

constexpr size_t kPieceBytes = 192 * 1024;

}  // namespace

void TextStream::begin(net::Exchange& exchange, const net::Response& head, Give give) {
  begin_or_fail(exchange, head, std::move(give));
}

void TextStream::begin_or_fail(net::Exchange& exchange, const net::Response& head, GiveOrFail give) {
  const net::Ticket stream = exchange.begin_stream(head);
  readers_.push_back({stream, std::move(give)});
}

void TextStream::tick() {
  std::erase_if(readers_, [this](Reader& reader) { return feed(reader); });
}

bool TextStream::feed(Reader& reader) {
  net::Exchange* exchange = loop_.resume(reader.stream);
  if (exchange == nullptr) return true;  // the peer has gone, or asked for the head only
  const size_t room = std::min(exchange->stream_room() / 2, kPieceBytes);
  if (room < 2 * kLineBytesMax) return false;
  piece_.clear();
  const Result<bool> ended = reader.give(room - kLineBytesMax, piece_);
  if (!ended) {
    exchange->abort_stream();
    return true;
  }
  exchange->stream(piece_);
  if (*ended) exchange->end_stream();
  return *ended;
}

}  // namespace doorbuster::platform
