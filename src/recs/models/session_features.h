// What the ranking of a session's candidates looks at: a short list of the candidates that any source thinks well of,
// and the features of each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recs/models/item.h"
#include "recs/models/session_candidates.h"
#include "recs/models/session_index.h"

namespace doorbuster::recs {

// By source: its share of the best candidate's score, and how large it is; then of the item and of the session.
inline constexpr size_t kSessionFeatures = 2 * kSessionSources + 14;

// What a candidate's share of the best score is worth by each source, before anything was learnt.
using SessionPrior = std::array<float, kSessionSources>;
inline constexpr SessionPrior kUsualPrior = {0.3F, 0.1F, 0.3F, 0.3F, 0.3F, 0.6F, 1.0F, 0.5F, 0.8F};

constexpr SessionPrior only(SessionSource source) {
  SessionPrior prior{};
  prior[static_cast<size_t>(source)] = 1;
  return prior;
}

// Scratch memory of one thread.
class SessionFeatures {
 public:
  // Of what was collected for these clicks: at most `count` candidates, the best by the prior, in its order.
  void compute(const SessionIndex& index, const SessionCandidates& candidates, std::span<const ItemNumber> session,
               size_t count, const SessionPrior& prior, const ItemEmbeddings* embeddings);
  // The short list only, without candidates that the prior thinks nothing of.
  void shorten(const SessionCandidates& candidates, size_t count, const SessionPrior& prior);

  // The short list, as places in what was collected; the item of each.
  [[nodiscard]] std::span<const uint32_t> places() const { return places_; }
  [[nodiscard]] size_t size() const { return places_.size(); }
  [[nodiscard]] float prior_of(size_t i) const { return ranked_[i].score; }
  // A multiple of RankingNetwork::kLanes; the layout is that of RankingNetwork::score.
  [[nodiscard]] size_t stride() const { return stride_; }
  [[nodiscard]] std::span<const float> all() const { return features_; }

  // Which source thinks best of it, beside what each thinks of others.
  [[nodiscard]] SessionSource best_source(const SessionCandidate& candidate) const;

 private:
  void fill_sources(const SessionCandidates& candidates);
  void fill_items(const SessionIndex& index, const SessionCandidates& candidates, std::span<const ItemNumber> session);
  void fill_cosines(const SessionCandidates& candidates, const ItemEmbeddings& embeddings, ItemNumber last);
  float* row(size_t feature) { return features_.data() + feature * stride_; }

  struct Ranked {
    float score;
    uint32_t place;
  };
  std::array<float, kSessionSources> best_{};
  std::vector<Ranked> ranked_;
  std::vector<uint32_t> places_;
  std::vector<float> features_;
  size_t stride_ = 0;
};

}  // namespace doorbuster::recs
