// Tables for spreadsheets: streamed, so that a million rows are never in memory at once.
#include "platform/api/csv.h"
#include "platform/api/text_stream.h"
#include "sale/api/calls.h"
#include "sale/api/render.h"
#include "sale/api/report_reader.h"

namespace doorbuster::sale {
namespace {

// So many rows stay below TextStream::kLineBytesMax, whatever is in them.
constexpr size_t kOrdersAtOnce = 6;
constexpr size_t kAuditLinesAtOnce = 1;

void write_row(platform::CsvWriter& csv, const auth::IdSealer& ids, const std::optional<Money>& price,
               const Order& order) {
  csv.field(auth::view(order_id(ids, order.sale, order.hold))).field(auth::view(hold_id(ids, order.sale, order.hold)));
  csv.field(customer_text(order.customer)).field(name_of(order.state)).field(name_of(order.refund));
  csv.field(unsigned{order.attempts}).field(order.started_at);
  csv.field(unless_zero(order.settled_at));
  csv.field(price ? std::optional(price->amount) : std::nullopt);
  csv.field(price ? price->currency.code() : std::string_view()).field(order.reference);
  const Annotations& annotations = *order.annotations;
  csv.field(annotations.client_reference).field(annotations.metadata).field(annotations.customer_id).end_row();
}

void write_row(platform::CsvWriter& csv, const auth::IdSealer& ids, SaleNumber sale, const AuditLine& line) {
  csv.field(line.sequence.value()).field(line.at).field(line.actor).field(line.action).field(line.detail);
  csv.field(line.reason).field(line.entry ? auth::view(entry_id(ids, sale, *line.entry)) : std::string_view());
  csv.field(line.hold ? auth::view(hold_id(ids, sale, *line.hold)) : std::string_view()).end_row();
}

struct Table {
  SaleNumber sale;
  std::string name;
  const char* columns;
  size_t rows;     // as many as there are when it is asked for
  size_t at_once;  // while the views wait
};

// `write(known, first, count, csv)` writes so many of the rows.
template <class Write>
void stream_table(const Call& call, const Table& table, const AllViews& views, platform::TextStream& texts,
                  Write write) {
  const std::string disposition = "attachment; filename=\"" + table.name + ".csv\"";
  const net::Response head{.content_type = "text/csv; charset=utf-8; header=present",
                           .headers = {{"Cache-Control", "no-store"}, {"Content-Disposition", disposition}}};
  // An archived sale stays in memory until its rows are given.
  auto give = [&views, table, write, next = size_t{0}, begun = false,
               kept = views.of(table.sale).archived().find(table.sale)](size_t bytes, std::string& piece) mutable {
    if (!begun) piece += table.columns;
    begun = true;
    platform::CsvWriter csv(piece);
    while (next < table.rows && piece.size() < bytes) {
      const size_t count = std::min(table.at_once, table.rows - next);
      views.look(table.sale, [&](const SaleViews& known) { write(known, next, count, csv); });
      next += count;
    }
    return next == table.rows;
  };
  texts.begin(call.exchange, head, std::move(give));
}

}  // namespace

void export_orders(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids,
                   platform::TextStream& texts) {
  const Listing* listing = sale_for_report(call, reader, views);
  if (listing == nullptr) return;
  const SaleNumber sale = listing->number;
  const size_t total = views.look(sale, [&](const SaleViews& known) { return known.orders.count(sale); });
  const auto write = [&ids, sale, price = listing->settings.price](const SaleViews& known, size_t first, size_t count,
                                                                   platform::CsvWriter& csv) {
    for (const Order& order : known.orders.page(sale, {}, first, count).orders) write_row(csv, ids, price, order);
  };
  stream_table(call,
               {.sale = sale,
                .name = "orders-" + listing->settings.id,
                .columns = "order,hold,customer,state,refund,attempts,started_at,settled_at,amount,currency,reference,"
                           "client_reference,metadata,customer_id\r\n",
                .rows = total,
                .at_once = kOrdersAtOnce},
               views, texts, write);
}

void export_audit(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids,
                  platform::TextStream& texts) {
  const Listing* listing = sale_for_report(call, reader, views);
  if (listing == nullptr) return;
  const SaleNumber sale = listing->number;
  const size_t total = views.look(sale, [&](const SaleViews& known) { return known.audit.lines(sale).size(); });
  const auto write = [&ids, sale](const SaleViews& known, size_t first, size_t count, platform::CsvWriter& csv) {
    const auto& lines = known.audit.lines(sale);
    for (size_t i = first; i < first + count; ++i) write_row(csv, ids, sale, lines[i]);
  };
  stream_table(call,
               {.sale = sale,
                .name = "audit-" + listing->settings.id,
                .columns = "sequence,at,actor,action,detail,reason,entry,hold\r\n",
                .rows = total,
                .at_once = kAuditLinesAtOnce},
               views, texts, write);
}

}  // namespace doorbuster::sale
