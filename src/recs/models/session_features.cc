#include "recs/models/session_features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/assert.h"
#include "recs/models/ranking_network.h"

namespace doorbuster::recs {
namespace {

constexpr float kSmall = 1e-6F;

// A logarithm that is quick and nearly right, the same on every machine: of 1 + x for x >= 0.
float log1p_of(float x) { return std::log(1 + x); }

}  // namespace

void SessionFeatures::compute(const SessionIndex& index, const SessionCandidates& candidates,
                              std::span<const ItemNumber> session, size_t count, const SessionPrior& prior,
                              const ItemEmbeddings* embeddings) {
  shorten(candidates, count, prior);
  stride_ = (places_.size() + RankingNetwork::kLanes - 1) / RankingNetwork::kLanes * RankingNetwork::kLanes;
  features_.assign(kSessionFeatures * stride_, 0);
  fill_sources(candidates);
  fill_items(index, candidates, session);
  if (embeddings != nullptr) fill_cosines(candidates, *embeddings, session.back());
}

// With the last item alone.
void SessionFeatures::fill_cosines(const SessionCandidates& candidates, const ItemEmbeddings& embeddings,
                                   ItemNumber last) {
  float* cosines = row(kSessionFeatures - 1);
  for (size_t i = 0; i < places_.size(); ++i)
    cosines[i] = embeddings.cosine(embeddings.of(last), candidates.all()[places_[i]].item);
}

void SessionFeatures::shorten(const SessionCandidates& candidates, size_t count, const SessionPrior& prior) {
  best_.fill(kSmall);
  for (const SessionCandidate& candidate : candidates.all())
    for (size_t s = 0; s < kSessionSources; ++s) best_[s] = std::max(best_[s], candidate.scores[s]);
  std::array<float, kSessionSources> factors{};
  for (size_t s = 0; s < kSessionSources; ++s) factors[s] = prior[s] / best_[s];
  ranked_.clear();
  for (uint32_t place = 0; place < candidates.all().size(); ++place) {
    float score = 0;
    for (size_t s = 0; s < kSessionSources; ++s) score += factors[s] * candidates.all()[place].scores[s];
    if (score > 0) ranked_.push_back({.score = score, .place = place});
  }
  const auto better = [&](const Ranked& a, const Ranked& b) {
    if (a.score != b.score) return a.score > b.score;
    return candidates.all()[a.place].item < candidates.all()[b.place].item;
  };
  if (ranked_.size() > count) {
    std::ranges::nth_element(ranked_, ranked_.begin() + static_cast<std::ptrdiff_t>(count), better);
    ranked_.resize(count);
  }
  std::ranges::sort(ranked_, better);
  places_.clear();
  for (const Ranked& ranked : ranked_) places_.push_back(ranked.place);
}

SessionSource SessionFeatures::best_source(const SessionCandidate& candidate) const {
  size_t found = 0;
  for (size_t s = 1; s < kSessionSources; ++s)
    if (candidate.scores[s] / best_[s] >= candidate.scores[found] / best_[found]) found = s;
  return static_cast<SessionSource>(found);
}

void SessionFeatures::fill_sources(const SessionCandidates& candidates) {
  for (size_t s = 0; s < kSessionSources; ++s) {
    float* share = row(2 * s);
    float* size = row(2 * s + 1);
    for (size_t i = 0; i < places_.size(); ++i) {
      const float score = candidates.all()[places_[i]].scores[s];
      share[i] = score / best_[s];
      size[i] = 0.3F * std::log(score + 1e-2F);
    }
  }
}

void SessionFeatures::fill_items(const SessionIndex& index, const SessionCandidates& candidates,
                                 std::span<const ItemNumber> session) {
  size_t f = 2 * kSessionSources;
  float* is_last = row(f++);
  float* is_in_session = row(f++);
  float* times = row(f++);
  float* is_second_last = row(f++);
  float* popularity = row(f++);
  float* age = row(f++);
  float* rank = row(f++);
  float* length = row(f++);
  float* last_popularity = row(f++);
  float* distinct = row(f++);
  float* last_repeats = row(f++);
  float* found = row(f++);
  float* is_one = row(f++);
  const ItemNumber last = session.back();
  const float last_pop = 0.25F * log1p_of(static_cast<float>(index.sessions_of(last)));
  const float log_length = 0.5F * log1p_of(static_cast<float>(session.size()));
  size_t different = 0;
  for (size_t i = 0; i < session.size(); ++i)
    if (std::find(session.begin(), session.begin() + static_cast<std::ptrdiff_t>(i), session[i]) ==
        session.begin() + static_cast<std::ptrdiff_t>(i))
      ++different;
  const float share_of_distinct = static_cast<float>(different) / static_cast<float>(session.size());
  const float repeats = std::ranges::count(session, last) > 1 ? 1.0F : 0.0F;
  const float many = 0.15F * log1p_of(static_cast<float>(candidates.all().size()));
  for (size_t i = 0; i < places_.size(); ++i) {
    const SessionCandidate& candidate = candidates.all()[places_[i]];
    is_last[i] = candidate.item == last ? 1 : 0;
    const auto count = std::ranges::count(session, candidate.item);
    is_in_session[i] = count > 0 ? 1 : 0;
    times[i] = std::min(3.0F, static_cast<float>(count)) / 3;
    is_second_last[i] = session.size() > 1 && session[session.size() - 2] == candidate.item ? 1 : 0;
    popularity[i] = 0.25F * log1p_of(static_cast<float>(index.sessions_of(candidate.item)));
    std::array<SessionNumber, 1> newest{};
    const float since = index.newest_sessions_of(candidate.item, newest) > 0
                            ? static_cast<float>(index.now() - index.time_of(newest[0]))
                            : static_cast<float>(index.now());
    age[i] = 0.15F * log1p_of(since);
    rank[i] = 1 / (1 + 0.2F * static_cast<float>(i));
    length[i] = log_length;
    last_popularity[i] = last_pop;
    distinct[i] = share_of_distinct;
    last_repeats[i] = repeats;
    found[i] = many;
    is_one[i] = session.size() == 1 ? 1 : 0;
  }
}

}  // namespace doorbuster::recs
