// What comes next in a session: candidates of all sources, ranked by a small network that has learnt how much each is
// worth (session_training.h). The index says what was clicked, up to the last click; the model says only how to weigh
// it, and may be a day old.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "recs/models/item.h"
#include "recs/models/ranking_network.h"
#include "recs/models/session_candidates.h"
#include "recs/models/session_features.h"
#include "recs/models/session_index.h"

namespace doorbuster::recs {

struct SessionModelOptions {
  SessionWalkOptions walk;
  SessionPrior prior = kUsualPrior;
  uint32_t ranked = 128;  // candidates that the network looks at
};

// What takes about a third of the time.
[[nodiscard]] SessionModelOptions small_session_options();

// Without a network, before there is enough to learn from, the order is that of the prior.
struct SessionModel {
  SessionModelOptions options;
  std::shared_ptr<const ItemEmbeddings> embeddings;  // may be none
  std::optional<RankingNetwork> network;
};

// What is asked.
struct SessionQuestion {
  std::span<const ItemNumber> session;  // its clicks in order of time, at least one
  size_t count = 0;
  SessionNumber own = kNoSession;  // under which the index has it, if it does
};

struct SessionRecommendation {
  ItemNumber item;
  float score;
  SessionSource source;  // which thought best of it
};

// Which items may be shown; none set: all.
using ItemFilter = std::function<bool(ItemNumber)>;

// Scratch memory of one thread.
class SessionRecommender {
 public:
  // For the clicks of one session in order of time (at least one), the best first: `count` items, or as many as the
  // filter leaves of what any source has found. With a filter the network looks at what passes it only.
  std::span<const SessionRecommendation> recommend(const SessionIndex& index, const SessionModel& model,
                                                   std::span<const ItemNumber> session, size_t count,
                                                   const ItemFilter& filter = {}) {
    return recommend(index, model, {.session = session, .count = count}, filter);
  }
  std::span<const SessionRecommendation> recommend(const SessionIndex& index, const SessionModel& model,
                                                   const SessionQuestion& question, const ItemFilter& filter = {});

  // Of the last call.
  [[nodiscard]] SessionWork work() const;

 private:
  SessionCandidates candidates_;
  SessionFeatures features_;
  std::vector<float> scores_;
  std::vector<ScoredItem> best_;  // whose item is a place in the short list
  std::vector<SessionRecommendation> recommendations_;
};

}  // namespace doorbuster::recs
