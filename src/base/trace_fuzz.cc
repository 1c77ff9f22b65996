// Whatever a peer sends as a trace context is refused, or means the same after we have written it again.
#include "base/assert.h"
#include "base/trace.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto trace = doorbuster::parse_traceparent(text)) {
    const std::string written = doorbuster::format_traceparent(*trace);
    ASSERT(doorbuster::parse_traceparent(written) == trace);
    ASSERT(written.substr(2, 50) == text.substr(2, 50));
  }
  return 0;
}
