#include "links/imports/products.h"

#include <algorithm>

namespace doorbuster::links {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

PageShape shape_of(Product product) {
  switch (product) {
    case Product::kShlink:
      return {.path = {"shortUrls", "data"}, .mark = "shortUrls"};
    case Product::kKutt:
      return {.path = {"data"}, .mark = "total"};
    case Product::kYourls:
      return {.path = {"links"}, .mark = "stats"};
    case Product::kBitly:
      return {.path = {"links"}, .mark = "pagination"};
    case Product::kDub:
    case Product::kCsv:
      return {};
  }
  return {};
}

}  // namespace

std::optional<Product> product_named(std::string_view name) {
  const auto found = std::ranges::find(kProductNames, name);
  if (found == kProductNames.end()) return std::nullopt;
  return static_cast<Product>(found - kProductNames.begin());
}

void ImportRows::begin(char first) {
  if (first == '{' || first == '[') {
    rows_.emplace<JsonRows>(shape_of(product_),
                            [this](std::string&& text) { take_({.text = std::move(text), .fields = {}}); });
  } else {
    rows_.emplace<CsvRows>(
        [this](CsvRecord&& record) { take_({.text = std::move(record.text), .fields = std::move(record.fields)}); });
  }
}

Result<void> ImportRows::feed(std::string_view piece) {
  if (std::holds_alternative<std::monostate>(rows_)) {
    while (!piece.empty() && mark_bytes_ < kByteOrderMark.size() && piece.front() == kByteOrderMark[mark_bytes_]) {
      ++mark_bytes_;
      piece.remove_prefix(1);
    }
    const size_t white = std::min(piece.find_first_not_of(" \t\r\n"), piece.size());
    if (white > 0) mark_bytes_ = kByteOrderMark.size();
    piece.remove_prefix(white);
    if (piece.empty()) return {};
    begin(piece.front());
  }
  auto* json = std::get_if<JsonRows>(&rows_);
  return json != nullptr ? json->feed(piece) : std::get<CsvRows>(rows_).feed(piece);
}

Result<void> ImportRows::finish() {
  if (std::holds_alternative<std::monostate>(rows_)) return fail(ErrorCode::kInvalid, "there is nothing in it");
  auto* json = std::get_if<JsonRows>(&rows_);
  return json != nullptr ? json->finish() : std::get<CsvRows>(rows_).finish();
}

const CsvRecord* ImportRows::head() const {
  const auto* table = std::get_if<CsvRows>(&rows_);
  return table == nullptr || table->head().fields.empty() ? nullptr : &table->head();
}

}  // namespace doorbuster::links
