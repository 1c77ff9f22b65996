#include "app/recs_import.h"

#include <cstdio>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/csv_rows.h"
#include "base/json.h"
#include "demo/demo_http.h"
#include "recs/evaluation/line_reader.h"
#include "recs/imports/catalogue_table.h"
#include "recs/imports/orders_table.h"

namespace doorbuster::app {
namespace {

// What a call takes: a thousand rows, events in a MiB.
constexpr size_t kRowsOfPage = 1'000;
constexpr size_t kBytesOfPage = size_t{900} << 10;
constexpr size_t kAnswerOfPageBytesMax = size_t{4} << 20;
constexpr int kBadRequest = 400;
constexpr int64_t kSecondsOfDay = 86'400;

unsigned long long printable(uint64_t number) { return number; }

// Of one table.
struct ShopTotals {
  uint64_t rows = 0;
  uint64_t taken = 0;
  uint64_t known = 0;  // before
  uint64_t refused = 0;
};

struct PageRow {
  uint64_t line = 0;  // of the table
  std::string json;
};

class ShopPages {
 public:
  ShopPages(const RecsImportOptions& options, std::string file, std::string path)
      : options_(options), file_(std::move(file)), path_(std::move(path)), http_(options.server) {}

  [[nodiscard]] Result<void> add(uint64_t line, std::string json) {
    if (rows_.size() == kRowsOfPage || bytes_ + json.size() > kBytesOfPage) TRY(finish());
    bytes_ += json.size();
    rows_.push_back({.line = line, .json = std::move(json)});
    return {};
  }
  [[nodiscard]] Result<void> finish() {
    const std::vector<PageRow> rows = std::exchange(rows_, {});
    bytes_ = 0;
    return rows.empty() ? Result<void>() : send(rows);
  }
  void refuse(uint64_t line, std::string_view what) {
    ++totals_.refused;
    std::printf("%s:%llu: %.*s\n", file_.c_str(), printable(line), static_cast<int>(what.size()), what.data());
  }
  [[nodiscard]] ShopTotals& totals() { return totals_; }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  // A page of which the server can't use anything is sent by halves, until what is wrong with each row is told.
  [[nodiscard]] Result<void> send(std::span<const PageRow> rows) {
    std::string body;
    for (const PageRow& row : rows) {
      body += body.empty() ? '[' : ',';
      body += row.json;
    }
    body += ']';
    const demo::DemoAnswer answer =
        TRY(http_.call({.method = "POST", .path = path_, .bearer = options_.key, .body = std::move(body)}));
    if (answer.good()) return take(answer.body, rows);
    if (answer.status != kBadRequest) {
      return fail(ErrorCode::kUnavailable, file_ + ":" + std::to_string(rows.front().line) + ": from here on nothing " +
                                               "is sent: " + words_of_problem(answer) +
                                               ". Send the same tables again to go on: what was taken counts once");
    }
    if (rows.size() == 1) {
      refuse(rows.front().line, words_of_problem(answer));
      return {};
    }
    TRY(send(rows.first(rows.size() / 2)));
    return send(rows.subspan(rows.size() / 2));
  }
  [[nodiscard]] Result<void> take(std::string_view answer, std::span<const PageRow> rows) {
    JsonDocument document(answer, {.max_bytes = kAnswerOfPageBytesMax});
    const JsonObject root = document.root();
    const auto number = [](const JsonObject& object, std::string_view name) {
      return static_cast<uint64_t>(object.optional(name).integer({.min = 0}, 0));
    };
    totals_.taken += number(root, "recorded") + number(root, "stored");
    totals_.known += number(root, "duplicates");
    root.required("problems").array(kRowsOfPage).each([&](const JsonValue& value) {
      const JsonObject problem = value.object();
      const auto last = static_cast<int64_t>(rows.size()) - 1;
      const auto index = static_cast<size_t>(problem.required("index").integer({.min = 0, .max = last}));
      refuse(rows[index].line, problem.required("detail").string({.max_bytes = kAnswerOfPageBytesMax}));
    });
    return document.finish(JsonUnknown::kAllowed);
  }

