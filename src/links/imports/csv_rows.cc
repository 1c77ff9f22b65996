#include "links/imports/csv_rows.h"

#include <algorithm>
#include <utility>

#include "links/imports/json_rows.h"

namespace doorbuster::links {
namespace {

// Outside of quotes.
size_t count_outside_quotes(std::string_view record, char wanted) {
  size_t count = 0;
  bool is_in_quotes = false;
  for (const char c : record) {
    if (c == '"') is_in_quotes = !is_in_quotes;
    if (c == wanted && !is_in_quotes) ++count;
  }
  return count;
}

char separator_of(std::string_view head) {
  constexpr std::string_view kSeparators = ",;\t";
  return *std::ranges::max_element(kSeparators, {}, [&](char c) { return count_outside_quotes(head, c); });
}

// The content of the quoted field that begins at `at`, which is moved behind it; nothing if its quotes do not end.
bool read_quoted(std::string_view record, size_t& at, std::string& field) {
  for (++at; at < record.size(); ++at) {
    if (record[at] != '"') {
      field += record[at];
    } else if (at + 1 < record.size() && record[at + 1] == '"') {
      field += record[at++];
    } else {
      ++at;
      return true;
    }
  }
  return false;
}

}  // namespace

Result<std::vector<std::string>> csv_fields(std::string_view record, char separator) {
  std::vector<std::string> fields(1);
  for (size_t at = 0; at < record.size();) {
    const char c = record[at];
    if (c == separator) {
      fields.emplace_back();
      ++at;
    } else if (c != '"') {
      fields.back() += c;
      ++at;
    } else {
      if (!fields.back().empty()) return fail(ErrorCode::kInvalid, "a quote stands within a field without quotes");
      if (!read_quoted(record, at, fields.back())) return fail(ErrorCode::kInvalid, "a field's quotes do not end");
      if (at < record.size() && record[at] != separator)
        return fail(ErrorCode::kInvalid, "something stands behind a field's quotes");
    }
  }
  return fields;
}

Result<void> CsvRows::feed(std::string_view piece) {
  for (const char c : piece) {
    if (c == '"') is_in_quotes_ = !is_in_quotes_;
    const bool is_end = !is_in_quotes_ && (c == '\n' || c == '\r');
    if (is_end) TRY(end_record());
    if (c == '\n') ++line_;
    if (is_end) {
      began_at_ = line_;
      continue;
    }
    record_ += c;
    if (record_.size() > kImportRowBytesMax) {
      return fail(ErrorCode::kInvalid, "line " + std::to_string(began_at_) + " is longer than " +
                                           std::to_string(kImportRowBytesMax) + " bytes: do its quotes end?");
    }
  }
  return {};
}

Result<void> CsvRows::finish() {
  if (is_in_quotes_) {
    return fail(ErrorCode::kInvalid, "the table ends within the quotes of line " + std::to_string(began_at_) +
                                         ": is a part of the file missing?");
  }
  return end_record();
}

Result<void> CsvRows::end_record() {
  if (record_.find_first_not_of(" \t") == std::string::npos) {
    record_.clear();
    return {};
  }
  if (head_.fields.empty()) separator_ = separator_of(record_);
  CsvRecord record{.text = std::exchange(record_, {}), .fields = {}};
  auto fields = csv_fields(record.text, separator_);
  if (!fields) return fail(ErrorCode::kInvalid, "line " + std::to_string(began_at_) + ": " + fields.error().message);
  record.fields = *std::move(fields);
  if (head_.fields.empty()) {
    head_ = std::move(record);
  } else {
    take_(std::move(record));
  }
  return {};
}

}  // namespace doorbuster::links
