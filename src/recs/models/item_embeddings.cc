#include "recs/models/item_embeddings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/assert.h"
#include "base/prefetch.h"
#include "base/prng.h"
#include "recs/models/float_lanes.h"
#include "recs/models/model_bytes.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kDimensions = ItemEmbeddings::kDimensions;
constexpr size_t kBatch = 256, kNegatives = 256;
constexpr size_t kItemsOfSession = 12;  // from its end
constexpr float kTiny = 1e-12F;
constexpr size_t kFloatsOfLine = 16;
constexpr std::array<float, kDimensions> kZero{};

float dot(const float* a, const float* b) {
  FloatLanes sums{};
  for (size_t d = 0; d < kDimensions; d += kFloatLanes) {
    FloatLanes left, right;
    load_lanes(left, a + d);
    load_lanes(right, b + d);
    sums += left * right;
  }
  float sum = 0;
  for (size_t lane = 0; lane < kFloatLanes; ++lane) sum += sums[lane];
  return sum;
}

void add_scaled(float* to, const float* from, float factor) {
  for (size_t d = 0; d < kDimensions; ++d) to[d] += factor * from[d];
}

// Returns the length that it had.
float normalize(float* vector) {
  const float length = std::sqrt(std::max(dot(vector, vector), kTiny));
  for (size_t d = 0; d < kDimensions; ++d) vector[d] /= length;
  return length;
}

}  // namespace

std::span<const float> ItemEmbeddings::of(ItemNumber item) const {
  const size_t begin = item * kDimensions;
  return begin < values_.size() ? std::span(values_).subspan(begin, kDimensions) : std::span<const float>(kZero);
}

void ItemEmbeddings::session_vector(std::span<const ItemNumber> session, std::span<float> vector) const {
  ASSERT(vector.size() == kDimensions);
  std::ranges::fill(vector, 0.0F);
  float weight = 1;
  for (size_t i = 0; i < std::min(session.size(), kItemsOfSession); ++i, weight *= earlier_decay_)
    add_scaled(vector.data(), of(session[session.size() - 1 - i]).data(), weight);
  normalize(vector.data());
}

float ItemEmbeddings::cosine(std::span<const float> vector, ItemNumber item) const {
  return dot(vector.data(), of(item).data());
}

void ItemEmbeddings::prefetch(ItemNumber item) const {
  const float* vector = of(item).data();
  for (size_t d = 0; d < kDimensions; d += kFloatsOfLine) prefetch_to_read(vector + d);
}

void ItemEmbeddings::save(ByteWriter& out) const {
  write_number(out, earlier_decay_);
  write_numbers(out, values_);
}

ItemEmbeddings ItemEmbeddings::load(ByteReader& in) {
  ItemEmbeddings loaded;
  loaded.earlier_decay_ = read_number(in);
  read_numbers(in, loaded.values_);
  loaded.values_.resize(loaded.values_.size() / kDimensions * kDimensions);
  return loaded;
}

class EmbeddingTrainer {
 public:
  EmbeddingTrainer(const TimedSessions& sessions, SessionRange range, size_t items, const EmbeddingTraining& training)
      : sessions_(sessions.sessions),
        training_(training),
        prng_(training.seed),
        prefixes_(prefixes_of(sessions, range, SIZE_MAX / 2)),
        weights_(items * kDimensions),
        squares_(items, 0.0F),
        chance_(items) {
    for (float& weight : weights_) weight = static_cast<float>(static_cast<double>(prng_.next() >> 11) * 0x1p-52 - 1);
    count_items(range);
  }

  ItemEmbeddings run() {
    ItemEmbeddings learnt;
    learnt.earlier_decay_ = training_.earlier_decay;
    if (prefixes_.size() < kBatch) return learnt;
    for (uint32_t epoch = 0; epoch < training_.epochs; ++epoch) {
      for (size_t i = prefixes_.size(); i > 1; --i) std::swap(prefixes_[i - 1], prefixes_[prng_.below(i)]);
      const float rate = training_.rate * (1 - static_cast<float>(epoch) / static_cast<float>(training_.epochs));
      for (size_t begin = 0; begin + kBatch <= prefixes_.size(); begin += kBatch) {
        if (training_.stop.stop_requested()) return learnt;
        step(begin, rate);
      }
    }
    for (size_t item = 0; item < squares_.size(); ++item) {
      float* vector = &weights_[item * kDimensions];
      if (chance_[item] > 0)
        normalize(vector);
      else
        std::fill_n(vector, kDimensions, 0.0F);
    }
    learnt.values_ = std::move(weights_);
    return learnt;
  }

