// keys.json of any bytes is refused with a message, or read, made usable, and written back to something that reads the
// same.
#include "auth/key_set.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::auth;
  const auto records = decode_keys({reinterpret_cast<const char*>(data), size});
  if (!records) {
    ASSERT(!records.error().message.empty());
    return 0;
  }
  const std::array<std::byte, 32> master{};
  const std::string written = encode_keys(sealed(*records, master));
  const auto again = decode_keys(written);
  ASSERT(again.has_value() && encode_keys(*again) == written && is_sealed(*again, master));
  ASSERT(KeySet(*records).jwt.size() == records->shops.size());
  return 0;
}
