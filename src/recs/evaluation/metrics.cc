#include "recs/evaluation/metrics.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/assert.h"

namespace doorbuster::recs {
namespace {

double gain_at(size_t rank) { return 1 / std::log2(1 + static_cast<double>(rank)); }

double best_gain(size_t wanted) {
  double sum = 0;
  for (size_t rank = 1; rank <= wanted; ++rank) sum += gain_at(rank);
  return sum;
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

double six_digits(double number) { return std::round(number * 1e6) / 1e6; }

Metrics::Metrics(std::span<const uint32_t> popularity) : popularity_(popularity) {
  for (Sums& sums : sums_) sums.covered.resize(popularity.size());
}

void Metrics::add(std::span<const ItemNumber> recommended, std::span<const ItemNumber> wanted) {
  ASSERT(!wanted.empty());
  for (size_t i = 0; i < kCutoffs.size(); ++i)
    add_at(kCutoffs[i], sums_[i], recommended.first(std::min(kCutoffs[i], recommended.size())), wanted);
  for (const ItemNumber item : wanted)
    if (item < popularity_.size()) wanted_popularity_ += popularity_[item];
  wanted_ += wanted.size();
  ++cases_;
}

void Metrics::add_at(size_t cutoff, Sums& sums, std::span<const ItemNumber> recommended,
                     std::span<const ItemNumber> wanted) {
  size_t found = 0;
  double gain = 0;
  for (size_t i = 0; i < recommended.size(); ++i) {
    ASSERT(recommended[i] < popularity_.size());
    sums.covered[recommended[i]] = true;
    sums.recommended_popularity += popularity_[recommended[i]];
    if (std::ranges::find(wanted, recommended[i]) == wanted.end()) continue;
    if (++found == 1) sums.reciprocal_ranks += 1 / static_cast<double>(i + 1);
    gain += gain_at(i + 1);
  }
  const size_t possible = std::min(cutoff, wanted.size());
  sums.recommended += recommended.size();
  sums.hits += found > 0 ? 1 : 0;
  sums.recall += static_cast<double>(found) / static_cast<double>(possible);
  sums.ndcg += gain / best_gain(possible);
}

MetricsAt Metrics::at(size_t cutoff) const {
  const size_t which = static_cast<size_t>(std::ranges::find(kCutoffs, cutoff) - kCutoffs.begin());
  ASSERT(which < kCutoffs.size());
  const Sums& sums = sums_[which];
  const auto cases = static_cast<double>(cases_);
  const double shown = ratio(static_cast<double>(sums.recommended_popularity), static_cast<double>(sums.recommended));
  const double wanted = ratio(static_cast<double>(wanted_popularity_), static_cast<double>(wanted_));
  return {.cutoff = cutoff,
          .hit_rate = ratio(sums.hits, cases),
          .mrr = ratio(sums.reciprocal_ranks, cases),
          .recall = ratio(sums.recall, cases),
          .ndcg = ratio(sums.ndcg, cases),
          .coverage = ratio(static_cast<double>(std::ranges::count(sums.covered, true)),
                            static_cast<double>(popularity_.size())),
          .popularity_bias = ratio(shown, wanted)};
}

void write_metrics(JsonWriter& json, const Metrics& metrics) {
  for (const size_t cutoff : kCutoffs) {
    const MetricsAt at = metrics.at(cutoff);
    const auto member = [&](std::string_view name, double number) {
      json.dynamic_key(std::string(name) + "@" + std::to_string(cutoff)).value(six_digits(number));
    };
    member("hit_rate", at.hit_rate);
    member("mrr", at.mrr);
    member("recall", at.recall);
    member("ndcg", at.ndcg);
    member("coverage", at.coverage);
    member("popularity_bias", at.popularity_bias);
  }
}

}  // namespace doorbuster::recs
