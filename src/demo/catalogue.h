// The demo shop's catalogue: 3,000 made-up items in 12 categories, the same ones each time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demo/catalogue_kinds.h"

namespace doorbuster::demo {

struct CatalogueItem {
  uint32_t number = 0;  // its place in the catalogue
  uint32_t kind = 0;
  uint32_t brand = 0;   // of its category's
  uint32_t colour = 0;  // of colours()
  std::string id;       // "tripod-07"
  std::string title;    // "Norvik Alto tripod"
  std::string text;
  int64_t cents = 0;
  uint32_t measure = 0;   // what its kind's own attribute says
  uint32_t age_days = 0;  // how long before the catalogue was put it was published

  [[nodiscard]] const Kind& of_kind() const { return kinds()[kind]; }
  [[nodiscard]] const Category& of_category() const { return categories()[of_kind().category]; }
  [[nodiscard]] std::string_view brand_name() const { return of_category().brands[brand]; }
};

struct Colour {
  std::string_view name;
  std::string_view main;
  std::string_view darker;
  std::string_view lighter;
};
[[nodiscard]] std::span<const Colour> colours();

class Catalogue {
 public:
  static constexpr uint32_t kItemsOfKind = 50;
  static constexpr std::string_view kCurrency = "USD";

  Catalogue();

  [[nodiscard]] const std::vector<CatalogueItem>& items() const { return items_; }
  // Null if there is none of that id.
  [[nodiscard]] const CatalogueItem* find(std::string_view id) const;
  // Those of a kind, and of a category.
  [[nodiscard]] std::span<const CatalogueItem> of_kind(uint32_t kind) const;
  [[nodiscard]] std::span<const CatalogueItem> of_category(uint32_t category) const;

 private:
  std::vector<CatalogueItem> items_;  // by kind
};

// Where the demo shop shows it.
[[nodiscard]] std::string page_of(const CatalogueItem& item);
[[nodiscard]] std::string picture_path_of(const CatalogueItem& item);

// Its picture: SVG of about a kilobyte, made from its kind, category and colour.
[[nodiscard]] std::string picture_of(const CatalogueItem& item);

}  // namespace doorbuster::demo
