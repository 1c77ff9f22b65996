#include "platform/api/bulk_rows.h"

#include <string>

namespace doorbuster::platform {
namespace {

constexpr std::string_view kWhite = " \t\r\n";

size_t behind_white(std::string_view text, size_t at) {
  return std::min(text.find_first_not_of(kWhite, at), text.size());
}

std::string_view without_blanks(std::string_view text) {
  const size_t begin = behind_white(text, 0);
  const size_t end = text.find_last_not_of(kWhite);
  return begin == text.size() ? std::string_view() : text.substr(begin, end - begin + 1);
}

// Behind the text in quotes that begins there.
size_t behind_text(std::string_view body, size_t at) {
  for (++at; at < body.size() && body[at] != '"'; ++at) {
    if (body[at] == '\\') ++at;
  }
  return std::min(at + 1, body.size());
}

// Behind the value that begins there: at the comma or bracket that ends it, or at the end of the body.
size_t behind_value(std::string_view body, size_t at) {
  size_t depth = 0;
  while (at < body.size()) {
    const char c = body[at];
    if (c == '"') {
      at = behind_text(body, at);
      continue;
    }
    if (depth == 0 && (c == ',' || c == ']')) return at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth > 0) --depth;
    ++at;
  }
  return at;
}

Result<void> too_many(const BulkRules& rules) {
  return fail(ErrorCode::kInvalid,
              "there may be " + std::to_string(rules.rows_max) + " rows in a request: send several");
}

Result<std::vector<std::string_view>> items_of(std::string_view body, const BulkRules& rules) {
  std::vector<std::string_view> rows;
  size_t at = behind_white(body, 0);
  if (at == body.size() || body[at] != '[') {
    return fail(ErrorCode::kInvalid, "the body has to be an array of " + std::string(rules.things) +
                                         ", or one a line with Content-Type: application/x-ndjson");
  }
  for (bool is_first = true;; is_first = false) {
    const size_t begin = behind_white(body, at + 1);
    const size_t end = behind_value(body, begin);
    const std::string_view row = without_blanks(body.substr(begin, end - begin));
    if (end == body.size())
      return fail(ErrorCode::kInvalid, "the array of " + std::string(rules.things) + " does not end");
    const bool is_empty_array = is_first && row.empty() && body[end] == ']';
    if (row.empty() && !is_empty_array)
      return fail(ErrorCode::kInvalid, "row " + std::to_string(rows.size()) + " is missing: look for a comma too many");
    if (!row.empty()) rows.push_back(row);
    if (rows.size() > rules.rows_max) return tl::unexpected(too_many(rules).error());
    if (body[end] == ']') {
      if (behind_white(body, end + 1) != body.size())
        return fail(ErrorCode::kInvalid, "something stands behind the array of " + std::string(rules.things));
      return rows;
    }
    at = end;
  }
}

// Empty lines are none.
Result<std::vector<std::string_view>> lines_of(std::string_view body, const BulkRules& rules) {
  std::vector<std::string_view> rows;
  while (!body.empty()) {
    const size_t end = std::min(body.find('\n'), body.size());
    if (const std::string_view row = without_blanks(body.substr(0, end)); !row.empty()) rows.push_back(row);
    if (rows.size() > rules.rows_max) return tl::unexpected(too_many(rules).error());
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return rows;
}

}  // namespace

Result<std::vector<std::string_view>> rows_in(std::string_view body, BulkForm form, const BulkRules& rules) {
  auto rows = TRY(form == BulkForm::kArray ? items_of(body, rules) : lines_of(body, rules));
  if (rows.empty()) return fail(ErrorCode::kInvalid, "there are no rows");
  return rows;
}

}  // namespace doorbuster::platform
