#include "recs/models/session_model.h"

#include "recs/models/top_items.h"

namespace doorbuster::recs {

SessionModelOptions small_session_options() {
  SessionModelOptions options;
  options.walk.sessions_of_last = 150;
  options.walk.sessions_of_earlier = 60;
  options.walk.items = 4;
  options.walk.neighbours = 100;
  options.walk.hops = 10;
  options.walk.sessions_of_hop = 16;
  options.ranked = 64;
  return options;
}

std::span<const SessionRecommendation> SessionRecommender::recommend(const SessionIndex& index,
                                                                     const SessionModel& model,
                                                                     const SessionQuestion& question,
                                                                     const ItemFilter& filter) {
  const std::span<const ItemNumber> session = question.session;
  candidates_.collect(index, model.options.walk, session, question.own);
  if (filter) candidates_.keep(filter);
  if (model.embeddings) candidates_.compare(*model.embeddings, session);
  best_.clear();
  if (model.network) {
    features_.compute(index, candidates_, session, model.options.ranked, model.options.prior, model.embeddings.get());
    scores_.resize(features_.stride());
    model.network->score(features_.all(), features_.stride(), scores_);
    for (uint32_t i = 0; i < features_.size(); ++i) best_.push_back({.item = i, .score = scores_[i]});
    keep_best(best_, question.count);
  } else {
    features_.shorten(candidates_, question.count, model.options.prior);
    for (uint32_t i = 0; i < features_.size(); ++i) best_.push_back({.item = i, .score = features_.prior_of(i)});
  }
  recommendations_.clear();
  for (const ScoredItem& best : best_) {
    const SessionCandidate& candidate = candidates_.all()[features_.places()[best.item]];
    recommendations_.push_back(
        {.item = candidate.item, .score = best.score, .source = features_.best_source(candidate)});
  }
  return recommendations_;
}

SessionWork SessionRecommender::work() const {
  SessionWork work = candidates_.work();
  work.ranked = features_.stride();
  return work;
}

}  // namespace doorbuster::recs
