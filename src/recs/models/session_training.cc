#include "recs/models/session_training.h"

#include <algorithm>
#include <array>
#include <memory>

#include "base/assert.h"
#include "recs/models/parallel.h"
#include "recs/models/top_items.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kSharePerPart = 12;  // each of the two last parts is a twelfth of the sessions
constexpr size_t kTrialLists = 24'000, kFinalLists = 90'000, kValidationPrefixes = 8'000;
constexpr size_t kListsMin = 300;  // with fewer the network would learn them by heart
constexpr size_t kListCandidates = 40;
constexpr size_t kShown = 20;
constexpr uint64_t kNetworkSeed = 1;
// Measured on a machine with other work; medians were within a fifth of what these say: docs/recs/evaluation.md.
constexpr double kUsPerAddition = 0.0102, kUsPerSession = 0.042, kUsPerCandidate = 0.0144, kUsPerCosine = 0.036,
                 kUsPerRanked = 0.192;

std::vector<SessionVariant> variants() {
  std::vector<SessionVariant> all;
  const auto add = [&](std::string name, auto&& change) {
    all.push_back({.name = std::move(name), .options = {}});
    change(all.back());
  };
  add("unlearnt blend", [](auto& variant) { variant.is_learnt = false; });
  add("neighbours", [](auto& variant) {
    variant.options.prior = only(SessionSource::kNeighbours);
    variant.is_learnt = false;
  });
  add("small", [](auto& variant) {
    variant.options = small_session_options();
    variant.has_embeddings = true;
  });
  add("middle", [](auto& variant) {
    variant.options.walk.items = 6;
    variant.options.walk.sessions_of_last = 300;
    variant.options.walk.sessions_of_earlier = 150;
    variant.options.walk.neighbours = 200;
    variant.options.walk.hops = 16;
    variant.options.walk.sessions_of_hop = 24;
    variant.options.ranked = 96;
    variant.has_embeddings = true;
  });
  add("without embeddings", [](auto&) {});
  add("usual", [](auto& variant) { variant.has_embeddings = true; });
  add("near", [](auto& variant) {
    variant.options.walk.next_decay = 0.6F;
    variant.options.walk.earlier_decay = 0.5F;
    variant.options.walk.neighbour_decay = 0.5F;
    variant.has_embeddings = true;
  });
  return all;
}

struct Validation {
  double hits = 0, reciprocal_ranks = 0;
  SessionWork work;
};

// Sums of the parts in their order, so that the digits do not depend on threads.
Validation validate(const SessionIndex& index, const TimedSessions& sessions, std::span<const SessionPrefix> prefixes,
                    const SessionModel& model, uint32_t threads, const std::stop_token& stop) {
  constexpr size_t kAtOnce = 512;
  std::vector<Validation> parts((prefixes.size() + kAtOnce - 1) / kAtOnce);
  in_parallel(parts.size(), threads, [&](size_t part) {
    if (stop.stop_requested()) return;
    SessionRecommender recommender;
    for (const SessionPrefix& prefix :
         prefixes.subspan(part * kAtOnce, std::min(kAtOnce, prefixes.size() - part * kAtOnce))) {
      const std::span<const ItemNumber> session = sessions.sessions[prefix.session];
      const auto shown = recommender.recommend(index, model, session.first(prefix.length), kShown);
      const auto found = std::ranges::find(shown, session[prefix.length], &SessionRecommendation::item);
      parts[part].work += recommender.work();
      if (found == shown.end()) continue;
      parts[part].hits += 1;
      parts[part].reciprocal_ranks += 1 / static_cast<double>(1 + (found - shown.begin()));
    }
  });
  Validation sum;
  for (const Validation& part : parts) {
    sum.hits += part.hits;
    sum.reciprocal_ranks += part.reciprocal_ranks;
    sum.work += part.work;
  }
  return sum;
}

double us_of(const SessionWork& work, size_t recommendations) {
  return (kUsPerAddition * static_cast<double>(work.additions) + kUsPerSession * static_cast<double>(work.sessions) +
          kUsPerCandidate * static_cast<double>(work.candidates) + kUsPerCosine * static_cast<double>(work.cosines) +
          kUsPerRanked * static_cast<double>(work.ranked)) /
         static_cast<double>(std::max<size_t>(recommendations, 1));
}

class Trainer {
 public:
  Trainer(const TimedSessions& sessions, const SessionTraining& training)
      : sessions_(sessions), training_(training), limits_(limits_for(sessions, training.items)), index_(limits_) {
    const size_t count = sessions.sessions.size(), part = count / kSharePerPart;
    earlier_ = {.begin = 0, .end = count - 2 * part};
    learnt_ = {.begin = earlier_.end, .end = count - part};
    validated_ = {.begin = learnt_.end, .end = count};
  }

  TrainedSessions run() {
    TrainedSessions trained;
    learn_embeddings();
    add_sessions(index_, sessions_, earlier_);
    try_variants(trained);
    learn_finally(trained);
    return trained;
  }

