#include "recs/api/personalize_item.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "recs/views/loose_values.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kTextBytesKept = 8'000;
constexpr double kSecondsOfItemMax = 4e9;

using Properties = std::map<std::string, Attribute, std::less<>>;  // by field_name()

Properties read_properties(JsonDocument& document) {
  Properties properties;
  document.root().each([&](std::string_view name, const JsonValue& value) {
    Attribute& property = properties[field_name(name)];
    if (value.is_string()) {
      property = std::string(value.string({.max_bytes = kContentBytesMax}));
    } else if (value.is_boolean()) {
      property = std::string(value.boolean() ? "true" : "false");
    } else if (value.is_array()) {
      std::string all;
      value.array(kCategoriesMax).each([&](const JsonValue& each) {
        if (!all.empty()) all += '|';
        all += each.string();
      });
      property = std::move(all);
    } else if (value.is_null()) {
      properties.erase(field_name(name));
    } else {
      property = value.number({.min = -1e300, .max = 1e300, .needs = "a text, a number or a list of texts"});
    }
  });
  return properties;
}

std::string as_words(const Attribute& value) {
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : std::string();
}

bool is_category(std::string_view field) {
  constexpr std::array<std::string_view, 4> kFields = {"category", "categories", "genre", "genres"};
  return std::ranges::find(kFields, field) != kFields.end() || field.starts_with("category_l");
}

// At the end of a character.
std::string shortened(std::string text) {
  if (text.size() <= kTextBytesKept) return text;
  size_t end = kTextBytesKept;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

// The member of ours that a field is, where it is one.
std::string_view own_member(std::string_view field) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kMembers = {{{"brand", "brand"},
                                                                                       {"title", "title"},
                                                                                       {"name", "title"},
                                                                                       {"currency", "currency"},
                                                                                       {"url", "url"},
                                                                                       {"image", "image"},
                                                                                       {"image_url", "image"},
                                                                                       {"description", "text"},
                                                                                       {"product_description", "text"},
                                                                                       {"item_description", "text"}}};
  for (const auto& [known, member] : kMembers) {
    if (known == field) return member;
  }
  return {};
}

void write_categories(JsonWriter& json, const Properties& properties) {
  json.key("categories").begin_array();
  for (const auto& [field, value] : properties) {
    if (!is_category(field)) continue;
    const std::string words = as_words(value);
    for (const std::string_view part : parts_of(words)) json.value(part);
  }
  json.end_array();
}

// Whether it was one of those that are not texts.
bool write_typed(JsonWriter& json, const std::string& field, const Attribute& value) {
  if (field == "price") {
    if (const auto number = number_of(value)) json.member("price", *number);
    return true;
  }
  if (field == "in_stock") {
    const std::string word = as_words(value);
    json.member("in_stock", word != "false" && word != "False" && word != "FALSE" && word != "0");
    return true;
  }
  if (field == "creation_timestamp") {
    const auto seconds = number_of(value);
    if (seconds && *seconds >= 0 && *seconds <= kSecondsOfItemMax)
      json.member("published_at", Timestamp::from_micros(std::llround(*seconds * 1e6)));
    return true;
  }
  return false;
}

}  // namespace

Result<std::string> personalize_content(std::string_view properties) {
  JsonDocument document(properties, {.max_bytes = kContentBytesMax});
  const Properties read = read_properties(document);
  TRY(document.finish());
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_categories(json, read);
  std::map<std::string_view, const Attribute*> attributes;
  std::map<std::string_view, bool> written;
  for (const auto& [field, value] : read) {
    if (field == "category" || field == "categories" || write_typed(json, field, value)) continue;
    const std::string_view member = own_member(field);
    if (member.empty() || std::exchange(written[member], true))
      attributes[field] = &value;
    else
      json.dynamic_key(member).value(shortened(as_words(value)));
  }
  json.key("attributes").begin_object();
  for (const auto& [field, value] : attributes) {
    json.dynamic_key(field);
    std::visit([&](const auto& one) { json.value(one); }, *value);
  }
  json.end_object().end_object();
  std::string printed = print_content(TRY(parse_content(text)));
  if (printed.size() > kContentBytesMax) return fail(ErrorCode::kInvalid, "an item has 24,576 bytes at most");
  return printed;
}

std::optional<std::string> personalize_metadata(const Item& item, std::string_view column) {
  const std::string field = field_name(column);
  const Content& content = item.content;
  const auto text = [](const std::string& value) { return value.empty() ? std::nullopt : std::optional(value); };
  if (field == "price") return content.price ? std::optional(number_text(*content.price)) : std::nullopt;
  if (field == "in_stock") return content.in_stock ? "true" : "false";
  if (field == "creation_timestamp") return std::to_string(item.since.micros() / 1'000'000);
  if (field == "category" || field == "categories") {
    std::string all;
    for (const std::string& category : content.categories) all += (all.empty() ? "" : "|") + category;
    return text(all);
  }
  const std::string_view member = own_member(field);
  if (member == "brand") return text(content.brand);
  if (member == "title") return text(content.title);
  if (member == "currency") return text(content.currency);
  if (member == "url") return text(content.url);
  if (member == "image") return text(content.image);
  if (member == "text") return text(content.text);
  const auto found = content.attributes.find(field);
  if (found == content.attributes.end()) return std::nullopt;
  if (const auto* truth = std::get_if<bool>(&found->second)) return *truth ? "true" : "false";
  return as_words(found->second);
}

}  // namespace doorbuster::recs
