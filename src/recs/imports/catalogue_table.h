// The table of a shop's catalogue: an item a row, with the columns that the first record names, as shops export them
// and as product feeds have them (Google Merchant Center). A row becomes an item of POST /api/v1/recs/items:batch.
//
//   id, item, sku, stockcode      the item's name; the only column that has to be there
//   title, name                   category, categories, product_type: several with | between them
//   price                         a number, or a number and its currency ("19.90 EUR")
//   currency                      brand
//   url, link                     image, image_url, image_link
//   in_stock, availability        true, yes, 1, in stock; false, no, 0, out of stock
//   text, description             published_at: RFC 3339, or a day such as 2026-11-27
//
// Other columns become attributes: a number, true, false, or a text. An empty field says nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "recs/imports/table_columns.h"

namespace doorbuster::recs {

class CatalogueTable {
 public:
  // kInvalid: a column that has to be there is not.
  [[nodiscard]] static Result<CatalogueTable> of(const std::vector<std::string>& head);

  // The item in JSON. kInvalid: what is wrong with the row, as far as it can be told without the server.
  [[nodiscard]] Result<std::string> item(const std::vector<std::string>& fields) const;

 private:
  explicit CatalogueTable(const std::vector<std::string>& head) : columns_(head) {}
  void write_texts(JsonWriter& json, const std::vector<std::string>& fields) const;
  void write_categories(JsonWriter& json, const std::vector<std::string>& fields) const;
  [[nodiscard]] Result<void> write_price(JsonWriter& json, const std::vector<std::string>& fields) const;
  [[nodiscard]] Result<void> write_stock(JsonWriter& json, const std::vector<std::string>& fields) const;
  [[nodiscard]] Result<void> write_time(JsonWriter& json, const std::vector<std::string>& fields) const;
  void write_attributes(JsonWriter& json, const std::vector<std::string>& fields) const;

  struct Text {
    std::string_view member;
    size_t column;
  };
  TableColumns columns_;
  size_t item_ = 0;
  std::vector<Text> texts_;  // that are taken as they are
  std::optional<size_t> categories_, price_, currency_, in_stock_, published_at_;
};

}  // namespace doorbuster::recs
