// Every bound of the HTTP layer, with defaults for a machine of two cores. All of them are per reactor (per core).
//
// Nothing in this layer grows past these numbers, whatever a peer sends or refuses to read: over a limit a request is
// answered 408, 413, 414, 431 or 503 and its connection is closed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace doorbuster::net {

// Request fields that a head can hold at all; Limits::header_fields may be lower.
inline constexpr size_t kHeaderFieldsMax = 96;

// A path whose requests may have more content than others.
struct LargerBody {
  std::string path;  // without a query
  uint32_t bytes = 0;
};

struct Limits {
  uint32_t connections = 8192;
  uint32_t connections_per_address = 4096;  // one address never takes all of them
  uint32_t header_bytes = 16 * 1024;        // request line and fields together
  uint32_t header_fields = 64;
  uint32_t body_bytes = 64 * 1024;               // after decoding
  std::vector<LargerBody> larger_bodies = {};    // where body_bytes is not enough
  uint32_t pipelined_per_turn = 64;              // requests of one connection before the others get their turn
  uint32_t pending_output_bytes = 256 * 1024;    // unread answers after which a connection's requests wait
  uint64_t buffer_bytes = 256ULL * 1024 * 1024;  // all input and output buffers

  Duration header_time = Duration::seconds(10);  // from a request's first byte to the end of its head
  Duration receive_grace = Duration::seconds(5);
  uint32_t receive_bytes_per_second_min = 500;  // of a body, once receive_grace is over
  Duration send_grace = Duration::seconds(10);
  uint32_t send_bytes_per_second_min = 500;       // that a peer must read, once send_grace is over
  Duration idle_time = Duration::seconds(60);     // before a connection's first request, and between requests
  Duration deferred_time = Duration::seconds(5);  // for a deferred answer; then 503
  Duration linger_time =
      Duration::seconds(2);  // reading what an ended connection still sends, so that it gets its answer
};

// How much content a request to that path may have.
[[nodiscard]] uint32_t body_bytes_of(const Limits& limits, std::string_view path);

// kInvalid names the first limit that cannot work.
[[nodiscard]] Result<void> check(const Limits& limits);

}  // namespace doorbuster::net
