// Answers that say something about the log as it was when they were given: that there was no unit left, that somebody
// takes part in a draw under a certain leaf. At the end the log is asked whether that was so.
#pragma once

#include <string>
#include <vector>

#include "sim/answers.h"
#include "sim/site.h"

namespace doorbuster::sim {

// How far the log of the server that answered was durable when the request came, and when the answer left.
struct LogRange {
  Sequence from;
  Sequence to;
};

class AnswerBook {
 public:
  explicit AnswerBook(Site& site) : site_(site) {}

  void saw(const Heard& heard, LogRange range);
  void check() const;

 private:
  struct SoldOut {
    std::string sale;
    LogRange range;
  };
  struct Enrolment {
    std::string sale;
    std::string entry;
    Receipt receipt;
  };

  Site& site_;
  std::vector<SoldOut> sold_out_;
  std::vector<Enrolment> enrolments_;
};

}  // namespace doorbuster::sim
