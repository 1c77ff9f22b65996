// Reads tables in CSV (RFC 4180) while they come, piece by piece: quoted fields with commas, quotes and line ends in
// them, lines that end as on any system, and a comma, a semicolon or a tab between fields, whichever the first line has
// most of.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::links {

struct CsvRecord {
  std::string text;  // as it stood there, without its line's end
  std::vector<std::string> fields;
};

// The fields of a record's text. kInvalid: half a sentence.
[[nodiscard]] Result<std::vector<std::string>> csv_fields(std::string_view record, char separator);

class CsvRows {
 public:
  // Called for each record behind the first; lines without anything in them are none.
  using Take = std::function<void(CsvRecord&&)>;

  explicit CsvRows(Take take) : take_(std::move(take)) {}

  // kInvalid: in which line it is not a table.
  [[nodiscard]] Result<void> feed(std::string_view piece);
  [[nodiscard]] Result<void> finish();

  // The first record: the columns' names. Empty until it has come.
  [[nodiscard]] const CsvRecord& head() const { return head_; }

 private:
  [[nodiscard]] Result<void> end_record();

  const Take take_;
  CsvRecord head_;
  char separator_ = ',';
  std::string record_;
  bool is_in_quotes_ = false;
  uint64_t line_ = 1;      // that is read
  uint64_t began_at_ = 1;  // the line in which the record began
};

}  // namespace doorbuster::links
