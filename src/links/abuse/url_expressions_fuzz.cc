// Whatever an address is: its canonical form is canonical, and its expressions are few and begin with it.
#include "links/abuse/url_expressions.h"

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::links;
  const auto url = canonical_url({reinterpret_cast<const char*>(data), size});
  if (!url) return 0;
  ASSERT(!url->host.empty() && url->path.starts_with('/'));
  for (const std::string& text : {url->host, url->path, url->query}) {
    for (const char c : text) ASSERT(static_cast<uint8_t>(c) > 0x20 && static_cast<uint8_t>(c) < 0x7F && c != '#');
  }
  const auto expressions = url_expressions(*url);
  ASSERT(!expressions.empty() && expressions.size() <= kExpressionsMax);
  ASSERT(expressions.front() == url->host + url->path + url->query);
  return 0;
}
