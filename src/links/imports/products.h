// Whose links can be taken, and how their files look from afar.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/csv_rows.h"
#include "links/imports/json_rows.h"

namespace doorbuster::links {

enum class Product : uint8_t { kShlink, kKutt, kYourls, kBitly, kDub, kCsv };
// What a caller names them by. `csv` is a table of anybody's, and what this server itself exports.
inline constexpr std::array<std::string_view, 6> kProductNames = {"shlink", "kutt", "yourls", "bitly", "dub", "csv"};

[[nodiscard]] std::optional<Product> product_named(std::string_view name);

// A link as it stood in the file.
struct ImportRow {
  std::string text;                 // JSON, or a line of a table
  std::vector<std::string> fields;  // of a table
};

// Finds the links of a file that comes piece by piece, JSON or CSV, as its first character says.
class ImportRows {
 public:
  using Take = std::function<void(ImportRow&&)>;

  ImportRows(Product product, Take take) : product_(product), take_(std::move(take)) {}
  ImportRows(const ImportRows&) = delete;
  ImportRows& operator=(const ImportRows&) = delete;

  [[nodiscard]] Result<void> feed(std::string_view piece);
  // kInvalid as well where there was nothing at all.
  [[nodiscard]] Result<void> finish();

  // The names of a table's columns; null where it is none, or nothing has come yet.
  [[nodiscard]] const CsvRecord* head() const;

 private:
  void begin(char first);

  const Product product_;
  const Take take_;
  std::variant<std::monostate, JsonRows, CsvRows> rows_;
  size_t mark_bytes_ = 0;  // of the byte order mark that UTF-8 may begin with
};

}  // namespace doorbuster::links
