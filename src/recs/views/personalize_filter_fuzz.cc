// Filter expressions of Personalize of any bytes, with values of any bytes behind a line break: refused with a column,
// or asked of items.
#include "base/assert.h"
#include "recs/views/personalize_filter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::recs;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view expression = text.substr(0, text.find('\n'));
  const std::string_view rest = text.substr(std::min(text.size(), expression.size() + 1));
  const EventNames events;
  Item item{.name = "i"};
  item.content.categories = {"shoes"};
  item.content.price = 5;
  item.content.attributes = {{"genres", std::string("a|b||c")}, {"year", 2026.0}, {"is_new", true}};
  PersonalizeQuestion question{.values = {{"A", std::string(rest)}, {"B", "7"}}, .user = rest, .item = &item};
  (void)check_personalize(expression, events);
  const auto filter = parse_personalize(expression, question, events);
  if (!filter) {
    ASSERT(filter.error().message.starts_with("column "));
    return 0;
  }
  for (const EventKinds done : {EventKinds{0}, bit_of(EventKind::kPurchase)})
    (void)filter->accepts({.item = item, .is_bought = done != 0, .is_viewed = false, .done = done});
  return 0;
}
