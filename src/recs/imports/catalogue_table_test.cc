#include "recs/imports/catalogue_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster::recs {
namespace {

using ::testing::HasSubstr;

using Row = std::vector<std::string>;

std::string item_of(const Row& head, const Row& fields) {
  const auto table = CatalogueTable::of(head);
  if (!table) return "refused: " + table.error().message;
  const auto item = table->item(fields);
  return item ? *item : "refused: " + item.error().message;
}

TEST(CatalogueTableTest, columns_are_known_by_their_names_and_others_are_attributes) {
  EXPECT_EQ(item_of({"\xEF\xBB\xBFID", "Title", "category", "brand", "price", "currency", "url", "image", "in_stock",
                     "colour", "size", "vegan", "ean", ""},
                    {"c1", " Camera, small ", "photo|cameras", "Lux", "499.50", "EUR", "/c1", "https://x.example/c.png",
                     "no", "red", "12.5", "true", "0012", "what has no name"}),
            R"({"item":"c1","title":"Camera, small","brand":"Lux","url":"/c1","image":"https://x.example/c.png",)"
            R"("categories":["photo","cameras"],"price":499.5,"currency":"EUR","in_stock":false,)"
            R"("attributes":{"colour":"red","size":12.5,"vegan":true,"ean":"0012"}})");
}

TEST(CatalogueTableTest, a_product_feed_is_taken_as_it_is) {
  EXPECT_EQ(item_of({"id", "title", "description", "link", "image_link", "availability", "price", "product_type",
                     "published_at"},
                    {"7", "Lamp", "It shines.", "https://x.example/7", "", "out_of_stock", "19.90 EUR", "home > lamps",
                     "2026-11-27"}),
            R"({"item":"7","title":"Lamp","url":"https://x.example/7","text":"It shines.",)"
            R"("categories":["home > lamps"],"price":19.9,"currency":"EUR","in_stock":false,)"
            R"("published_at":"2026-11-27T00:00:00.000Z","attributes":{}})");
}

TEST(CatalogueTableTest, what_is_not_said_is_left_out) {
  EXPECT_EQ(item_of({"sku", "price", "in_stock", "colour"}, {"a", "", "", ""}),
            R"({"item":"a","categories":[],"attributes":{}})");
}

TEST(CatalogueTableTest, says_what_is_wrong_with_a_row) {
  const Row head = {"id", "price", "in_stock", "published_at"};
  EXPECT_THAT(item_of(head, {"", "", "", ""}), HasSubstr("refused: the item has no name"));
  EXPECT_THAT(item_of(head, {"a", "1,50", "", ""}), HasSubstr("refused: '1,50' is no price"));
  EXPECT_THAT(item_of(head, {"a", "-1", "", ""}), HasSubstr("is no price"));
  EXPECT_THAT(item_of(head, {"a", "", "maybe", ""}), HasSubstr("'maybe' is no stock"));
  EXPECT_THAT(item_of(head, {"a", "", "", "soon"}), HasSubstr("'soon' is no date"));
  EXPECT_THAT(item_of(head, {"a", ""}), HasSubstr("it has 2 fields, and the first line has 4"));
  EXPECT_THAT(item_of({"title"}, {"a"}), HasSubstr("the first line names no column id or item or sku"));
}

}  // namespace
}  // namespace doorbuster::recs
