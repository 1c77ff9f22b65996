// Filters of any bytes: refused with a column, or asked of items.
#include "base/assert.h"
#include "recs/views/filter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::recs;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto filter = Filter::parse(text);
  if (!filter) {
    ASSERT(filter.error().message.starts_with("column "));
    return 0;
  }
  Item item{.name = "i"};
  item.content.categories = {"shoes"};
  item.content.price = 5;
  item.content.attributes = {{"size", 42.0}, {"colour", std::string("red")}};
  for (const bool truth : {false, true}) (void)filter->accepts({.item = item, .is_bought = truth, .is_viewed = !truth});
  return 0;
}
