// A small network that scores candidates by their features: two hidden layers of rectified units, learnt list by list
// so that what was chosen scores above what was not (softmax over a list; Cao et al., ICML 2007, top one).
//
// The same digits on every x86 machine, with or without AVX2: eight candidates are computed side by side, each by the
// same operations in the same order, and no multiplication is fused with an addition (CMakeLists.txt).
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/bytes.h"

namespace doorbuster::recs {

class RankingNetwork {
 public:
  static constexpr size_t kLanes = 8;  // candidates side by side
  static constexpr size_t kFirst = 32, kSecond = 16;

  // With small random weights.
  RankingNetwork(size_t inputs, uint64_t seed);

  [[nodiscard]] size_t inputs() const { return inputs_; }
  [[nodiscard]] size_t parameters() const { return weights_.size(); }

  // Feature f of candidate c lies at features[f * stride + c]; stride is a multiple of kLanes, and scores has as many
  // elements.
  void score(std::span<const float> features, size_t stride, std::span<float> scores) const;

  void save(ByteWriter& out) const;
  // False, and nothing changes, if what was saved is no network of as many inputs.
  [[nodiscard]] bool load(ByteReader& in);

 private:
  friend class RankingTrainer;
  size_t inputs_;
  // First layer by input, then its biases; second likewise; then what the second's units weigh.
  std::vector<float> weights_;
};

// Lists to learn from, in one piece of memory: the first candidate of each was chosen. A candidate may stand for
// several others that were left out.
class RankingLists {
 public:
  RankingLists(size_t inputs, size_t candidates);  // of a list; a multiple of RankingNetwork::kLanes

  [[nodiscard]] size_t size() const { return counts_.size(); }
  [[nodiscard]] size_t stride() const { return stride_; }
  void reserve(size_t lists);
  void append(const RankingLists& others);
  // Features of one more list, all zero, in the layout of RankingNetwork::score; `count` of its candidates are there,
  // each of which stands for itself.
  std::span<float> add(size_t count);
  // In the list that was added last, candidate `c` stands for `weight` candidates.
  void stands_for(size_t c, float weight);
  [[nodiscard]] std::span<const float> operator[](size_t i) const {
    return std::span(features_).subspan(i * inputs_ * stride_, inputs_ * stride_);
  }
  // Logarithms of what its candidates stand for.
  [[nodiscard]] std::span<const float> log_weights_of(size_t i) const {
    return std::span(log_weights_).subspan(i * stride_, counts_[i]);
  }

 private:
  size_t inputs_, stride_;
  std::vector<float> features_, log_weights_;
  std::vector<uint32_t> counts_;
};

struct RankingTraining {
  uint32_t epochs = 8;
  uint32_t batch = 64;
  float step = 2e-3F;  // of Adam, falling to nothing as a cosine does
  float decay = 1e-5F;
  uint64_t seed = 1;
  std::stop_token stop = {};  // ends it early, with something of no use
};

// Returns the mean loss of the last epoch.
double train_ranking(RankingNetwork& network, const RankingLists& lists, const RankingTraining& training);

}  // namespace doorbuster::recs
