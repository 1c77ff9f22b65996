// Whatever bytes a store holds: they are a link, which is written as it was read, or are refused.
#include "links/store/link.h"

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::links;
  const auto link = decode_link("code", Bytes(reinterpret_cast<const std::byte*>(data), size));
  if (!link) return 0;
  const auto again = decode_link("code", encode_link(*link));
  ASSERT(again.has_value() && *again == *link);
  return 0;
}
