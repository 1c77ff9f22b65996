// Who stands in a sale's line, for the operator.
#include <algorithm>

#include "base/encoding.h"
#include "net/text.h"
#include "sale/api/calls.h"
#include "sale/api/render.h"
#include "sale/api/report_reader.h"

namespace doorbuster::sale {
namespace {

constexpr size_t kSubjectBytesMax = 256;

struct Found {
  LineEntry entry;
  std::optional<uint32_t> position;
};

struct Page {
  uint32_t total = 0;
  bool by_position = true;
  std::vector<Found> entries;
};

// By position; by arrival where positions are not drawn yet.
Page page_from(const SaleViews& views, SaleNumber sale, uint32_t from, size_t limit) {
  Page page{.total = views.line.arrivals(sale), .by_position = views.draws.arrival_at(sale, 1).has_value()};
  const uint64_t end = std::min<uint64_t>(uint64_t{from} + limit, uint64_t{page.total} + 1);
  for (uint32_t number = std::max(from, 1U); number < end; ++number) {
    const uint32_t arrival = page.by_position ? *views.draws.arrival_at(sale, number) : number;
    const auto entry = views.line.at(sale, arrival);
    if (entry) page.entries.push_back({*entry, views.draws.position_of(sale, arrival)});
  }
  return page;
}

Page page_of_customers(const SaleViews& views, SaleNumber sale, std::span<const CustomerHash> customers) {
  Page page{.total = views.line.arrivals(sale), .by_position = true};
  for (const CustomerHash& customer : customers) {
    for (const LineEntry& entry : views.line.of(sale, customer)) {
      const bool is_placed = entry.arrival > 0;
      page.entries.push_back({entry, is_placed ? views.draws.position_of(sale, entry.arrival) : std::nullopt});
    }
  }
  return page;
}

// Whom the operator may mean: the shop's own id, or what orders and this list call a customer.
std::optional<std::vector<CustomerHash>> customers_in(const Call& call, std::string_view text,
                                                      const auth::CustomerHasher& hasher) {
  std::array<char, kSubjectBytesMax> buffer;
  const auto subject = net::percent_decode(text, buffer, net::PlusSign::kSpace);
  if (!subject || subject->empty()) {
    respond_invalid(call.exchange, call.request.path(), "customer has to be 1 to 256 bytes: the shop's id of a person");
    return std::nullopt;
  }
  std::vector<CustomerHash> customers = {hasher.of_subject(*subject)};
  if (const auto named = customer_named(*subject)) customers.push_back(*named);
  return customers;
}

void write_assessment(JsonWriter& json, const Assessment& assessment) {
  json.key("assessment");
  if (!says_something(assessment)) {
    json.value(nullptr);
    return;
  }
  json.begin_object().member("score", assessment.score / double{kScoreMax}).key("reasons").begin_array();
  for (const Signal reason : assessment.reasons) {
    if (reason != Signal::kNone) json.value(kSignalNames[static_cast<size_t>(reason)]);
  }
  json.end_array().member("network", kNetworkClassNames[static_cast<size_t>(assessment.network)]);
  json.member("device", kDeviceClassNames[static_cast<size_t>(assessment.device)]);
  json.member("country", std::string_view(assessment.country.data(), assessment.country.size())).end_object();
}

void respond_line_page(const Call& call, const Page& page, const auth::IdSealer& ids) {
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", page.total).member("by", page.by_position ? "position" : "arrival");
  json.key("entries").begin_array();
  for (const auto& [entry, position] : page.entries) {
    json.begin_object().member("id", auth::view(entry_id(ids, entry.sale, entry.number)));
    json.member("position", position);
    json.member("arrival", entry.arrival == 0 ? std::nullopt : std::optional(entry.arrival));
    json.member("state", name_of(entry.state)).member("customer", customer_text(entry.customer));
    json.member("guest", entry.kind == CustomerKind::kGuest).member("joined_at", entry.joined_at);
    json.member("delayed", entry.assessment.is_delayed);
    write_assessment(json, entry.assessment);
    json.end_object();
  }
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace

void list_line(const Call& call, RequestReader& reader, const AllViews& views, const auth::CustomerHasher& customers,
               const auth::IdSealer& ids) {
  const Listing* listing = sale_for_report(call, reader, views);
  if (listing == nullptr) return;
  if (const auto text = call.request.query_parameter("customer")) {
    const auto named = customers_in(call, *text, customers);
    if (!named) return;
    const Page page = views.look(
        listing->number, [&](const SaleViews& known) { return page_of_customers(known, listing->number, *named); });
    return respond_line_page(call, page, ids);
  }
  const auto from = platform::number_in_query(call, "from", 1, UINT32_MAX);
  const auto limit = from ? platform::number_in_query(call, "limit", 100, platform::kPageMax) : std::nullopt;
  if (!limit) return;
  const Page page = views.look(listing->number, [&](const SaleViews& known) {
    return page_from(known, listing->number, static_cast<uint32_t>(*from), *limit);
  });
  respond_line_page(call, page, ids);
}

}  // namespace doorbuster::sale
