#include "base/csv_rows.h"

#include <algorithm>
#include <utility>

namespace doorbuster {
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

constexpr std::string_view kSeparators = ",;\t";

char separator_of(std::string_view head) {
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

void CsvRows::note_quote(char c) {
  const bool was_behind_quote = std::exchange(is_behind_quote_, false);
  if (c != '"') return;
  if (is_in_quotes_) {
    is_in_quotes_ = false;
    is_behind_quote_ = true;
    return;
  }
  const std::string_view separators = separator_ == '\0' ? kSeparators : std::string_view(&separator_, 1);
  is_in_quotes_ = was_behind_quote || record_.empty() || separators.find(record_.back()) != std::string_view::npos;
}

Result<std::string> CsvRows::refuse_record(const std::string& what, std::string_view rest) {
  if (!refuse_ || head_.fields.empty())
    return fail(ErrorCode::kInvalid, "line " + std::to_string(began_at_) + ": " + what);
  refuse_(began_at_, what);
  const std::string record = std::exchange(record_, {});
  is_in_quotes_ = is_behind_quote_ = false;
  const size_t end = record.find('\n');
  if (end == std::string::npos) {
    is_passed_over_ = true;
    return std::string(rest);
  }
  line_ = ++began_at_;
  std::string again = record.substr(end + 1);
  again += rest;
  return again;
}

Result<std::optional<std::string>> CsvRows::read(std::string_view piece) {
  for (size_t at = 0; at < piece.size(); ++at) {
    const char c = piece[at];
    if (is_passed_over_ && c != '\n') continue;
    is_passed_over_ = false;
    note_quote(c);
    const bool is_end = !is_in_quotes_ && (c == '\n' || c == '\r');
    if (is_end) {
      const auto ended = end_record();
      if (!ended) return TRY(refuse_record(ended.error().message, piece.substr(at)));
    }
    if (c == '\n') ++line_;
    if (is_end) {
      began_at_ = line_;
      continue;
    }
    record_ += c;
    if (record_.size() > kCsvRecordBytesMax) {
      return TRY(refuse_record("it is longer than " + std::to_string(kCsvRecordBytesMax) + " bytes: do its quotes end?",
                               piece.substr(at + 1)));
    }
  }
  return std::nullopt;
}

Result<void> CsvRows::feed(std::string_view piece) {
  std::string again;
  while (auto left = TRY(read(piece))) {
    again = *std::move(left);
    piece = again;
  }
  return {};
}

Result<void> CsvRows::finish() {
  if (!is_in_quotes_) TRY(feed("\n"));
  while (is_in_quotes_) {
    const std::string again =
        TRY(refuse_record("the table ends within its quotes: is a part of the file missing?", "\n"));
    TRY(feed(again));
  }
  return {};
}

// kInvalid: what is wrong with the record, which is still there.
Result<void> CsvRows::end_record() {
  if (record_.find_first_not_of(" \t") == std::string::npos) {
    record_.clear();
    return {};
  }
  if (head_.fields.empty()) separator_ = separator_of(record_);
  CsvRecord record{.text = record_, .fields = TRY(csv_fields(record_, separator_)), .line = began_at_};
  record_.clear();
  if (head_.fields.empty()) {
    head_ = std::move(record);
  } else {
    take_(std::move(record));
  }
  return {};
}

}  // namespace doorbuster
