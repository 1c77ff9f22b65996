// Answers that say something about the log as it was when they were given: that there was no unit left, that somebody
// takes part in a draw under a certain leaf, how somebody stands in line. At the end the log is asked whether that was
// so.
#pragma once

#include <string>
#include <vector>

#include "sim/answers.h"
#include "sim/entry_book.h"
#include "sim/site.h"

namespace doorbuster::sim {

// A cell's log, as the server that answered had it: under which epoch, and how far it was durable when the request came
// and when the answer left.
struct LogRange {
  Epoch epoch;
  Sequence from;
  Sequence to;
};
using LogRanges = std::vector<LogRange>;  // by cell

class AnswerBook {
 public:
  explicit AnswerBook(Site& site) : site_(site) {}

  void saw(const Heard& heard, const LogRanges& ranges);
  // How an entry stood at some moment in the range of its cell; or that it was over then, if there is no state.
  void saw_entry(sale::EntryNumber entry, std::optional<sale::EntryState> state, const LogRange& range) {
    entries_.push_back({entry, state, range});
  }
  void check() const;

 private:
  struct SoldOut {
    std::string sale;
    LogRanges ranges;
  };
  struct Enrolment {
    std::string sale;
    std::string entry;
    Receipt receipt;
  };

  struct Standing {
    sale::EntryNumber entry;
    std::optional<sale::EntryState> state;
    LogRange range;
  };

  void check_entries(const std::vector<EntryBook>& books) const;

  Site& site_;
  std::vector<SoldOut> sold_out_;
  std::vector<Enrolment> enrolments_;
  std::vector<Standing> entries_;
};

}  // namespace doorbuster::sim
