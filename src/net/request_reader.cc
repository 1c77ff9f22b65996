#include "net/request_reader.h"

#include <algorithm>

#include "base/assert.h"
#include "net/text.h"

namespace doorbuster::net {
namespace {

constexpr Refusal kNotHttp = {Status::kBadRequest, "bad-request", "This does not begin like an HTTP request."};
constexpr Refusal kTooLarge = {Status::kContentTooLarge, "content-too-large", "The request's content is too large."};

// Of a method: every other first byte (a TLS hello, say) is refused before anybody waits for the rest of it.
bool may_begin_request(char c) {
  return is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

RequestReader::Next RequestReader::next(Buffer& in, const Limits& limits, Head& head) {
  if (refusal_ != nullptr) return Next::kRefused;
  ASSERT(request_size_ == 0);
  if (head_done_) return read_body(in, limits, head, false);
  if (!skip_empty_line(in)) return refusal_ != nullptr ? Next::kRefused : Next::kMore;
  return read_head(in, limits, head);
}

// One empty line before a request is an old client's mistake that RFC 9112 section 2.2 asks to ignore. False if there
// is nothing to read yet, or if it is refused.
bool RequestReader::skip_empty_line(Buffer& in) {
  if (in.empty()) return false;
  if (in.view()[0] == '\r' && !empty_line_skipped_) {
    if (in.size() < 2) return false;
    if (in.view()[1] == '\n') {
      in.consume(2);
      empty_line_skipped_ = true;
      if (in.empty()) return false;
    }
  }
  if (may_begin_request(in.view()[0])) [[likely]]
    return true;
  (void)refuse(kNotHttp);
  return false;
}

RequestReader::Next RequestReader::read_head(Buffer& in, const Limits& limits, Head& head) {
  if (const Refusal* refusal = scanner_.scan(in.view(), limits.header_bytes)) return refuse(*refusal);
  if (!scanner_.found()) return Next::kMore;
  if (const Refusal* refusal = parse_head(in.view().substr(0, scanner_.size()), limits, head)) return refuse(*refusal);
  if (head.framing == Framing::kNone) [[likely]] {
    body_ = {};
    request_size_ = static_cast<uint32_t>(scanner_.size());
    return Next::kRequest;
  }
  body_bytes_max_ = body_bytes_of(limits, head.path);
  if (head.content_length > body_bytes_max_) return refuse(kTooLarge);
  head_done_ = true;
  framing_ = head.framing;
  content_length_ = head.content_length;
  const Next outcome = read_body(in, limits, head, true);
  const bool tell = outcome == Next::kMore && head.expects_continue && !continue_told_;
  continue_told_ = true;
  return tell ? Next::kContinue : outcome;
}

RequestReader::Next RequestReader::read_body(Buffer& in, const Limits& limits, Head& head, bool head_is_fresh) {
  const Next outcome = framing_ == Framing::kLength ? read_length(in) : read_chunks(in);
  if (outcome == Next::kRequest && !head_is_fresh) {
    const Refusal* refusal = parse_head(in.view().substr(0, scanner_.size()), limits, head);
    ASSERT(refusal == nullptr);
  }
  return outcome;
}

RequestReader::Next RequestReader::read_length(Buffer& in) {
  const size_t whole = scanner_.size() + content_length_;
  if (in.size() < whole) return Next::kMore;
  body_ = in.view().substr(scanner_.size(), content_length_);
  request_size_ = static_cast<uint32_t>(whole);
  return Next::kRequest;
}

// The buffer holds head, decoded data, raw bytes. What the decoder has used up is closed over, so a body of tiny chunks
// takes no more room than its data.
RequestReader::Next RequestReader::read_chunks(Buffer& in) {
  const size_t data_at = scanner_.size();
  const size_t raw_at = data_at + decoded_;
  char* raw = in.begin() + raw_at;
  const size_t count = in.size() - raw_at;
  const ChunkDecoder::Progress progress = chunks_.decode(raw, count, raw, body_bytes_max_);
  decoded_ += static_cast<uint32_t>(progress.decoded);
  raw_bytes_ += progress.used;
  if (chunks_.refusal() != nullptr) return refuse(*chunks_.refusal());
  if (!chunks_.done()) {
    ASSERT(progress.used == count);
    in.truncate(data_at + decoded_);
    return Next::kMore;
  }
  body_ = in.view().substr(data_at, decoded_);
  request_size_ = static_cast<uint32_t>(raw_at + progress.used);
  return Next::kRequest;
}

void RequestReader::finish(Buffer& in) {
  ASSERT(request_size_ > 0);
  in.consume(request_size_);
  *this = RequestReader();
}

RequestReader::Phase RequestReader::phase(const Buffer& in) const {
  if (head_done_) return Phase::kBody;
  return in.empty() && !empty_line_skipped_ ? Phase::kNothing : Phase::kHead;
}

uint64_t RequestReader::body_bytes_received(const Buffer& in) const {
  if (framing_ == Framing::kChunked) return raw_bytes_;
  return in.size() - std::min(in.size(), scanner_.size());
}

size_t RequestReader::wanted(const Buffer& in) const {
  if (!head_done_ || framing_ != Framing::kLength) return 1;
  const size_t whole = scanner_.size() + content_length_;
  return whole > in.size() ? whole - in.size() : 1;
}

RequestReader::Next RequestReader::refuse(const Refusal& refusal) {
  refusal_ = &refusal;
  return Next::kRefused;
}

}  // namespace doorbuster::net
