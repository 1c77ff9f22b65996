// A position file of any bytes is refused with a message or reads the same after writing it.
#include "base/assert.h"
#include "platform/webhooks/position_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::platform;
  const SourceId only_source{.service = "sale", .cell = 0};
  const auto position = decode_position("till", {reinterpret_cast<const char*>(data), size}, only_source);
  if (!position) {
    ASSERT(!position.error().message.empty());
    return 0;
  }
  const std::string written = encode_position("till", *position);
  const auto again = decode_position("till", written, only_source);
  ASSERT(again.has_value() && encode_position("till", *again) == written);
  return 0;
}
