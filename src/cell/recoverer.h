// Finds out, for a cell whose store could not say whether a batch is durable, by opening the log again; and goes on
// trying once a second while the log cannot be opened.
#pragma once

#include <chrono>
#include <vector>

#include "base/time.h"

namespace doorbuster::cell {

class CellRunner;

class Recoverer {
 public:
  Recoverer(const Clock& clock, const std::vector<CellRunner*>& cells) : clock_(clock), cells_(cells) {}

  // Tries once for every cell that needs it, one after the other. Returns whether any came back.
  bool round();

  // Until the next try.
  [[nodiscard]] std::chrono::microseconds patience() const;

 private:
  [[nodiscard]] bool try_once(CellRunner& cell);

  const Clock& clock_;
  const std::vector<CellRunner*>& cells_;
};

}  // namespace doorbuster::cell
