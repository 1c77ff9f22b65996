// Whatever the bytes: they are events or they are refused, and what was read as events is written as the same bytes,
// once those from before events had a length have got one.
#include "base/assert.h"
#include "sale/machine/events.h"

namespace {

using namespace doorbuster;

// As far as the bytes are events.
std::vector<std::byte> rewritten(Bytes events) {
  std::vector<std::byte> again;
  (void)sale::for_each_known_event(
      events, [&](auto& event) { sale::encode(event, again); }, [](uint8_t) {});
  return again;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::vector<std::byte> events = rewritten(std::as_bytes(std::span(data, size)));
  ASSERT(rewritten(events) == events);
  return 0;
}
