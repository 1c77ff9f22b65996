#include "guard/evaluation.h"

#include <algorithm>
#include <cmath>

namespace doorbuster::guard {
namespace {

constexpr double kNearlySure = 1e-6;  // whoever is quite sure and wrong would lose without end

double log_loss_of(const std::vector<Judged>& judged) {
  double sum = 0, weight = 0;
  for (const Judged& one : judged) {
    const double chance = std::clamp(one.chance, kNearlySure, 1 - kNearlySure);
    sum -= one.weight * std::log(one.is_bot ? chance : 1 - chance);
    weight += one.weight;
  }
  return weight > 0 ? sum / weight : 0;
}

std::array<Bin, 10> calibration_of(const std::vector<Judged>& judged) {
  std::array<Bin, 10> bins;
  for (const Judged& one : judged) {
    Bin& bin = bins[std::min<size_t>(static_cast<size_t>(std::max(one.chance, 0.0) * 10), 9)];
    bin.weight += one.weight;
    bin.chance += one.weight * one.chance;
    bin.bots += one.is_bot ? one.weight : 0;
  }
  for (Bin& bin : bins) {
    if (bin.weight == 0) continue;
    bin.chance /= bin.weight;
    bin.bots /= bin.weight;
  }
  return bins;
}

VerdictShares verdicts_of(const std::vector<Judged>& judged, bool of_bots, const Scorecard& card) {
  VerdictShares shares{};
  double all = 0;
  for (const Judged& one : judged) {
    if (one.is_bot != of_bots) continue;
    shares[static_cast<size_t>(judge(one.score, card).verdict)] += one.weight;
    all += one.weight;
  }
  for (double& share : shares) share = all > 0 ? share / all : 0;
  return shares;
}

}  // namespace

double area_under_curve(std::vector<Judged> judged) {
  std::ranges::sort(judged, {}, &Judged::chance);
  double people_below = 0, pairs = 0, bots = 0;
  for (auto next = judged.begin(); next != judged.end();) {
    const auto end = std::find_if(next, judged.end(), [&](const Judged& one) { return one.chance != next->chance; });
    double people_here = 0, bots_here = 0;
    for (; next != end; ++next) (next->is_bot ? bots_here : people_here) += next->weight;
    pairs += bots_here * (people_below + people_here / 2);
    people_below += people_here;
    bots += bots_here;
  }
  return people_below > 0 && bots > 0 ? pairs / (people_below * bots) : 0.5;
}

Evaluation evaluate(const std::vector<Judged>& judged, const Scorecard& card) {
  return {.auc = area_under_curve(judged),
          .log_loss = log_loss_of(judged),
          .bins = calibration_of(judged),
          .of_people = verdicts_of(judged, false, card),
          .of_bots = verdicts_of(judged, true, card)};
}

}  // namespace doorbuster::guard