 private:
  // Negatives are drawn by the square root of how often an item was clicked.
  void count_items(SessionRange range) {
    std::vector<uint32_t> counts(squares_.size());
    for (size_t s = range.begin; s < range.end; ++s)
      for (const ItemNumber item : sessions_[s]) ++counts[item];
    double sum = 0;
    for (size_t item = 0; item < counts.size(); ++item) {
      chance_[item] = std::sqrt(static_cast<float>(counts[item]));
      sum += static_cast<double>(chance_[item]);
      bounds_.push_back(sum);
    }
    for (float& chance : chance_) chance /= static_cast<float>(std::max(sum, 1.0));
  }

  ItemNumber draw() {
    const double at = static_cast<double>(prng_.next() >> 11) * 0x1p-53 * bounds_.back();
    const auto found = std::ranges::upper_bound(bounds_, at) - bounds_.begin();
    return static_cast<ItemNumber>(std::min<std::ptrdiff_t>(found, std::ssize(bounds_) - 1));
  }

  std::span<const ItemNumber> items_of(const SessionPrefix& prefix) const {
    const std::span<const ItemNumber> all = sessions_[prefix.session].first(prefix.length);
    return all.last(std::min(all.size(), kItemsOfSession));
  }

  void copy_unit(ItemNumber item, float* to, float& length) const {
    std::memcpy(to, &weights_[item * kDimensions], kDimensions * sizeof(float));
    length = normalize(to);
  }

  void step(size_t begin, float rate) {
    const std::span<const SessionPrefix> batch = std::span(prefixes_).subspan(begin, kBatch);
    draw_negatives();
    make_sessions(batch);
    multiply(session_vectors_.data(), kDimensions, 1, kDimensions, negatives_by_dimension_.data(), kNegatives, kBatch,
             scores_.data());
    for (size_t b = 0; b < kBatch; ++b) errors_of(b, next_of(batch[b]));
    multiply(scores_.data(), kNegatives, 1, kNegatives, negative_vectors_.data(), kDimensions, kBatch,
             session_gradients_.data());
    multiply(scores_.data(), 1, kNegatives, kBatch, session_vectors_.data(), kDimensions, kNegatives,
             negative_gradients_.data());
    for (size_t b = 0; b < kBatch; ++b) update_session(batch[b], b, rate);
    for (size_t k = 0; k < kNegatives; ++k)
      update(negatives_[k], &negative_vectors_[k * kDimensions], negative_lengths_[k],
             &negative_gradients_[k * kDimensions], rate);
  }

  ItemNumber next_of(const SessionPrefix& prefix) const { return sessions_[prefix.session][prefix.length]; }

  void draw_negatives() {
    for (size_t k = 0; k < kNegatives; ++k) {
      negatives_[k] = draw();
      copy_unit(negatives_[k], &negative_vectors_[k * kDimensions], negative_lengths_[k]);
      corrections_[k] = std::log(static_cast<float>(kNegatives) * chance_[negatives_[k]]);
      for (size_t d = 0; d < kDimensions; ++d)
        negatives_by_dimension_[d * kNegatives + k] = negative_vectors_[k * kDimensions + d];
    }
  }

  void make_sessions(std::span<const SessionPrefix> batch) {
    std::array<float, kDimensions> unit;
    for (size_t b = 0; b < kBatch; ++b) {
      float* session = &session_vectors_[b * kDimensions];
      std::fill_n(session, kDimensions, 0.0F);
      const std::span<const ItemNumber> items = items_of(batch[b]);
      float weight = 1, length = 0;
      for (size_t i = items.size(); i-- > 0; weight *= training_.earlier_decay) {
        copy_unit(items[i], unit.data(), length);
        add_scaled(session, unit.data(), weight);
      }
      session_lengths_[b] = normalize(session);
      copy_unit(next_of(batch[b]), &next_vectors_[b * kDimensions], next_lengths_[b]);
    }
  }

