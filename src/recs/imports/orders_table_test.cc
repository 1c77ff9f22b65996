#include "recs/imports/orders_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster::recs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Row = std::vector<std::string>;

// What becomes of each row; "" of one that is no event.
std::vector<std::string> events_of(const Row& head, const std::vector<Row>& rows) {
  std::vector<std::string> events;
  auto table = OrdersTable::of(head);
  if (!table) return {"refused: " + table.error().message};
  for (const Row& row : rows) {
    const auto event = table->event(row);
    events.push_back(event ? event->value_or("") : "refused: " + event.error().message);
  }
  return events;
}

const Row kOrders = {"order", "customer", "item", "quantity", "at", "price"};
const Row kInvoices = {"InvoiceNo",   "StockCode", "Description", "Quantity",
                       "InvoiceDate", "UnitPrice", "CustomerID",  "Country"};

TEST(OrdersTableTest, a_line_is_a_purchase_that_has_an_id_of_its_order) {
  EXPECT_THAT(events_of(kOrders, {{"C7", "ann", "camera", "2", "2026-11-27T10:00:00+01:00", "1.25"},
                                  {"8", "", "card", "1", "2026-11-27 10:00", ""},
                                  {"C7", "ann", "card", "1", "2026-11-27T10:00:00+01:00", "3"},
                                  {"C7", "ann", "card", "-1", "2026-11-28", "3"}}),
              ElementsAre(R"({"id":"C7/1","type":"purchase","item":"camera","user":"ann",)"
                          R"("at":"2026-11-27T09:00:00.000Z","quantity":2,"value":2.5})",
                          R"({"id":"8/1","type":"purchase","item":"card","session":"order 8",)"
                          R"("at":"2026-11-27T10:00:00.000Z","quantity":1,"value":0})",
                          R"({"id":"C7/2","type":"purchase","item":"card","user":"ann",)"
                          R"("at":"2026-11-27T09:00:00.000Z","quantity":1,"value":3})",
                          R"({"id":"C7/3","type":"cancel","item":"card","user":"ann",)"
                          R"("at":"2026-11-28T00:00:00.000Z","quantity":1,"value":3})"));
}

TEST(OrdersTableTest, an_invoice_that_begins_with_c_takes_back_and_corrections_are_passed_over) {
  const std::vector<Row> rows = {{"C17", "85123A", "HEART", "-6", "12/1/2010 8:26", "2.55", "17850", "UK"},
                                 {"C17", "85123A", "HEART", "-6", "12/1/2010 8:26", "2.55", "", "UK"},
                                 {"18", "85123A", "thrown away", "-10", "12/1/2010 8:26", "0", "", "UK"},
                                 {"18", "85123A", "", "0", "12/1/2010 8:26", "0", "17850", "UK"}};
  EXPECT_THAT(events_of(kInvoices, rows),
              ElementsAre(R"({"id":"C17/1","type":"cancel","item":"85123A","user":"17850",)"
                          R"("at":"2010-12-01T08:26:00.000Z","quantity":6,"value":15.299999999999999})",
                          "", "", ""));
  auto table = OrdersTable::of(kInvoices);
  ASSERT_TRUE(table.has_value());
  for (const Row& row : rows) ASSERT_TRUE(table->event(row).has_value());
  EXPECT_EQ(table->passed_over(), 3U);
}

TEST(OrdersTableTest, times_may_be_moved) {
  auto table = OrdersTable::of({"order", "item", "at"}, Duration::seconds(86'400));
  ASSERT_TRUE(table.has_value());
  const auto event = table->event({"1", "a", "2010-12-31"});
  ASSERT_TRUE(event.has_value() && event->has_value());
  EXPECT_THAT(**event, HasSubstr(R"("at":"2011-01-01T00:00:00.000Z")"));
}

TEST(OrdersTableTest, says_what_is_wrong_with_a_row_and_later_lines_keep_their_ids) {
  const auto events = events_of(kOrders, {{"1", "ann", "", "1", "2026-11-27", "1"},
                                          {"1", "ann", "a", "1.5", "2026-11-27", "1"},
                                          {"1", "ann", "a", "1", "yesterday", "1"},
                                          {"1", "ann", "a", "1", "2026-11-27", "cheap"},
                                          {"", "ann", "a", "1", "2026-11-27", "1"},
                                          {"1", "ann"},
                                          {"1", "ann", "a", "1", "2026-11-27", "1"}});
  EXPECT_THAT(events, ElementsAre(HasSubstr("refused: the item has no name"), HasSubstr("'1.5' is no quantity"),
                                  HasSubstr("'yesterday' is no date"), HasSubstr("'cheap' is no price"),
                                  HasSubstr("the order has no number"), HasSubstr("it has 2 fields"),
                                  HasSubstr(R"("id":"1/5")")));
  EXPECT_THAT(events_of({"order", "quantity"}, {}), ElementsAre(HasSubstr("no column item or sku or stockcode")));
}

}  // namespace
}  // namespace doorbuster::recs
