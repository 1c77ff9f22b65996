// The table of a shop's orders: a line of an order a row. A row becomes an event of POST /api/v1/recs/events.
//
//   order, invoiceno     item, sku, stockcode       have to be there
//   customer, customerid without one the order is a visit of its own: what was bought together is known all the same
//   quantity             1 where it is not said; less than 0 takes back what was bought
//   at, invoicedate      RFC 3339, or 2011-11-09 08:26 or 11/9/2011 8:26 (UTC); now where there is no such column
//   price, unitprice     of one
//
// As in UCI's Online Retail, an `invoiceno` that begins with C takes back, and another line there of less than 1 is a
// correction of the stock. The n-th line of an order has the same id whenever the table is read, so that it counts
// once.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "recs/imports/table_columns.h"

namespace doorbuster::recs {

class OrdersTable {
 public:
  // All times are moved by `later`. kInvalid: a column that has to be there is not.
  [[nodiscard]] static Result<OrdersTable> of(const std::vector<std::string>& head, Duration later = {});

  // The event in JSON; nothing for a row that is no event. kInvalid: what is wrong with the row.
  [[nodiscard]] Result<std::optional<std::string>> event(const std::vector<std::string>& fields);

  // Rows that are no events: corrections of the stock, and what nobody knows who took back.
  [[nodiscard]] uint64_t passed_over() const { return passed_over_; }

 private:
  explicit OrdersTable(const std::vector<std::string>& head) : columns_(head) {}

  TableColumns columns_;
  size_t order_ = 0, item_ = 0;
  std::optional<size_t> customer_, quantity_, at_, price_;
  Duration later_;
  bool has_invoices_ = false;
  std::unordered_map<std::string, uint32_t> lines_of_;  // each order
  uint64_t passed_over_ = 0;
};

}  // namespace doorbuster::recs