  // Turns the cosines of one session with the negatives into the gradients of the loss by them.
  void errors_of(size_t b, ItemNumber next) {
    float* scores = &scores_[b * kNegatives];
    const float right = training_.sharpness * dot(&session_vectors_[b * kDimensions], &next_vectors_[b * kDimensions]);
    float most = right;
    for (size_t k = 0; k < kNegatives; ++k) {
      scores[k] = negatives_[k] == next ? -INFINITY : training_.sharpness * scores[k] - corrections_[k];
      most = std::max(most, scores[k]);
    }
    float sum = std::exp(right - most);
    for (size_t k = 0; k < kNegatives; ++k) sum += scores[k] = std::exp(scores[k] - most);
    for (size_t k = 0; k < kNegatives; ++k) scores[k] *= training_.sharpness / sum;
    next_errors_[b] = training_.sharpness * (std::exp(right - most) / sum - 1);
  }

  void update_session(const SessionPrefix& prefix, size_t b, float rate) {
    float* session = &session_vectors_[b * kDimensions];
    float* gradient = &session_gradients_[b * kDimensions];
    const float* next = &next_vectors_[b * kDimensions];
    add_scaled(gradient, next, next_errors_[b]);
    std::array<float, kDimensions> of_next{};
    add_scaled(of_next.data(), session, next_errors_[b]);
    update(next_of(prefix), next, next_lengths_[b], of_next.data(), rate);
    // Through the session's own length to its items.
    add_scaled(gradient, session, -dot(gradient, session));
    std::array<float, kDimensions> unit, part;
    const std::span<const ItemNumber> items = items_of(prefix);
    float weight = 1 / session_lengths_[b], length = 0;
    for (size_t i = items.size(); i-- > 0; weight *= training_.earlier_decay) {
      copy_unit(items[i], unit.data(), length);
      for (size_t d = 0; d < kDimensions; ++d) part[d] = weight * gradient[d];
      update(items[i], unit.data(), length, part.data(), rate);
    }
  }

  // Row-wise Adagrad (Duchi et al. 2011) with the part of the gradient that turns the vector.
  void update(ItemNumber item, const float* unit, float length, float* gradient, float rate) {
    add_scaled(gradient, unit, -dot(gradient, unit));
    for (size_t d = 0; d < kDimensions; ++d) gradient[d] /= length;
    const float square = dot(gradient, gradient) / kDimensions;
    squares_[item] += square;
    add_scaled(&weights_[item * kDimensions], gradient, -rate / std::sqrt(squares_[item] + 1e-8F));
  }

  const ItemLists& sessions_;
  EmbeddingTraining training_;
  Prng prng_;
  std::vector<SessionPrefix> prefixes_;
  std::vector<float> weights_, squares_, chance_;
  std::vector<double> bounds_;  // sums of the chances, for draw()
  std::vector<float> session_vectors_ = std::vector<float>(kBatch * kDimensions), session_gradients_ = session_vectors_,
                     next_vectors_ = session_vectors_, negative_vectors_ = std::vector<float>(kNegatives * kDimensions),
                     negatives_by_dimension_ = negative_vectors_, negative_gradients_ = negative_vectors_,
                     scores_ = std::vector<float>(kBatch * kNegatives);
  std::array<ItemNumber, kNegatives> negatives_{};
  std::array<float, kNegatives> negative_lengths_{}, corrections_{};
  std::array<float, kBatch> session_lengths_{}, next_lengths_{}, next_errors_{};
};

ItemEmbeddings train_embeddings(const TimedSessions& sessions, SessionRange range, size_t items,
                                const EmbeddingTraining& training) {
  return EmbeddingTrainer(sessions, range, items, training).run();
}

}  // namespace doorbuster::recs
