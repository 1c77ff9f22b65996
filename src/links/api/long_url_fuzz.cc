// Whatever somebody wants to shorten: what is taken is one line of printable ASCII, and is taken again as it is.
#include "links/api/long_url.h"

#include <algorithm>

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster::links;
  const auto url = parse_long_url({reinterpret_cast<const char*>(data), size});
  if (!url) return 0;
  ASSERT(url->starts_with("http://") || url->starts_with("https://"));
  ASSERT(std::ranges::all_of(*url, [](char c) { return c > ' ' && c < 0x7F; }));
  const auto again = parse_long_url(*url);
  ASSERT(again.has_value() && *again == *url);
  (void)leads_to_code(*url, "https://go.example");
  return 0;
}
