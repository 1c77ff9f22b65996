// The whole path from bytes to requests and answers. The first byte says how the rest is cut into pieces; the pieces
// must mean what the whole means.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "net/testing/manual_loop.h"
#include "net/testing/recording_handler.h"

namespace {

using namespace doorbuster::net;
using doorbuster::net::testing::ManualLoop;
using doorbuster::net::testing::RecordingHandler;

struct Outcome {
  std::vector<std::string> seen;
  std::string output;
};

Limits tight_limits() {
  Limits limits;
  limits.connections = 1;
  limits.header_bytes = 512;
  limits.header_fields = 8;
  limits.body_bytes = 256;
  return limits;
}

// Pieces of pseudo-random size, from a seed; seed 0 is one piece.
Outcome run(std::string_view bytes, uint8_t seed) {
  RecordingHandler handler;
  ManualLoop loop(tight_limits());
  loop.set_handler(handler);
  const uint32_t connection = loop.connect();
  uint32_t state = seed;
  while (!bytes.empty()) {
    state = state * 1'664'525 + 1'013'904'223;
    const size_t piece = seed == 0 ? bytes.size() : std::min<size_t>(bytes.size(), 1 + (state >> 24) % seed);
    loop.send(connection, bytes.substr(0, piece));
    bytes.remove_prefix(piece);
  }
  loop.end(connection);
  ASSERT(loop.closed(connection) && loop.lent_bytes() == 0);
  return {handler.seen, loop.take_output(connection)};
}

// "100 Continue" depends on whether the content has arrived already, so it is not compared.
std::string without_continue(std::string output) {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  for (size_t at = output.find(kContinue); at != std::string::npos; at = output.find(kContinue))
    output.erase(at, kContinue.size());
  return output;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = run(bytes, 0);
  for (const uint8_t seed : {data[0], uint8_t{1}}) {
    const Outcome pieces = run(bytes, seed);
    ASSERT(pieces.seen == whole.seen);
    ASSERT(without_continue(pieces.output) == without_continue(whole.output));
  }
  return 0;
}
