#include "recs/imports/orders_table.h"

#include <cmath>
#include <cstdlib>

#include "base/json_writer.h"
#include "recs/imports/table_time.h"

namespace doorbuster::recs {
namespace {

constexpr double kQuantityMax = 1'000'000;

}  // namespace

Result<OrdersTable> OrdersTable::of(const std::vector<std::string>& head, Duration later) {
  OrdersTable table(head);
  table.later_ = later;
  TableColumns& columns = table.columns_;
  table.has_invoices_ = !columns.find({"order"}).has_value();
  table.order_ = TRY(columns.need({"order", "invoiceno"}));
  table.item_ = TRY(columns.need({"item", "sku", "stockcode"}));
  table.customer_ = columns.find({"customer", "customerid"});
  table.quantity_ = columns.find({"quantity"});
  table.at_ = columns.find({"at", "invoicedate"});
  table.price_ = columns.find({"price", "unitprice"});
  return table;
}

Result<std::optional<std::string>> OrdersTable::event(const std::vector<std::string>& fields) {
  const auto wrong = [](const std::string& what) { return fail(ErrorCode::kInvalid, what); };
  if (fields.size() != columns_.size()) {
    return wrong("it has " + std::to_string(fields.size()) + " fields, and the first line has " +
                 std::to_string(columns_.size()));
  }
  const auto field = [&](std::optional<size_t> column) {
    return column ? trimmed_field(fields[*column]) : std::string_view();
  };
  const std::string order(field(order_));
  if (order.empty()) return wrong("the order has no number: " + columns_.name(order_) + " is empty");
  // Rows that are wrong are counted, too: whoever corrects them finds the others where they were.
  const uint32_t line = ++lines_of_[order];
  const std::string_view item = field(item_);
  if (item.empty()) return wrong("the item has no name: " + columns_.name(item_) + " is empty");
  const auto quantity = quantity_ ? number_in_field(field(quantity_)) : std::optional(1.0);
  if (!quantity || *quantity != std::floor(*quantity) || std::abs(*quantity) > kQuantityMax)
    return wrong("'" + std::string(field(quantity_)) + "' is no quantity: a whole number of 1,000,000 at most");
  const bool says_cancelled = has_invoices_ && order.starts_with('C');
  const bool is_cancel = has_invoices_ ? says_cancelled : *quantity < 0;
  const std::string_view customer = field(customer_);
  const bool is_correction = *quantity == 0 || (has_invoices_ && !says_cancelled && *quantity < 0);
  const std::string_view price_text = field(price_);
  const auto price = price_text.empty() ? std::optional(0.0) : number_in_field(price_text);
  if (!price) return wrong("'" + std::string(price_text) + "' is no price such as 19.90");
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("id", order + "/" + std::to_string(line));
  json.member("type", is_cancel ? "cancel" : "purchase").member("item", item);
  customer.empty() ? json.member("session", "order " + order) : json.member("user", customer);
  if (at_) json.member("at", TRY(time_in_field(field(at_))) + later_);
  const double many = std::abs(*quantity);
  json.member("quantity", static_cast<uint64_t>(many)).member("value", *price * many).end_object();
  const bool is_nobodys = says_cancelled && customer.empty();
  if (!is_correction && !is_nobodys) return std::optional(std::move(text));
  ++passed_over_;
  return std::optional<std::string>();
}

}  // namespace doorbuster::recs