  const RecsImportOptions& options_;
  const std::string file_;
  const std::string path_;
  demo::DemoHttp http_;
  std::vector<PageRow> rows_;
  size_t bytes_ = 0;
  ShopTotals totals_;
};

// Of a table's rows, one after another: nothing for one that is left out. kInvalid: what is wrong with it.
using JsonOfRow = std::function<Result<std::optional<std::string>>(const std::vector<std::string>&)>;
// kInvalid: the first record names no such columns.
using TableOfHead = std::function<Result<JsonOfRow>(const std::vector<std::string>&)>;

Result<void> send_table(ShopPages& pages, const TableOfHead& table_of) {
  recs::LineReader lines = TRY(recs::LineReader::open(pages.file()));
  std::vector<CsvRecord> records;
  CsvRows rows([&](CsvRecord&& record) { records.push_back(std::move(record)); },
               [&](uint64_t line, const std::string& what) {
                 ++pages.totals().rows;
                 pages.refuse(line, what);
               });
  std::optional<JsonOfRow> json_of;
  const auto send_read = [&]() -> Result<void> {
    if (!json_of && !rows.head().fields.empty()) {
      auto table = table_of(rows.head().fields);
      if (!table) return fail(ErrorCode::kInvalid, pages.file() + ": " + table.error().message);
      json_of = *std::move(table);
    }
    for (const CsvRecord& record : std::exchange(records, {})) {
      ++pages.totals().rows;
      auto json = (*json_of)(record.fields);
      if (!json) pages.refuse(record.line, json.error().message);
      if (json && *json) TRY(pages.add(record.line, **std::move(json)));
    }
    return {};
  };
  while (const auto line = TRY(lines.next())) {
    TRY(rows.feed(*line));
    TRY(rows.feed("\n"));
    TRY(send_read());
  }
  TRY(rows.finish());
  TRY(send_read());
  if (!json_of) return fail(ErrorCode::kInvalid, pages.file() + " is empty: its first line should name the columns");
  return pages.finish();
}

Result<void> send_items(ShopPages& pages) {
  return send_table(pages, [](const std::vector<std::string>& head) -> Result<JsonOfRow> {
    auto table = TRY(recs::CatalogueTable::of(head));
    return [table = std::move(table)](const std::vector<std::string>& fields) -> Result<std::optional<std::string>> {
      return TRY(table.item(fields));
    };
  });
}

Result<void> send_orders(ShopPages& pages, Duration later, uint64_t& passed_over) {
  return send_table(pages, [&](const std::vector<std::string>& head) -> Result<JsonOfRow> {
    auto table = TRY(recs::OrdersTable::of(head, later));
    return [table = std::move(table), &passed_over](const std::vector<std::string>& fields) mutable {
      auto event = table.event(fields);
      passed_over = table.passed_over();
      return event;
    };
  });
}

void print_items(const ShopTotals& totals) {
  std::printf("items: %llu rows, %llu stored, %llu refused\n", printable(totals.rows), printable(totals.taken),
              printable(totals.refused));
}

void print_orders(const ShopTotals& totals, uint64_t passed_over) {
  std::printf("orders: %llu rows, %llu recorded, %llu known before, %llu passed over, %llu refused\n",
              printable(totals.rows), printable(totals.taken), printable(totals.known), printable(passed_over),
              printable(totals.refused));
}

}  // namespace

Result<void> import_shop(const RecsImportOptions& options) {
  uint64_t refused = 0;
  if (!options.items.empty()) {
    ShopPages pages(options, options.items, "/api/v1/recs/items:batch");
    auto sent = send_items(pages);
    print_items(pages.totals());
    TRY(std::move(sent));
    refused += pages.totals().refused;
  }
  if (!options.orders.empty()) {
    ShopPages pages(options, options.orders, "/api/v1/recs/events");
    uint64_t passed_over = 0;
    auto sent = send_orders(pages, Duration::seconds(options.days_later * kSecondsOfDay), passed_over);
    print_orders(pages.totals(), passed_over);
    TRY(std::move(sent));
    refused += pages.totals().refused;
  }
  if (refused == 0) return {};
  return fail(ErrorCode::kInvalid, std::to_string(refused) + " rows are not taken: see above");
}

}  // namespace doorbuster::app
