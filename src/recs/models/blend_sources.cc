#include "recs/models/blend_sources.h"

#include <algorithm>

#include "recs/models/best_of.h"

namespace doorbuster::recs {
namespace {

constexpr float kRecencyDecay = 0.8F;  // of each item before
constexpr float kBoughtTogether = 2;   // weighs more than looked at together
constexpr size_t kLatelyMax = UINT8_MAX / kPairKinds;

bool has(std::span<const ItemNumber> items, ItemNumber item) { return std::ranges::find(items, item) != items.end(); }

// The scores of a network are not above 0 alone: the best counts 1, the worst next to nothing.
void normalize_offers(std::vector<Offer>& offers) {
  if (offers.empty()) return;
  const auto [worst, best] = std::ranges::minmax(offers, {}, &Offer::score);
  const float least = std::min(0.0F, worst.score), range = best.score - least;
  for (Offer& each : offers) each.score = range > 0 ? (each.score - least) / range : 1;
}

std::vector<Offer> of_popular(const KnownEvents& known, const BlendQuestion& question, const ItemFilter& accept) {
  std::vector<Offer> found;
  for (const ItemNumber item : known.popular) {
    const uint64_t popularity = known.popularity_of(item);
    if (popularity == 0 || found.size() == BlendSources::kOffersMax) break;
    if (!has(question.lately, item) && accept(item))
      found.push_back({.item = item, .score = static_cast<float>(popularity), .kind = OfferKind::kPopular});
  }
  return found;
}

}  // namespace

std::vector<Offer> BlendSources::offers(BlendSource source, const KnownEvents& known, const LearntModel& model,
                                        const BlendQuestion& question, const ItemFilter& accept) {
  std::vector<Offer> found;
  if (source == BlendSource::kSession) found = of_session(known, model, question, accept);
  if (source == BlendSource::kTaste) found = of_taste(model.taste, question, accept);
  if (source == BlendSource::kPairs) found = of_pairs(known, question, accept);
  if (source == BlendSource::kPopular) found = of_popular(known, question, accept);
  normalize_offers(found);
  return found;
}

std::vector<Offer> BlendSources::of_session(const KnownEvents& known, const LearntModel& model,
                                            const BlendQuestion& question, const ItemFilter& accept) {
  std::vector<Offer> found;
  if (question.visit.empty()) return found;
  const ItemNumber last = question.visit.back();
  const auto may_take = [&](ItemNumber item) {
    return item != last && (model.session.network || !has(question.visit, item)) && accept(item);
  };
  const SessionQuestion asked{.session = question.visit, .count = kOffersMax, .own = question.own};
  for (const SessionRecommendation& each : recommender_.recommend(known.visits, model.session, asked, may_take)) {
    const OfferKind kind = has(question.visit, each.item) ? OfferKind::kReminder : OfferKind::kNext;
    found.push_back({.item = each.item, .score = each.score, .kind = kind, .because = last});
  }
  return found;
}

std::vector<Offer> BlendSources::of_taste(const TasteModel& taste, const BlendQuestion& question,
                                          const ItemFilter& accept) {
  std::vector<Offer> found;
  if (taste.family() == TasteFamily::kNone || question.history.empty()) return found;
  if (scores_.size() < taste.items()) scores_.resize(taste.items());
  taste.add_scores(question.history, std::span(scores_).first(taste.items()));
  for (const ItemNumber item : question.history) {
    if (item < taste.items()) scores_[item] = 0;
  }
  BestOf best(kOffersMax);
  for (ItemNumber item = 0; item < taste.items(); ++item) {
    const ScoredItem scored{item, scores_[item]};
    if (scored.score > 0 && best.would_take(scored) && accept(item)) best.offer(scored);
  }
  std::fill_n(scores_.begin(), taste.items(), 0.0F);
  for (const ScoredItem& each : std::move(best).sorted())
    found.push_back({.item = each.item, .score = each.score, .kind = OfferKind::kTaste});
  return found;
}

// What goes with the items of somebody's history, the newer ones of which say more.
std::vector<Offer> BlendSources::of_pairs(const KnownEvents& known, const BlendQuestion& question,
                                          const ItemFilter& accept) {
  const std::span<const ItemNumber> items = question.lately.first(std::min(question.lately.size(), kLatelyMax));
  touched_.clear();
  float weight = 1;
  for (size_t i = 0; i < items.size(); ++i, weight *= kRecencyDecay) {
    for (size_t kind = 0; kind < kPairKinds; ++kind) {
      const float of_kind = weight * (kind == static_cast<size_t>(PairKind::kBought) ? kBoughtTogether : 1);
      known.pairs[kind]->each_best(items[i], [&](ItemNumber other, float score) {
        if (other >= scores_.size()) scores_.resize(other + size_t{1});
        if (other >= firsts_.size()) firsts_.resize(scores_.size());
        if (scores_[other] == 0) {
          touched_.push_back(other);
          firsts_[other] = static_cast<uint8_t>(i * kPairKinds + kind);
        }
        scores_[other] += of_kind * score;
      });
    }
  }
  for (const ItemNumber item : items) {
    if (item < scores_.size()) scores_[item] = 0;
  }
  BestOf best(kOffersMax);
  for (const ItemNumber item : touched_) {
    const ScoredItem scored{item, scores_[item]};
    scores_[item] = 0;
    if (scored.score > 0 && best.would_take(scored) && accept(item)) best.offer(scored);
  }
  std::vector<Offer> found;
  for (const ScoredItem& each : std::move(best).sorted()) {
    const size_t first = firsts_[each.item];
    const OfferKind kind = first % kPairKinds == 0 ? OfferKind::kBought : OfferKind::kViewed;
    found.push_back({.item = each.item, .score = each.score, .kind = kind, .because = items[first / kPairKinds]});
  }
  return found;
}

}  // namespace doorbuster::recs
