// The fields of one line of CSV (RFC 4180): separated by commas, in quotes where they hold one; a quote in quotes is
// doubled. A field does not go on in the next line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::recs {

// kInvalid with what is wrong, in words that follow "line 7: ".
[[nodiscard]] inline Result<void> split_csv(std::string_view line, std::vector<std::string>& fields) {
  fields.clear();
  fields.emplace_back();
  bool is_quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[++i];
      } else {
        is_quoted = false;
      }
    } else if (c == '"' && fields.back().empty()) {
      is_quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (is_quoted) return fail(ErrorCode::kInvalid, "a quote is not closed");
  return {};
}

}  // namespace doorbuster::recs
