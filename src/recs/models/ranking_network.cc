#include "recs/models/ranking_network.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <numeric>

#include "base/assert.h"
#include "base/prng.h"
#include "recs/models/float_lanes.h"
#include "recs/models/model_bytes.h"

namespace doorbuster::recs {
namespace ranking {

// What std::vector can hold.
struct Group {
  FloatLanes lanes{};
};

struct Activations {
  Group first[RankingNetwork::kFirst];
  Group second[RankingNetwork::kSecond];
  FloatLanes score;
};

struct Scratch {
  std::vector<Group> in, gradient;
  std::vector<Activations> seen;  // by group of lanes
  std::vector<float> scores;
};

}  // namespace ranking

namespace {

using ranking::Activations, ranking::Group, ranking::Scratch;

constexpr size_t kFirst = RankingNetwork::kFirst, kSecond = RankingNetwork::kSecond, kLanes = RankingNetwork::kLanes;
using Lanes = FloatLanes;

constexpr size_t first_bias(size_t inputs) { return inputs * kFirst; }
constexpr size_t second_weights(size_t inputs) { return first_bias(inputs) + kFirst; }
constexpr size_t second_bias(size_t inputs) { return second_weights(inputs) + kFirst * kSecond; }
constexpr size_t output_weights(size_t inputs) { return second_bias(inputs) + kSecond; }
constexpr size_t all_weights(size_t inputs) { return output_weights(inputs) + kSecond; }

// Half of a layer's units at a time, so that their sums stay in registers.
template <size_t kUnits>
RECS_LANES_INLINE void dense(const float* weights, const float* bias, const Group* in, size_t inputs, Group* out) {
  constexpr size_t kAtOnce = 8;
  for (size_t begin = 0; begin < kUnits; begin += kAtOnce) {
    Lanes sums[kAtOnce];
    for (size_t u = 0; u < kAtOnce; ++u) sums[u] = Lanes{} + bias[begin + u];
    for (size_t i = 0; i < inputs; ++i)
      for (size_t u = 0; u < kAtOnce; ++u) sums[u] += weights[i * kUnits + begin + u] * in[i].lanes;
    for (size_t u = 0; u < kAtOnce; ++u) out[begin + u].lanes = sums[u] > 0 ? sums[u] : Lanes{};
  }
}

RECS_LANES_INLINE void forward(const float* weights, size_t inputs, const Group* in, Activations& out) {
  dense<kFirst>(weights, weights + first_bias(inputs), in, inputs, out.first);
  dense<kSecond>(weights + second_weights(inputs), weights + second_bias(inputs), out.first, kFirst, out.second);
  out.score = Lanes{};
  for (size_t u = 0; u < kSecond; ++u) out.score += weights[output_weights(inputs) + u] * out.second[u].lanes;
}

// Adds the gradient of eight candidates, by lanes, to `gradient`.
RECS_LANES_INLINE void backward(const float* weights, size_t inputs, const Group* in, const Activations& seen,
                                Lanes error, Group* gradient) {
  Lanes second[kSecond], first[kFirst];
  for (size_t u = 0; u < kSecond; ++u) {
    gradient[output_weights(inputs) + u].lanes += error * seen.second[u].lanes;
    second[u] = seen.second[u].lanes > 0 ? error * weights[output_weights(inputs) + u] : Lanes{};
    gradient[second_bias(inputs) + u].lanes += second[u];
  }
  for (size_t i = 0; i < kFirst; ++i) {
    const size_t row = second_weights(inputs) + i * kSecond;
    Lanes sum{};
    for (size_t u = 0; u < kSecond; ++u) {
      gradient[row + u].lanes += second[u] * seen.first[i].lanes;
      sum += weights[row + u] * second[u];
    }
    first[i] = seen.first[i].lanes > 0 ? sum : Lanes{};
    gradient[first_bias(inputs) + i].lanes += first[i];
  }
  for (size_t i = 0; i < inputs; ++i)
    for (size_t u = 0; u < kFirst; ++u) gradient[i * kFirst + u].lanes += first[u] * in[i].lanes;
}

RECS_LANES_INLINE void score_all(const float* weights, size_t inputs, const float* features, size_t stride,
                                 float* scores, Scratch& scratch) {
  for (size_t group = 0; group < stride / kLanes; ++group) {
    for (size_t i = 0; i < inputs; ++i) load_lanes(scratch.in[i].lanes, features + i * stride + group * kLanes);
    Activations& seen = scratch.seen[group];
    forward(weights, inputs, scratch.in.data(), seen);
    std::memcpy(scores + group * kLanes, &seen.score, sizeof seen.score);
  }
}

RECS_LANES_INLINE void add_gradients(const float* weights, size_t inputs, const float* features, size_t stride,
                                     const float* errors, Scratch& scratch) {
  for (size_t group = 0; group < stride / kLanes; ++group) {
    for (size_t i = 0; i < inputs; ++i) load_lanes(scratch.in[i].lanes, features + i * stride + group * kLanes);
    Lanes error;
    load_lanes(error, errors + group * kLanes);
    backward(weights, inputs, scratch.in.data(), scratch.seen[group], error, scratch.gradient.data());
  }
}

using ScoreAll = void (*)(const float*, size_t, const float*, size_t, float*, Scratch&);
using AddGradients = void (*)(const float*, size_t, const float*, size_t, const float*, Scratch&);

void score_plain(const float* w, size_t n, const float* f, size_t s, float* scores, Scratch& scratch) {
  score_all(w, n, f, s, scores, scratch);
}
void gradients_plain(const float* w, size_t n, const float* f, size_t s, const float* errors, Scratch& scratch) {
  add_gradients(w, n, f, s, errors, scratch);
}
#if defined(__x86_64__)
[[gnu::target("avx2")]] void score_avx2(const float* w, size_t n, const float* f, size_t s, float* scores,
                                        Scratch& scratch) {
  score_all(w, n, f, s, scores, scratch);
}
[[gnu::target("avx2")]] void gradients_avx2(const float* w, size_t n, const float* f, size_t s, const float* errors,
                                            Scratch& scratch) {
  add_gradients(w, n, f, s, errors, scratch);
}
const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
const ScoreAll kScore = kHasAvx2 ? score_avx2 : score_plain;
const AddGradients kGradients = kHasAvx2 ? gradients_avx2 : gradients_plain;
#else
constexpr ScoreAll kScore = score_plain;
constexpr AddGradients kGradients = gradients_plain;
#endif

// In [-1, 1).
float random_weight(Prng& prng) { return static_cast<float>(static_cast<double>(prng.next() >> 11) * 0x1p-52 - 1); }

// Turns scores into errors, which are the gradient of the loss by them; returns the loss.
double softmax_errors(std::span<float> scores, std::span<const float> log_weights) {
  const size_t count = log_weights.size();
  for (size_t i = 0; i < count; ++i) scores[i] += log_weights[i];
  const float most = *std::max_element(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(count));
  const float chosen = scores[0];
  double sum = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    scores[i] = i < count ? std::exp(scores[i] - most) : 0;
    sum += static_cast<double>(scores[i]);
  }
  for (float& score : scores) score /= static_cast<float>(sum);
  scores[0] -= 1;
  return std::log(sum) - static_cast<double>(chosen - most);
}

}  // namespace

