// What kinds of things the demo shop sells, in which categories, and what each looks like.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace doorbuster::demo {

struct Category {
  std::string_view slug;  // in addresses, and the category's name in the catalogue
  std::string_view title;
  std::string_view words;                  // one sentence on its page
  uint32_t hue;                            // of the ground of its pictures, in degrees
  std::array<std::string_view, 6> brands;  // the dearest last
};

struct Kind {
  std::string_view slug;
  std::string_view word;  // "mirrorless camera"
  uint32_t category;
  uint32_t price_low;  // in whole units of the currency
  uint32_t price_high;
  std::string_view measure;  // an attribute of its own: its name and its range
  uint32_t measure_low;
  uint32_t measure_high;
  std::string_view praise;      // the end of a sentence that begins with what it is
  std::string_view companions;  // slugs with spaces between: what is bought with it, not the other way around
  // A drawing on 100 by 100: SVG in which $a, $b, $c stand for the colour of the item, a darker and a lighter one.
  std::string_view drawing;
};

[[nodiscard]] std::span<const Category> categories();
// Five of each category, in the categories' order.
[[nodiscard]] std::span<const Kind> kinds();
// The number of the kind of that slug; as many as there are if there is none.
[[nodiscard]] uint32_t kind_named(std::string_view slug);

inline constexpr uint32_t kKindsOfCategory = 5;

}  // namespace doorbuster::demo
