// Reads tables in CSV (RFC 4180) while they come, piece by piece: quoted fields with commas, quotes and line ends in
// them, lines that end as on any system, and a comma, a semicolon or a tab between fields, whichever the first line has
// most of. A quote opens a field at its beginning only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster {

inline constexpr size_t kCsvRecordBytesMax = 65'536;

struct CsvRecord {
  std::string text;  // as it stood there, without its line's end
  std::vector<std::string> fields;
  uint64_t line = 0;  // in which it begins, from 1
};

// The fields of a record's text. kInvalid: half a sentence.
[[nodiscard]] Result<std::vector<std::string>> csv_fields(std::string_view record, char separator);

class CsvRows {
 public:
  // Called for each record behind the first; lines without anything in them are none.
  using Take = std::function<void(CsvRecord&&)>;

  // Called for each line behind the first record that begins none, with what is wrong: "its quotes do not end".
  using Refuse = std::function<void(uint64_t line, const std::string& what)>;

  // Without `refuse` the first such line is the end of it all. With it the lines behind are read, those too that open
  // quotes have taken in.
  explicit CsvRows(Take take, Refuse refuse = {}) : take_(std::move(take)), refuse_(std::move(refuse)) {}

  // kInvalid: in which line it is not a table.
  [[nodiscard]] Result<void> feed(std::string_view piece);
  [[nodiscard]] Result<void> finish();

  // The first record: the columns' names. Empty until it has come.
  [[nodiscard]] const CsvRecord& head() const { return head_; }

 private:
  // Nothing once all is read; otherwise what comes behind a line that was refused.
  [[nodiscard]] Result<std::optional<std::string>> read(std::string_view piece);
  void note_quote(char c);
  [[nodiscard]] Result<void> end_record();
  // What has to be read behind the line in which the record began; `rest` is what follows the record.
  [[nodiscard]] Result<std::string> refuse_record(const std::string& what, std::string_view rest);

  const Take take_;
  const Refuse refuse_;
  CsvRecord head_;
  char separator_ = '\0';  // not known yet
  std::string record_;
  bool is_in_quotes_ = false;
  bool is_behind_quote_ = false;  // the character before ended quotes, or is the first half of a quote in quotes
  bool is_passed_over_ = false;   // what is left of the line
  uint64_t line_ = 1;             // that is read
  uint64_t began_at_ = 1;         // the line in which the record began
};

}  // namespace doorbuster
