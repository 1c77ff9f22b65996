// The rows of POST /api/v1/recs/events: what each says, or what is wrong with it. One that is wrong takes none of the
// others with it.
#pragma once

#include <string>
#include <vector>

#include "recs/api/recs_callers.h"
#include "recs/api/row_problems.h"
#include "recs/machine/recs_machine.h"

namespace doorbuster::recs {

struct EventRows {
  std::vector<EventRow> rows = {};
  std::vector<uint32_t> indices = {};  // of these rows in the request
  std::vector<RowProblem> problems = {};
};

// The text of each row. kInvalid: what holds them together is wrong, or there are none, or too many.
[[nodiscard]] Result<std::vector<std::string_view>> event_texts(std::string_view body, bool is_lines);
[[nodiscard]] EventRows read_event_rows(const std::vector<std::string_view>& texts, const RecsCaller& caller,
                                        const Names& names);

// `name` with its bytes, if they may be a name: 1 to 128 bytes of text without control characters.
[[nodiscard]] bool is_name(std::string_view text);
// "rec_" and 16 hexadecimal digits; 0 for all else.
[[nodiscard]] uint64_t recommendation_named(std::string_view text);
[[nodiscard]] std::string name_of_recommendation(uint64_t number);

}  // namespace doorbuster::recs
