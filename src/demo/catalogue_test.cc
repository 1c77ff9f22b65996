#include "demo/catalogue.h"

#include <gtest/gtest.h>

#include <set>

namespace doorbuster::demo {
namespace {

TEST(Catalogue, three_thousand_items_in_twelve_categories_each_of_its_own_name_and_title) {
  const Catalogue catalogue;
  EXPECT_EQ(catalogue.items().size(), 3'000U);
  EXPECT_EQ(categories().size(), 12U);
  std::set<std::string> ids;
  std::set<std::string> titles;
  for (const CatalogueItem& item : catalogue.items()) {
    ids.insert(item.id);
    titles.insert(item.title);
    EXPECT_GT(item.cents, 0) << item.id;
    EXPECT_LE(item.cents, int64_t{item.of_kind().price_high} * 100 + 500) << item.id;
  }
  EXPECT_EQ(ids.size(), catalogue.items().size());
  EXPECT_EQ(titles.size(), catalogue.items().size());
}

TEST(Catalogue, it_is_the_same_each_time) {
  const Catalogue one;
  const Catalogue other;
  for (size_t i = 0; i < one.items().size(); ++i) {
    EXPECT_EQ(one.items()[i].title, other.items()[i].title);
    EXPECT_EQ(one.items()[i].cents, other.items()[i].cents);
  }
}

TEST(Catalogue, an_item_is_found_by_its_id_and_nothing_else_is) {
  const Catalogue catalogue;
  for (const CatalogueItem& item : catalogue.items()) EXPECT_EQ(catalogue.find(item.id), &item);
  for (const char* id : {"", "-", "tripod", "tripod-00", "tripod-51", "tripod-7", "unicorn-07"})
    EXPECT_EQ(catalogue.find(id), nullptr) << id;
}

TEST(Catalogue, every_companion_is_a_kind_of_an_item) {
  for (const Kind& kind : kinds()) {
    std::string_view rest = kind.companions;
    while (!rest.empty()) {
      const std::string_view slug = rest.substr(0, rest.find(' '));
      EXPECT_LT(kind_named(slug), kinds().size()) << kind.slug << " with " << slug;
      rest.remove_prefix(std::min(slug.size() + 1, rest.size()));
    }
  }
}

TEST(Catalogue, a_picture_is_whole_svg_in_colours_of_its_item) {
  const Catalogue catalogue;
  for (const CatalogueItem& item : catalogue.items()) {
    const std::string svg = picture_of(item);
    EXPECT_TRUE(svg.starts_with("<svg ") && svg.ends_with("</svg>")) << item.id;
    EXPECT_EQ(svg.find('$'), std::string::npos) << item.id;
    EXPECT_NE(svg.find(colours()[item.colour].main), std::string::npos) << item.id;
    EXPECT_LT(svg.size(), 1'400U) << item.id;
  }
}

}  // namespace
}  // namespace doorbuster::demo
