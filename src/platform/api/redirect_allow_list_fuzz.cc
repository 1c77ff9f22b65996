// Whatever is let through is at the listed origin, at or below the listed path, and stays so with an admission added.
#include <string_view>

#include "base/assert.h"
#include "platform/api/redirect_allow_list.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster::platform;
  static const RedirectAllowList list = *RedirectAllowList::make({"https://shop.example/checkout"});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto found = list.find(text);
  if (!found) return 0;
  ASSERT(found->origin == "https://shop.example" && found->path.starts_with("/checkout"));
  ASSERT(found->path.size() == 9 || found->path[9] == '/');
  const std::string address = with_admission(*found, "TOKEN");
  ASSERT(address.find_first_of("\\ \t\r\n\"<>") == std::string::npos);
  if (text.size() + 32 < kReturnAddressBytesMax) {
    const auto again = list.find(address);
    ASSERT(again && again->path == found->path && again->fragment == found->fragment);
    ASSERT(without_admission(*again).text() == without_admission(*found).text());
  }
  return 0;
}
