// Fills the recommendations of a server with the demo shop: its catalogue, and what shoppers did in the weeks before.
#pragma once

#include <string>
#include <vector>

#include "demo/catalogue.h"
#include "demo/demo_sales.h"
#include "demo/shopper.h"

namespace doorbuster::demo {

// An event as POST /api/v1/recs/events takes it.
struct ShopEvent {
  std::string_view type;
  std::string_view item;
  std::string user = {};
  std::string session = {};
  std::string id = {};
  std::optional<Timestamp> at = {};
  std::string_view surface = {};
  std::string recommendation = {};
};
[[nodiscard]] std::string body_of_events(std::span<const ShopEvent> events);
[[nodiscard]] std::string_view name_of(DeedKind kind);

// Puts the catalogue where it is missing, and what shoppers did before now; the sales are items, too. Asks where
// operators' calls go, with the operator.key in `data`. What goes wrong is said in words.
[[nodiscard]] Result<void> stock_demo_shop(const std::string& operators, const std::string& data,
                                           const Catalogue& catalogue, const std::vector<DemoSale>& sales);

}  // namespace doorbuster::demo
