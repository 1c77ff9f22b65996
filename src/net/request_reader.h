// Cuts the bytes of a connection into requests: head, content (decoded), and where the next one begins.
//
// Works on what has arrived, as often as more arrives, and gives the same requests and refusals wherever the bytes were
// cut. Knows no sockets and no time, and keeps no views: a head whose content was not there yet is parsed again when it
// is.
#pragma once

#include <cstdint>
#include <string_view>

#include "net/buffer.h"
#include "net/chunked.h"
#include "net/head.h"
#include "net/limits.h"

namespace doorbuster::net {

class RequestReader {
 public:
  enum class Next {
    kMore,      // the buffer holds no whole request
    kContinue,  // the same, and the peer waits for "100 Continue" before it sends the content
    kRequest,   // `head` and body() are valid until the buffer changes; then call finish()
    kRefused,   // see refusal(); nothing more can be read from this connection
  };

  // Where a request stands, for deadlines.
  enum class Phase : uint8_t { kNothing, kHead, kBody };

  [[nodiscard]] Next next(Buffer& in, const Limits& limits, Head& head);

  // Takes the request off the buffer.
  void finish(Buffer& in);

  [[nodiscard]] std::string_view body() const { return body_; }
  [[nodiscard]] const Refusal& refusal() const { return *refusal_; }
  // kNothing while not one byte of a request is there.
  [[nodiscard]] Phase phase(const Buffer& in) const;
  // Of content, raw, by now.
  [[nodiscard]] uint64_t body_bytes_received(const Buffer& in) const;
  // How many more bytes make the request whole, as far as is known: a hint for the size of a buffer.
  [[nodiscard]] size_t wanted(const Buffer& in) const;

 private:
  [[nodiscard]] bool skip_empty_line(Buffer& in);
  Next read_head(Buffer& in, const Limits& limits, Head& head);
  Next read_body(Buffer& in, const Limits& limits, Head& head, bool head_is_fresh);
  Next read_length(Buffer& in);
  Next read_chunks(Buffer& in);
  Next refuse(const Refusal& refusal);

  HeadScanner scanner_;
  ChunkDecoder chunks_;
  const Refusal* refusal_ = nullptr;
  std::string_view body_;
  uint64_t content_length_ = 0;
  uint32_t body_bytes_max_ = 0;
  uint64_t raw_bytes_ = 0;     // of a chunked body, taken by the decoder
  uint32_t decoded_ = 0;       // of a chunked body, behind the head in the buffer
  uint32_t request_size_ = 0;  // bytes to take off at finish()
  Framing framing_ = Framing::kNone;
  bool head_done_ = false;
  bool empty_line_skipped_ = false;
  bool continue_told_ = false;
};

}  // namespace doorbuster::net