 private:
  // As old as they are when they serve: each part is asked with those of all before it.
  void learn_embeddings() {
    const std::array<SessionRange, 3> ranges = {
        earlier_, {.begin = 0, .end = validated_.begin}, {.begin = 0, .end = validated_.end}};
    std::array<std::shared_ptr<const ItemEmbeddings>, 3> learnt;
    in_parallel(ranges.size(), training_.threads, [&](size_t i) {
      learnt[i] = std::make_shared<ItemEmbeddings>(train_embeddings(
          sessions_, ranges[i], training_.items, {.epochs = training_.embedding_epochs, .stop = training_.stop}));
    });
    before_learnt_ = learnt[0];
    before_validated_ = learnt[1];
    of_all_ = learnt[2];
  }

  static SessionModel unlearnt(const SessionVariant& variant, const std::shared_ptr<const ItemEmbeddings>& embeddings) {
    return {.options = variant.options,
            .embeddings = variant.has_embeddings ? embeddings : nullptr,
            .network = std::nullopt};
  }

  void learn(SessionModel& model, const RankingLists& lists) const {
    if (lists.size() < kListsMin) return;
    model.network.emplace(kSessionFeatures, kNetworkSeed);
    train_ranking(*model.network, lists, {.epochs = training_.ranking_epochs, .stop = training_.stop});
  }

  void try_variants(TrainedSessions& trained) {
    const std::vector<SessionVariant> all = variants();
    const std::vector<SessionPrefix> to_learn = prefixes_of(sessions_, learnt_, kTrialLists);
    const std::vector<SessionPrefix> to_validate = prefixes_of(sessions_, validated_, kValidationPrefixes);
    std::vector<SessionModel> models(all.size());
    in_parallel(all.size(), training_.threads, [&](size_t i) {
      models[i] = unlearnt(all[i], before_learnt_);
      RankingLists lists(kSessionFeatures, kListCandidates);
      if (all[i].is_learnt) make_lists(index_, sessions_, to_learn, models[i], 1, lists, training_.stop);
      learn(models[i], lists);
    });
    add_sessions(index_, sessions_, learnt_);
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i].has_embeddings) models[i].embeddings = before_validated_;
      const Validation seen = validate(index_, sessions_, to_validate, models[i], training_.threads, training_.stop);
      const auto cases = static_cast<double>(std::max<size_t>(to_validate.size(), 1));
      trained.tried.push_back({.variant = all[i],
                               .hit_rate = seen.hits / cases,
                               .mrr = seen.reciprocal_ranks / cases,
                               .us_by_work = us_of(seen.work, to_validate.size())});
    }
    trained.validation_size = to_validate.size();
    trained.chosen = best_of(trained.tried);
    trained.trial = std::move(models[trained.chosen]);
  }

  // Hits and their ranks together; of those that cost too much none, unless all do.
  size_t best_of(const std::vector<SessionVariantResult>& tried) const {
    const auto value = [](const SessionVariantResult& result) { return result.hit_rate + 2 * result.mrr; };
    const auto cheapest = std::ranges::min_element(tried, {}, &SessionVariantResult::us_by_work);
    size_t best = static_cast<size_t>(cheapest - tried.begin());
    for (size_t i = 0; i < tried.size(); ++i)
      if (tried[i].us_by_work <= training_.budget_us && value(tried[i]) > value(tried[best])) best = i;
    return best;
  }

  // The index holds all but the last part now, which is asked for; the part before it was asked for without itself.
  void learn_finally(TrainedSessions& trained) {
    const SessionVariant& variant = trained.tried[trained.chosen].variant;
    trained.model = unlearnt(variant, of_all_);
    if (variant.is_learnt) {
      RankingLists lists(kSessionFeatures, kListCandidates);
      append_lists(index_, validated_, unlearnt(variant, before_validated_), lists);
      SessionIndex before(limits_);
      add_sessions(before, sessions_, earlier_);
      append_lists(before, learnt_, unlearnt(variant, before_learnt_), lists);
      trained.lists = lists.size();
      learn(trained.model, lists);
    }
  }

  void append_lists(const SessionIndex& index, SessionRange range, const SessionModel& model,
                    RankingLists& lists) const {
    make_lists(index, sessions_, prefixes_of(sessions_, range, kFinalLists / 2), model, training_.threads, lists,
               training_.stop);
  }

  const TimedSessions& sessions_;
  SessionTraining training_;
  SessionIndexLimits limits_;
  SessionIndex index_;
  SessionRange earlier_, learnt_, validated_;
  std::shared_ptr<const ItemEmbeddings> before_learnt_, before_validated_, of_all_;
};

}  // namespace

size_t last_part_of(size_t sessions) { return sessions - sessions / kSharePerPart; }

TrainedSessions train_sessions(const TimedSessions& sessions, const SessionTraining& training) {
  return Trainer(sessions, training).run();
}

}  // namespace doorbuster::recs
