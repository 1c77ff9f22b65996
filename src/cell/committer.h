// Makes the batches of all cells durable, by one sync.
//
// A cell hands its batch over and goes on deciding the next one. Whatever has been handed over when a sync ends goes
// with the next: with few cells at work each has a short wait, with many one sync serves all of them.
#pragma once

#include <vector>

#include "base/time.h"
#include "log/log.h"

namespace doorbuster::cell {

class CellRunner;

class Committer {
 public:
  Committer(log::Log& log, const Clock& clock, const std::vector<CellRunner*>& cells)
      : log_(log), clock_(clock), cells_(cells) {}

  // The three steps of a round, for whoever has to do something between them: takes what is ready and says whether
  // there is any, has it durable, and tells the cells, which then live on.
  [[nodiscard]] bool collect();
  void append();
  void tell();

  // Of the last append().
  [[nodiscard]] const std::vector<log::Appended>& outcomes() const { return outcomes_; }

  bool round() {
    if (!collect()) return false;
    append();
    tell();
    return true;
  }

 private:
  log::Log& log_;
  const Clock& clock_;
  const std::vector<CellRunner*>& cells_;
  std::vector<CellRunner*> chosen_;
  std::vector<log::Append> together_;
  std::vector<log::Appended> outcomes_;
  Timestamp began_, ended_;  // the last append()
};

}  // namespace doorbuster::cell
