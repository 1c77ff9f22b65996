// The file of the baskets task: a line of CSV for each item of an invoice, as in UCI Online Retail. The first line
// names the columns; InvoiceNo, StockCode, Quantity and InvoiceDate are needed, Description, UnitPrice and CustomerID
// looked at where they are.
//
// A basket is an invoice: its different items in the order of the lines. An invoice whose number begins with C takes
// items back: they leave the newest baskets of its customer that have them, as many as it says. Other lines whose
// quantity is not positive are corrections of the stock and no purchases.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "recs/evaluation/item_names.h"

namespace doorbuster::recs {

inline constexpr uint32_t kNoCustomer = UINT32_MAX;

struct ShopBasket {
  std::string invoice;
  int64_t seconds = 0;  // since 1970
  uint32_t customer = kNoCustomer;
  std::vector<ItemNumber> items;  // no two are equal
};

struct ShopItem {
  std::string text;     // the description that came first and was not empty
  double price = 0;     // the first that was positive
  int64_t seconds = 0;  // when it was first sold
};

struct ShopHistory {
  ItemNames names;
  std::vector<ShopItem> items;      // by number; in the order in which they were first sold
  std::vector<ShopBasket> baskets;  // in order of time
  size_t customers = 0;
  size_t lines = 0, cancelled_lines = 0, taken_back = 0, other_lines = 0;
};

// What is cancelled on the day `split` or later is not taken back from baskets before it: nobody knew of it then.
[[nodiscard]] Result<ShopHistory> read_baskets(const std::string& path, int64_t split_seconds);

// Seconds since 1970 of "2011-11-09", "2011-11-09 08:26:00" (or with a T), or "11/9/2011 8:26" (month, day, year).
[[nodiscard]] Result<int64_t> parse_shop_date(std::string_view text);

}  // namespace doorbuster::recs
