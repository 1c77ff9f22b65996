// Tables as CSV (RFC 4180), for spreadsheets: what would be a formula there is text.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace doorbuster::platform {

// Writes one row after another: fields, then end_row().
class CsvWriter {
 public:
  explicit CsvWriter(std::string& out) : out_(out) {}

  // Quoted where it has to be. A field that a spreadsheet would calculate (it begins with = + - @, a tab or a carriage
  // return; OWASP, "CSV Injection") gets an apostrophe before it.
  CsvWriter& field(std::string_view text);
  template <std::integral T>
  CsvWriter& field(T number) {
    return plain(std::to_string(number));
  }
  CsvWriter& field(Timestamp at) { return plain(format_rfc3339(at)); }
  // Empty when there is none.
  template <class T>
  CsvWriter& field(const std::optional<T>& maybe) {
    return maybe ? field(*maybe) : plain("");
  }
  void end_row();

 private:
  CsvWriter& plain(std::string_view text);

  std::string& out_;
  bool is_first_ = true;
};

}  // namespace doorbuster::platform
