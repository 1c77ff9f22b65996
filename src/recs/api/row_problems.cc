#include "recs/api/row_problems.h"

#include <algorithm>

#include "platform/api/problems.h"

namespace doorbuster::recs {

void write_problems(JsonWriter& json, const std::vector<RowProblem>& problems) {
  json.key("problems").begin_array();
  for (const RowProblem& problem : problems)
    json.begin_object().member("index", problem.index).member("detail", problem.detail).end_object();
  json.end_array();
}

std::vector<RowProblem> problems_with(std::vector<RowProblem> problems, const RecsMachine::Reply& reply,
                                      const std::vector<uint32_t>& indices) {
  for (const uint32_t row : reply.without_room)
    problems.push_back({indices[row], "there are as many items as there may be: raise recs.items"});
  std::ranges::sort(problems, {}, &RowProblem::index);
  return problems;
}

void respond_nothing_usable(const platform::Call& call, const std::vector<RowProblem>& problems) {
  platform::respond_invalid(
      call.exchange, call.request.path(),
      "No row can be used. Row " + std::to_string(problems.front().index) + ": " + problems.front().detail);
}

}  // namespace doorbuster::recs
