#include "recs/views/item_content.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace doorbuster::recs {
namespace {

constexpr size_t kWordBytesMax = 128;
constexpr size_t kAttributeBytesMax = 500;
constexpr size_t kTitleBytesMax = 500;
constexpr size_t kTextBytesMax = 8'000;
constexpr size_t kUrlBytesMax = 2'048;
constexpr double kPriceMax = 1e12;
// Of the numbers of a vector, so that their squares are numbers, too.
constexpr double kVectorNumberMax = 1e12;
constexpr float kVectorNumberMin = 1e-12F;
constexpr StringRule kWordRule{.min_bytes = 1, .max_bytes = kWordBytesMax, .needs = "1 to 128 bytes"};

void read_categories(const JsonObject& object, Content& content) {
  object.optional("categories").array(kCategoriesMax).each([&](const JsonValue& value) {
    const std::string category(value.string(kWordRule));
    if (std::ranges::find(content.categories, category) == content.categories.end())
      content.categories.push_back(category);
  });
}

void read_sales(const JsonObject& object, Content& content) {
  object.optional("sales").array(kSalesMax).each([&](const JsonValue& value) {
    const std::string sale(value.string(kWordRule));
    if (std::ranges::find(content.sales, sale) == content.sales.end()) content.sales.push_back(sale);
  });
}

bool is_address(std::string_view text) {
  const bool is_web = text.starts_with("https://") || text.starts_with("http://");
  const bool is_path = text.starts_with('/') && !text.starts_with("//");
  return text.empty() || ((is_web || is_path) && text.find_first_of(" \"'<>\\\n\r\t") == std::string_view::npos);
}

// Pages lead there, so nothing but the web and paths of the shop's own.
std::string address_in(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.optional(name);
  if (!value.present()) return {};
  const std::string text(value.string({.max_bytes = kUrlBytesMax}));
  if (!is_address(text)) value.refuse("an address begins with https://, http:// or /, and has no spaces in it");
  return text;
}

// A text, a number or a boolean: what JSON says it is.
void read_attribute(std::string_view name, const JsonValue& value, Content& content) {
  if (name.empty() || name.size() > kWordBytesMax) value.refuse("an attribute's name has 1 to 128 bytes");
  if (content.attributes.size() == kAttributesMax) value.refuse("an item has 64 attributes at most");
  Attribute& attribute = content.attributes[std::string(name)];
  if (value.is_string())
    attribute = std::string(value.string({.max_bytes = kAttributeBytesMax}));
  else if (value.is_boolean())
    attribute = value.boolean();
  else
    attribute = value.number({.min = -1e300, .max = 1e300, .needs = "a text, a number, true or false"});
}

void read_vector(std::string_view name, const JsonValue& value, Content& content) {
  if (content.vectors.size() == kVectorsMax) value.refuse("an item has 4 vectors at most");
  std::vector<float>& vector = content.vectors[std::string(name)];
  value.array(kDimensionsMax).each([&](const JsonValue& number) {
    vector.push_back(static_cast<float>(number.number({.min = -kVectorNumberMax, .max = kVectorNumberMax})));
  });
  const bool is_zero = std::ranges::all_of(vector, [](float number) { return std::abs(number) < kVectorNumberMin; });
  size_t all = 0;
  for (const auto& [other, numbers] : content.vectors) all += numbers.size();
  if (all > kDimensionsOfItemMax) value.refuse("an item's vectors have 1,536 numbers at most, all together");
  if (vector.size() < kDimensionsMin || is_zero) value.refuse("a vector has 8 to 1,024 numbers, not all of them 0");
}

// Six digits are more than any model made.
std::string text_of(float number) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, 6).ptr;
  return {text.data(), end};
}

}  // namespace

Content read_content(const JsonObject& object) {
  Content content;
  read_categories(object, content);
  const JsonValue price = object.optional("price");
  if (price.present() && !price.is_null()) content.price = price.number({.min = 0, .max = kPriceMax});
  content.currency = object.optional("currency").string({.max_bytes = 3});
  content.in_stock = object.optional("in_stock").boolean(true);
  content.brand = object.optional("brand").string({.max_bytes = kWordBytesMax});
  content.title = object.optional("title").string({.max_bytes = kTitleBytesMax});
  content.text = object.optional("text").string({.max_bytes = kTextBytesMax});
  content.url = address_in(object, "url");
  content.image = address_in(object, "image");
  read_sales(object, content);
  const JsonValue published = object.optional("published_at");
  if (published.present() && !published.is_null()) content.published_at = published.time();
  object.optional("attributes").object().each([&](std::string_view name, const JsonValue& value) {
    read_attribute(name, value, content);
  });
  object.optional("vectors").object().each(
      [&](std::string_view name, const JsonValue& value) { read_vector(name, value, content); });
  return content;
}

Result<Content> parse_content(std::string_view json) {
  JsonDocument document(json, {.max_bytes = size_t{256} << 10});
  Content content = read_content(document.root());
  TRY(document.finish());
  return content;
}

void write_sales(JsonWriter& json, const Content& content) {
  if (content.sales.empty()) return;
  json.key("sales").begin_array();
  for (const std::string& sale : content.sales) json.value(sale);
  json.end_array();
}

bool says_the_same_of_likeness(const Content& a, const Content& b) {
  return a.title == b.title && a.text == b.text && a.brand == b.brand && a.categories == b.categories &&
         a.price == b.price && a.attributes == b.attributes && a.vectors == b.vectors;
}

void write_content(JsonWriter& json, const Content& content) {
  json.key("categories").begin_array();
  for (const std::string& category : content.categories) json.value(category);
  json.end_array();
  json.member("price", content.price);
  if (!content.currency.empty()) json.member("currency", content.currency);
  json.member("in_stock", content.in_stock);
  if (!content.brand.empty()) json.member("brand", content.brand);
  if (!content.title.empty()) json.member("title", content.title);
  if (!content.text.empty()) json.member("text", content.text);
  if (!content.url.empty()) json.member("url", content.url);
  if (!content.image.empty()) json.member("image", content.image);
  write_sales(json, content);
  if (content.published_at) json.member("published_at", *content.published_at);
  if (!content.attributes.empty()) {
    json.key("attributes").begin_object();
    for (const auto& [name, attribute] : content.attributes) {
      json.dynamic_key(name);
      std::visit([&](const auto& value) { json.value(value); }, attribute);
    }
    json.end_object();
  }
  if (content.vectors.empty()) return;
  json.key("vectors").begin_object();
  for (const auto& [name, vector] : content.vectors) {
    json.dynamic_key(name).begin_array();
    for (const float number : vector) json.raw(text_of(number));
    json.end_array();
  }
  json.end_object();
}

std::string print_content(const Content& content) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_content(json, content);
  json.end_object();
  return text;
}

}  // namespace doorbuster::recs
