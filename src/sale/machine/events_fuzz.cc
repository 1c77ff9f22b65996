// Whatever the bytes: they are events or they are refused, and what was read as events is written as the same bytes.
#include <algorithm>

#include "base/assert.h"
#include "sale/machine/events.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  std::vector<std::byte> again;
  const auto rewrite = [&](auto& event) { sale::encode(event, again); };
  const bool is_whole = sale::for_each_event(bytes, rewrite).has_value();
  ASSERT(!is_whole || again.size() == size);
  ASSERT(again.size() <= size && std::equal(again.begin(), again.end(), bytes.begin()));
  return 0;
}
