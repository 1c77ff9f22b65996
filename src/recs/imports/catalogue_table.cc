#include "recs/imports/catalogue_table.h"

#include <algorithm>

#include "recs/imports/table_time.h"

namespace doorbuster::recs {
namespace {

std::string_view field_of(const std::vector<std::string>& fields, std::optional<size_t> column) {
  return column ? trimmed_field(fields[*column]) : std::string_view();
}

}  // namespace

Result<CatalogueTable> CatalogueTable::of(const std::vector<std::string>& head) {
  CatalogueTable table(head);
  TableColumns& columns = table.columns_;
  table.item_ = TRY(columns.need({"id", "item", "sku", "stockcode"}));
  const auto text = [&](std::string_view member, std::initializer_list<std::string_view> names) {
    if (const auto column = columns.find(names)) table.texts_.push_back({.member = member, .column = *column});
  };
  text("title", {"title", "name"});
  text("brand", {"brand"});
  text("url", {"url", "link"});
  text("image", {"image", "image_url", "image_link"});
  text("text", {"text", "description"});
  table.categories_ = columns.find({"categories", "category", "product_type"});
  table.price_ = columns.find({"price"});
  table.currency_ = columns.find({"currency"});
  table.in_stock_ = columns.find({"in_stock", "availability"});
  table.published_at_ = columns.find({"published_at"});
  return table;
}

Result<std::string> CatalogueTable::item(const std::vector<std::string>& fields) const {
  if (fields.size() != columns_.size()) {
    return fail(ErrorCode::kInvalid, "it has " + std::to_string(fields.size()) + " fields, and the first line has " +
                                         std::to_string(columns_.size()));
  }
  const std::string_view name = trimmed_field(fields[item_]);
  if (name.empty()) return fail(ErrorCode::kInvalid, "the item has no name: " + columns_.name(item_) + " is empty");
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("item", name);
  write_texts(json, fields);
  write_categories(json, fields);
  TRY(write_price(json, fields));
  TRY(write_stock(json, fields));
  TRY(write_time(json, fields));
  write_attributes(json, fields);
  json.end_object();
  return text;
}

void CatalogueTable::write_texts(JsonWriter& json, const std::vector<std::string>& fields) const {
  for (const Text& text : texts_) {
    if (const std::string_view field = trimmed_field(fields[text.column]); !field.empty())
      json.dynamic_key(text.member).value(field);
  }
}

void CatalogueTable::write_categories(JsonWriter& json, const std::vector<std::string>& fields) const {
  std::string_view left = field_of(fields, categories_);
  json.key("categories").begin_array();
  while (!left.empty()) {
    const size_t end = std::min(left.find('|'), left.size());
    if (const std::string_view one = trimmed_field(left.substr(0, end)); !one.empty()) json.value(one);
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  json.end_array();
}

Result<void> CatalogueTable::write_price(JsonWriter& json, const std::vector<std::string>& fields) const {
  std::string_view currency = field_of(fields, currency_);
  const std::string_view price = field_of(fields, price_);
  if (!price.empty()) {
    const size_t space = std::min(price.find(' '), price.size());
    const auto number = number_in_field(price.substr(0, space));
    if (!number || *number < 0)
      return fail(ErrorCode::kInvalid, "'" + std::string(price) + "' is no price such as 19.90 or 19.90 EUR");
    json.member("price", *number);
    if (currency.empty()) currency = trimmed_field(price.substr(space));
  }
  if (!currency.empty()) json.member("currency", currency);
  return {};
}

Result<void> CatalogueTable::write_stock(JsonWriter& json, const std::vector<std::string>& fields) const {
  const std::string_view field = field_of(fields, in_stock_);
  if (field.empty()) return {};
  std::string word = in_small_letters_of_ascii(field);
  std::ranges::replace(word, '_', ' ');
  if (word == "in stock" || word == "preorder" || word == "backorder") word = "true";
  if (word == "out of stock") word = "false";
  const auto is_there = truth_in_field(word);
  if (!is_there) return fail(ErrorCode::kInvalid, "'" + std::string(field) + "' is no stock: say true or false");
  json.member("in_stock", *is_there);
  return {};
}

Result<void> CatalogueTable::write_time(JsonWriter& json, const std::vector<std::string>& fields) const {
  const std::string_view field = field_of(fields, published_at_);
  if (!field.empty()) json.member("published_at", TRY(time_in_field(field)));
  return {};
}

void CatalogueTable::write_attributes(JsonWriter& json, const std::vector<std::string>& fields) const {
  json.key("attributes").begin_object();
  for (size_t column = 0; column < fields.size(); ++column) {
    const std::string_view field = trimmed_field(fields[column]);
    if (columns_.is_known(column) || columns_.name(column).empty() || field.empty()) continue;
    json.dynamic_key(columns_.name(column));
    if (const auto number = number_in_field(field)) {
      json.value(*number);
    } else if (field == "true" || field == "false") {
      json.value(field == "true");
    } else {
      json.value(field);
    }
  }
  json.end_object();
}

}  // namespace doorbuster::recs
