#include "platform/api/csv.h"

namespace doorbuster::platform {

CsvWriter& CsvWriter::plain(std::string_view text) {
  if (!is_first_) out_ += ',';
  is_first_ = false;
  out_ += text;
  return *this;
}

CsvWriter& CsvWriter::field(std::string_view text) {
  const bool is_formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  if (!is_formula && text.find_first_of(",\"\r\n") == std::string_view::npos) return plain(text);
  plain(is_formula ? "\"'" : "\"");
  for (const char c : text) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
  return *this;
}

void CsvWriter::end_row() {
  out_ += "\r\n";
  is_first_ = true;
}

}  // namespace doorbuster::platform
