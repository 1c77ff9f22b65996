// One list of several: each source's candidates, their scores divided by the best one's, are added with the weight that
// was learnt for the source.
//
// The weights are learnt by looking at cases whose answer is known (validation): beginning with the best single source,
// one weight after the other is moved as long as the wanted items come higher (a hit among the first 20, and how high).
// So on those cases the blend is never worse than any of its sources.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

using Candidates = std::vector<ScoredItem>;  // of one source, for one case

// So that the best one scores 1; those that score nothing or less are left out.
void normalize(Candidates& candidates);

class Blend {
 public:
  struct Case {
    std::vector<Candidates> by_source;  // normalized
    std::vector<ItemNumber> wanted;
  };

  Blend() = default;
  explicit Blend(std::vector<float> weights) : weights_(std::move(weights)) {}
  // All cases have as many sources, at least one. Of items there are `items`.
  [[nodiscard]] static Blend learn(std::span<const Case> cases, size_t items);

  [[nodiscard]] const std::vector<float>& weights() const { return weights_; }
  [[nodiscard]] Candidates combine(std::span<const Candidates> by_source, size_t n) const;
  // What learn() makes large: the mean over the cases of what is found among the first 20, by number and by rank.
  [[nodiscard]] double value(std::span<const Case> cases, size_t items) const;

 private:
  std::vector<float> weights_;
};

}  // namespace doorbuster::recs
