// Decodes a chunked body (RFC 9112 section 7.1) where it lies: the data moves together at the front of its own bytes,
// so that the handler sees one view and no second buffer exists.
//
// Stricter than a recipient must be: a size of at most 16 hexadecimal digits, CR LF everywhere, trailer fields well
// formed. Chunk extensions and trailers are read past and dropped, up to a bound for all of them together.
#pragma once

#include <cstddef>
#include <cstdint>

#include "net/head.h"

namespace doorbuster::net {

class ChunkDecoder {
 public:
  struct Progress {
    size_t used = 0;     // raw bytes taken
    size_t decoded = 0;  // bytes of data written to `out`
  };

  // Takes raw bytes and moves data to `out`, which may overlap `raw` from the front (out <= raw). Stops at the end of
  // the body, at a refusal, or when the bytes are used up.
  Progress decode(char* raw, size_t count, char* out, uint64_t body_bytes_max);

  [[nodiscard]] bool done() const { return state_ == State::kDone; }
  [[nodiscard]] const Refusal* refusal() const { return refusal_; }
  void reset() { *this = ChunkDecoder(); }

 private:
  enum class State : uint8_t {
    kSizeFirst,     // the first digit of a size
    kSize,          // further digits
    kExtension,     // behind a semicolon
    kSizeLineFeed,  // after the CR that ends a size line
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailerStart,  // the first byte of a trailer line, or the CR of the last line
    kTrailerName,
    kTrailerValue,
    kTrailerLineFeed,
    kLastLineFeed,
    kDone,
  };

  void framing_byte(char c, uint64_t body_bytes_max);
  void size_byte(char c);
  void trailer_byte(char c);
  void expect(char c, char wanted, State next);
  void end_size_line(uint64_t body_bytes_max);
  void refuse(const Refusal& refusal) { refusal_ = &refusal; }

  const Refusal* refusal_ = nullptr;
  uint64_t left_ = 0;      // of the current chunk's data
  uint64_t total_ = 0;     // of all chunks up to and with the current one
  uint32_t overhead_ = 0;  // bytes of extensions and trailers
  uint8_t digits_ = 0;
  State state_ = State::kSizeFirst;
};

}  // namespace doorbuster::net
