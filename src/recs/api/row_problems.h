// What is wrong with rows of a request: each is named by its place, and takes none of the others with it.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "platform/api/call.h"
#include "recs/machine/recs_machine.h"

namespace doorbuster::recs {

struct RowProblem {
  uint32_t index = 0;  // of the row, from 0
  std::string detail;
};

// The member "problems", in an object that is open.
void write_problems(JsonWriter& json, const std::vector<RowProblem>& problems);

// These, and the rows for whose items there was no room, in the order of the rows. `indices`: where in the request the
// rows of the command stood.
[[nodiscard]] std::vector<RowProblem> problems_with(std::vector<RowProblem> problems, const RecsMachine::Reply& reply,
                                                    const std::vector<uint32_t>& indices);

// 400 with the first problem.
void respond_nothing_usable(const platform::Call& call, const std::vector<RowProblem>& problems);

}  // namespace doorbuster::recs
