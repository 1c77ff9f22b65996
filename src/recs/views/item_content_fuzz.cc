// What a shop says of an item, as any bytes: refused, or kept as it was read, found again by its words and vectors, and
// nothing that was made of it is no number.
#include <cmath>

#include "base/assert.h"
#include "recs/views/content_index.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::recs;
  const auto content = parse_content({reinterpret_cast<const char*>(data), size});
  if (!content) return 0;
  const std::string printed = print_content(*content);
  Content read = parse_content(printed).value();
  ASSERT(print_content(read) == printed);
  for (const auto& [name, vector] : read.vectors)
    ASSERT(vector.size() >= kDimensionsMin && vector.size() <= kDimensionsMax);
  const size_t vectors = read.vectors.size();
  ContentIndex index({});
  for (const uint32_t item : {1U, 2U}) {
    Content copy = read;
    index.put(item, copy);
    ASSERT(copy.vectors.empty());
    index.add_vectors(item, copy);
    ASSERT(copy.vectors == read.vectors);
  }
  ASSERT(index.near(1, 5, [](uint32_t) { return true; }, {}).size() == (index.has(1) ? 1 : 0));
  ASSERT(std::isfinite(index.likeness(1, 2)) && index.likeness(1, 2) > static_cast<double>(vectors) - 0.01);
  index.remove(1);
  ASSERT(!index.has(1));
  return 0;
}