RankingNetwork::RankingNetwork(size_t inputs, uint64_t seed) : inputs_(inputs), weights_(all_weights(inputs)) {
  Prng prng(seed);
  const auto fill = [&](size_t begin, size_t end, size_t fan_in) {
    const float scale = std::sqrt(3.0F / static_cast<float>(fan_in));
    for (size_t i = begin; i < end; ++i) weights_[i] = scale * random_weight(prng);
  };
  fill(0, first_bias(inputs), inputs);
  fill(second_weights(inputs), second_bias(inputs), kFirst);
  fill(output_weights(inputs), all_weights(inputs), kSecond);
}

void RankingNetwork::score(std::span<const float> features, size_t stride, std::span<float> scores) const {
  ASSERT(stride % kLanes == 0 && features.size() == inputs_ * stride && scores.size() == stride);
  thread_local Scratch scratch;
  scratch.in.resize(inputs_);
  scratch.seen.resize(std::max(scratch.seen.size(), stride / kLanes));
  kScore(weights_.data(), inputs_, features.data(), stride, scores.data(), scratch);
}

void RankingNetwork::save(ByteWriter& out) const { write_numbers(out, weights_); }

bool RankingNetwork::load(ByteReader& in) {
  std::vector<float> weights;
  read_numbers(in, weights);
  if (!in.ok() || weights.size() != weights_.size()) return false;
  weights_ = std::move(weights);
  return true;
}

RankingLists::RankingLists(size_t inputs, size_t candidates) : inputs_(inputs), stride_(candidates) {
  ASSERT(candidates % kLanes == 0);
}

