#include "net/chunked.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "net/text.h"

namespace doorbuster::net {
namespace {

// For extensions and trailers of one body: nobody needs them here, and each could otherwise be endless.
constexpr uint32_t kOverheadMax = 4096;
constexpr uint8_t kSizeDigitsMax = 16;

constexpr Refusal kBadChunk = {Status::kBadRequest, "bad-request", "The chunked body is malformed."};
constexpr Refusal kTooMuchOverhead = {Status::kBadRequest, "bad-request",
                                      "The chunk extensions or trailer fields are too large."};
constexpr Refusal kBodyTooLarge = {Status::kContentTooLarge, "content-too-large",
                                   "The request's content is too large."};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_text(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); }

bool is_token(char c) { return is_alphanumeric(c) || (c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr); }

}  // namespace

ChunkDecoder::Progress ChunkDecoder::decode(char* raw, size_t count, char* out, uint64_t body_bytes_max) {
  Progress progress;
  while (progress.used < count && refusal_ == nullptr && state_ != State::kDone) {
    if (state_ != State::kData) {
      framing_byte(raw[progress.used++], body_bytes_max);
      continue;
    }
    const size_t run = static_cast<size_t>(std::min<uint64_t>(left_, count - progress.used));
    std::memmove(out + progress.decoded, raw + progress.used, run);
    progress.used += run;
    progress.decoded += run;
    left_ -= run;
    if (left_ == 0) state_ = State::kDataReturn;
  }
  return progress;
}

void ChunkDecoder::framing_byte(char c, uint64_t body_bytes_max) {
  switch (state_) {
    case State::kSizeFirst:
    case State::kSize:
    case State::kExtension:
      return size_byte(c);
    case State::kSizeLineFeed:
      if (c != '\n') return refuse(kBadChunk);
      return end_size_line(body_bytes_max);
    case State::kDataReturn:
      return expect(c, '\r', State::kDataLineFeed);
    case State::kDataLineFeed:
      return expect(c, '\n', State::kSizeFirst);
    case State::kTrailerStart:
    case State::kTrailerName:
    case State::kTrailerValue:
      return trailer_byte(c);
    case State::kTrailerLineFeed:
      return expect(c, '\n', State::kTrailerStart);
    case State::kLastLineFeed:
      return expect(c, '\n', State::kDone);
    case State::kData:
    case State::kDone:
      break;
  }
  ASSERT(false && "data is not framing");
}

void ChunkDecoder::size_byte(char c) {
  const int digit = state_ == State::kExtension ? -1 : hex_value(c);
  if (digit >= 0) {
    if (++digits_ > kSizeDigitsMax) return refuse(kBadChunk);
    left_ = left_ * 16 + static_cast<uint64_t>(digit);
    state_ = State::kSize;
    return;
  }
  if (state_ == State::kSizeFirst) return refuse(kBadChunk);
  if (c == '\r') {
    state_ = State::kSizeLineFeed;
    return;
  }
  if (state_ == State::kSize && c != ';') return refuse(kBadChunk);
  if (!is_text(c)) return refuse(kBadChunk);
  state_ = State::kExtension;
  if (++overhead_ > kOverheadMax) refuse(kTooMuchOverhead);
}

void ChunkDecoder::end_size_line(uint64_t body_bytes_max) {
  digits_ = 0;
  if (left_ > body_bytes_max - total_) return refuse(kBodyTooLarge);
  total_ += left_;
  state_ = left_ == 0 ? State::kTrailerStart : State::kData;
}

void ChunkDecoder::trailer_byte(char c) {
  if (++overhead_ > kOverheadMax) return refuse(kTooMuchOverhead);
  if (state_ == State::kTrailerValue) {
    if (c == '\r') {
      state_ = State::kTrailerLineFeed;
    } else if (!is_text(c)) {
      refuse(kBadChunk);
    }
    return;
  }
  if (state_ == State::kTrailerStart && c == '\r') {
    state_ = State::kLastLineFeed;
    return;
  }
  if (state_ == State::kTrailerName && c == ':') {
    state_ = State::kTrailerValue;
    return;
  }
  if (!is_token(c)) return refuse(kBadChunk);
  state_ = State::kTrailerName;
}

void ChunkDecoder::expect(char c, char wanted, State next) {
  if (c != wanted) return refuse(kBadChunk);
  state_ = next;
}

}  // namespace doorbuster::net
