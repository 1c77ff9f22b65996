#include "recs/views/filter.h"

#include <gtest/gtest.h>

namespace doorbuster::recs {
namespace {

Item item_of(const std::string& content) {
  Item item{.name = "boot-1"};
  item.content = parse_content(content).value();
  return item;
}

const Item kBoot =
    item_of(R"({"categories":["shoes","boots"],"price":99.5,"brand":"Acme","published_at":"2026-11-01T00:00:00Z",)"
            R"("attributes":{"size":42,"colour":"red","is_new":true}})");

bool accepts(std::string_view text, bool is_bought = false, const Item& item = kBoot) {
  const auto filter = Filter::parse(text);
  EXPECT_TRUE(filter.has_value()) << text << ": " << (filter ? "" : filter.error().message);
  return filter && filter->accepts({.item = item, .is_bought = is_bought});
}

std::string refused(std::string_view text) {
  const auto filter = Filter::parse(text);
  return filter ? "taken" : filter.error().message;
}

TEST(Filter, takes_what_fits) {
  for (const char* text :
       {R"(category in ("shoes") and price < 100 and not bought)", R"(category = 'boots')", R"(brand != "Nike")",
        "price >= 99.5 and price <= 99.5", "in_stock", "in_stock = true", "not bought", "not (bought or viewed)",
        "attributes.size > 41", "attributes.colour in ('blue', 'red')", "attributes.is_new = true",
        R"(published_at > "2026-10-01T00:00:00Z")", "item = \"boot-1\"", "price < 1 or price > 90 and in_stock",
        "not price > 100", R"(category != "hats")"})
    EXPECT_TRUE(accepts(text)) << text;
  for (const char* text :
       {"price < 99", R"(category in ("hats","caps"))", "bought", "attributes.size = \"42\"", "attributes.weight < 5",
        "title = 'x'", R"(category != "shoes")", "price > 1 and price < 2", "not in_stock"})
    EXPECT_FALSE(accepts(text)) << text;
}

TEST(Filter, binds_and_before_or) {
  EXPECT_TRUE(accepts("in_stock or bought and bought"));
  EXPECT_FALSE(accepts("(in_stock or bought) and bought"));
}

TEST(Filter, asks_about_whoever_it_is_for) {
  EXPECT_TRUE(accepts("bought", true));
  EXPECT_FALSE(accepts("not bought", true));
  EXPECT_TRUE(Filter::parse("not bought")->names_bought());
  EXPECT_FALSE(Filter::parse("price < 1")->names_bought());
}

TEST(Filter, says_in_which_column_what_is_wrong) {
  for (const auto& [text, column, what] : std::vector<std::tuple<std::string, int, std::string>>{
           {"", 1, "a condition is expected"},
           {"price", 6, "is expected behind a field"},
           {"price < ", 9, "a value is missing"},
           {"price < \"1\"", 9, "a number is expected"},
           {"weight < 1", 1, "is no field"},
           {"in_stock and colour = 'red'", 14, "'colour' is no field"},
           {"category in \"shoes\"", 13, "a ( is expected"},
           {"category in (\"shoes\"", 21, "a , or a ) is expected"},
           {"brand < 'a'", 7, "has no order"},
           {"(in_stock", 10, "a ) is missing"},
           {"in_stock bought", 10, "nothing more is expected"},
           {"brand = 'Acme", 9, "does not end"},
           {"published_at > 5", 16, "a time in quotes"},
           {"published_at > 'noon'", 16, "a time in quotes"},
           {"in_stock = 1", 12, "true or false"},
           {"price < nan", 9, "a value is expected"}}) {
    const std::string said = refused(text);
    EXPECT_TRUE(said.starts_with("column " + std::to_string(column) + ": ")) << text << " -> " << said;
    EXPECT_NE(said.find(what), std::string::npos) << text << " -> " << said;
  }
}

TEST(Filter, has_bounds) {
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "not ";
  EXPECT_NE(refused(deep + "bought").find("nested too deeply"), std::string::npos);
  std::string many = "bought";
  for (int i = 0; i < 150; ++i) many += " or bought";
  EXPECT_NE(refused(many).find("too many"), std::string::npos) << refused(many);
  EXPECT_NE(refused(std::string(2'001, ' ')).find("2,000"), std::string::npos);
}

class FilterAmong : public testing::Test {
 protected:
  FilterAmong() {
    for (uint32_t item = 0; item < 12; ++item) {
      items_.name({.item = item, .hash = {.high = item + 1, .low = item + 1}, .name = "i"}, Timestamp());
      Content content;
      content.brand = item % 3 == 0 ? "acme" : "";
      content.categories = {item % 2 == 0 ? "even" : "odd"};
      items_.put(item, std::move(content));
    }
  }
  [[nodiscard]] std::optional<std::vector<uint32_t>> among(std::string_view text) const {
    return Filter::parse(text).value().among(items_, 6);
  }
  using Found = std::optional<std::vector<uint32_t>>;
  Catalogue items_;
};

TEST_F(FilterAmong, lists_of_brands_and_categories_say_which_items_it_can_be) {
  EXPECT_EQ(among("brand = 'acme'"), (Found{{0, 3, 6, 9}}));
  EXPECT_EQ(among("price < 5 and category = 'odd'"), (Found{{1, 3, 5, 7, 9, 11}}));
  EXPECT_EQ(among("category = 'odd' and brand in ('acme', 'other')"), (Found{{0, 3, 6, 9}}));
  EXPECT_EQ(among("brand = 'acme' or brand = 'nobody'"), (Found{{0, 3, 6, 9}}));
  EXPECT_EQ(among("category = 'none'"), (Found{std::vector<uint32_t>()}));
}

TEST_F(FilterAmong, no_list_says_it_where_others_may_fit_or_they_are_many) {
  for (const auto* text : {"not brand = 'acme'", "brand != 'acme'", "brand = 'acme' or price < 5", "in_stock",
                           "category in ('odd', 'even')"})
    EXPECT_EQ(among(text), std::nullopt) << text;
}

TEST_F(FilterAmong, what_is_put_again_or_removed_leaves_its_lists) {
  items_.put(3, {});
  items_.remove(6);
  EXPECT_EQ(among("brand = 'acme'"), (Found{{0, 9}}));
}

}  // namespace
}  // namespace doorbuster::recs