std::span<float> RankingLists::add(size_t count) {
  ASSERT(count > 0 && count <= stride_);
  counts_.push_back(static_cast<uint32_t>(count));
  log_weights_.resize(log_weights_.size() + stride_);
  features_.resize(features_.size() + inputs_ * stride_);
  return std::span(features_).last(inputs_ * stride_);
}

void RankingLists::reserve(size_t lists) {
  counts_.reserve(lists);
  log_weights_.reserve(lists * stride_);
  features_.reserve(lists * inputs_ * stride_);
}

void RankingLists::append(const RankingLists& others) {
  ASSERT(others.inputs_ == inputs_ && others.stride_ == stride_);
  counts_.insert(counts_.end(), others.counts_.begin(), others.counts_.end());
  log_weights_.insert(log_weights_.end(), others.log_weights_.begin(), others.log_weights_.end());
  features_.insert(features_.end(), others.features_.begin(), others.features_.end());
}

void RankingLists::stands_for(size_t c, float weight) {
  ASSERT(c < counts_.back() && weight > 0);
  log_weights_[log_weights_.size() - stride_ + c] = std::log(weight);
}

// Adam (Kingma and Ba, ICLR 2015) with decoupled decay of weights (Loshchilov and Hutter, ICLR 2019).
class RankingTrainer {
 public:
  RankingTrainer(RankingNetwork& network, const RankingLists& lists, const RankingTraining& training)
      : network_(network),
        lists_(lists),
        training_(training),
        mean_(network.weights_.size()),
        square_(network.weights_.size()),
        order_(lists.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
    scratch_.in.resize(network.inputs_);
    scratch_.seen.resize(lists.stride() / kLanes);
    scratch_.scores.resize(lists.stride());
    scratch_.gradient.resize(network.weights_.size());
  }

  double run() {
    double loss = 0;
    const size_t batches = (lists_.size() + training_.batch - 1) / training_.batch;
    Prng prng(training_.seed);
    for (uint32_t epoch = 0; epoch < training_.epochs; ++epoch) {
      for (size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[prng.below(i)]);
      loss = 0;
      for (size_t batch = 0; batch < batches; ++batch) {
        if (training_.stop.stop_requested()) return 0;
        const double part =
            static_cast<double>(epoch * batches + batch) / static_cast<double>(training_.epochs * batches);
        loss += step(batch, training_.step * 0.5F * static_cast<float>(1 + std::cos(std::numbers::pi * part)));
      }
    }
    return lists_.size() > 0 ? loss / static_cast<double>(lists_.size()) : 0;
  }

 private:
  double step(size_t batch, float size) {
    const size_t begin = batch * training_.batch, end = std::min(begin + training_.batch, order_.size());
    std::ranges::fill(scratch_.gradient, Group{});
    double loss = 0;
    for (size_t i = begin; i < end; ++i) {
      const float* features = lists_[order_[i]].data();
      const float* weights = network_.weights_.data();
      kScore(weights, network_.inputs_, features, lists_.stride(), scratch_.scores.data(), scratch_);
      loss += softmax_errors(scratch_.scores, lists_.log_weights_of(order_[i]));
      kGradients(weights, network_.inputs_, features, lists_.stride(), scratch_.scores.data(), scratch_);
    }
    update(size, 1 / static_cast<float>(end - begin));
    return loss;
  }

  void update(float size, float scale) {
    constexpr float kMeanDecay = 0.9F, kSquareDecay = 0.999F, kSmall = 1e-8F;
    mean_power_ *= kMeanDecay;
    square_power_ *= kSquareDecay;
    for (size_t i = 0; i < mean_.size(); ++i) {
      float gradient = 0;
      for (size_t lane = 0; lane < kLanes; ++lane) gradient += scratch_.gradient[i].lanes[lane];
      gradient *= scale;
      mean_[i] = kMeanDecay * mean_[i] + (1 - kMeanDecay) * gradient;
      square_[i] = kSquareDecay * square_[i] + (1 - kSquareDecay) * gradient * gradient;
      const float by = (mean_[i] / (1 - mean_power_)) / (std::sqrt(square_[i] / (1 - square_power_)) + kSmall);
      network_.weights_[i] -= size * (by + training_.decay * network_.weights_[i]);
    }
  }

  RankingNetwork& network_;
  const RankingLists& lists_;
  RankingTraining training_;
  std::vector<float> mean_, square_;
  float mean_power_ = 1, square_power_ = 1;
  std::vector<uint32_t> order_;
  Scratch scratch_;
};

double train_ranking(RankingNetwork& network, const RankingLists& lists, const RankingTraining& training) {
  return RankingTrainer(network, lists, training).run();
}

}  // namespace doorbuster::recs
