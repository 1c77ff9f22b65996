// The head of a request: request line and fields, checked against RFC 9112 with nothing guessed.
//
// What two servers could understand differently is refused: folded fields, lists of lengths, foreign transfer codings,
// a missing or second Host, HTTP/1.0 with Transfer-Encoding. The bytes are read once, eight at a time where nothing but
// their end is looked for (docs/decisions/0022).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "net/limits.h"
#include "net/status.h"

namespace doorbuster::net {

struct Field {
  std::string_view name;
  std::string_view value;
};

// Fields that handlers ask for often: found while parsing, read without a search.
enum class Known : uint8_t {
  kHost,
  kAuthorization,
  kIdempotencyKey,
  kContentType,
  kContentLength,
  kTransferEncoding,
  kCookie,
  kIfNoneMatch,
  kTraceparent,
  kAccept,
  kOrigin,
  kUserAgent,
  kExpect,
  kReferer,
  kCount,
};

// Why a request is refused: the answer's status, the last part of its problem type, and a sentence that says what to
// change.
struct Refusal {
  Status status;
  std::string_view slug;
  std::string_view detail;
};

enum class Framing : uint8_t { kNone, kLength, kChunked };

// Views into the buffer that was parsed.
struct Head {
  static constexpr uint8_t kAbsent = 0xFF;

  Method method = Method::kOther;
  Framing framing = Framing::kNone;
  uint8_t minor_version = 1;  // HTTP/1.x
  bool keep_alive = false;
  bool expects_continue = false;
  uint8_t field_count = 0;
  uint64_t content_length = 0;
  std::string_view method_name;
  std::string_view target;     // as sent
  std::string_view authority;  // of an absolute-form target, else of Host
  std::string_view path;       // "/api/v1/sales", still percent-encoded; "*" only for OPTIONS
  std::string_view query;      // without the question mark
  std::array<uint8_t, static_cast<size_t>(Known::kCount)> known;  // index into fields, or kAbsent
  std::array<Field, kHeaderFieldsMax> fields;

  [[nodiscard]] std::span<const Field> all_fields() const { return {fields.data(), field_count}; }
  [[nodiscard]] bool has(Known name) const { return known[static_cast<size_t>(name)] != kAbsent; }
  [[nodiscard]] std::string_view value(Known name) const {
    return has(name) ? fields[known[static_cast<size_t>(name)]].value : std::string_view();
  }
};

// Parses a whole head, CRLF CRLF included, as HeadScanner found it. Null on success, else why it is refused.
[[nodiscard]] const Refusal* parse_head(std::string_view block, const Limits& limits, Head& head);

// Finds the end of a head in a buffer that grows, looking at each byte once. Lines must end with CRLF, and no line
// after the first may begin with white space (obs-fold, RFC 9112 section 5.2).
class HeadScanner {
 public:
  // The bytes from the request's first on, as many as there are by now. Null while undecided or when found.
  [[nodiscard]] const Refusal* scan(std::string_view bytes, size_t header_bytes_max);
  [[nodiscard]] bool found() const { return size_ > 0; }
  // Of the head, once found.
  [[nodiscard]] size_t size() const { return size_; }
  void reset() { *this = HeadScanner(); }

 private:
  uint32_t scanned_ = 0;
  uint32_t line_start_ = 0;
  uint32_t size_ = 0;
};

}  // namespace doorbuster::net
