// Whatever a file holds: it is read, and nothing that no line could stand for is among what it finds.
#include "links/abuse/threat_list.h"

#include <algorithm>

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster::links;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ThreatList list = ThreatList::read(text, "fuzzed");
  const auto lines = static_cast<size_t>(std::ranges::count(text, '\n')) + 1;
  ASSERT(list.entries() + list.lines_skipped() <= lines);
  ASSERT(list.lines_skipped() == 0 || list.first_skipped() <= lines);
  const Threat found = list.find(threat_hashes("https://a.b.shop.example/x/y?z"));
  ASSERT(found == Threat::kNone || list.entries() > 0);
  return 0;
}
