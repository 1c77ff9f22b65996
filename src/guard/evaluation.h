// How well scores tell bots from people, on decisions that nobody trained on.
#pragma once

#include <array>
#include <vector>

#include "guard/labelled_decisions.h"
#include "guard/scorecard.h"

namespace doorbuster::guard {

// One decision: what it is, and how much of whoever it is of.
struct Judged {
  double chance = 0;  // that it is a bot's, as somebody says
  uint8_t score = 0;  // the same as the policy hears it
  bool is_bot = false;
  double weight = 1;
};

// One of ten ranges of the chance, all of the same width.
struct Bin {
  double weight = 0;
  double chance = 0;  // on average
  double bots = 0;    // how many of them were bots' in truth, from 0 to 1
};

// By verdict, from 0 to 1.
using VerdictShares = std::array<double, kVerdictNames.size()>;

struct Evaluation {
  double auc = 0.5;     // how probable it is that a bot's chance is higher than a person's
  double log_loss = 0;  // natural logarithm
  std::array<Bin, 10> bins;
  VerdictShares of_people{};
  VerdictShares of_bots{};
};
[[nodiscard]] Evaluation evaluate(const std::vector<Judged>& judged, const Scorecard& card);

// The area under the ROC curve, by ranks (Mann and Whitney 1947); what is equal counts half. 0.5 where there are not
// both.
[[nodiscard]] double area_under_curve(std::vector<Judged> judged);

}  // namespace doorbuster::guard
