#include "recs/views/candidates.h"

#include <algorithm>
#include <unordered_map>

namespace doorbuster::recs {
namespace {

constexpr size_t kLatelyMax = 20;
constexpr size_t kOfEachSource = 200;
constexpr double kRecencyDecay = 0.8;  // of each item before
constexpr double kBoughtTogether = 2;  // weighs more than looked at together
constexpr Duration kVisitPause = Duration::seconds(30 * 60);

// What one source says of an item.
using OfSource = std::vector<Recommended>;

// The clicks of the visit that somebody is in, in order of time.
struct CurrentVisit {
  std::vector<ItemNumber> clicks;
  SessionNumber own = kNoSession;
};

void append_click(std::vector<ItemNumber>& clicks, ItemNumber item) {
  if (clicks.empty() || clicks.back() != item) clicks.push_back(item);
}

// A session is one visit; of a user it is what came without a long pause.
void add_visit(const RecsTables& tables, const History& history, VisitorKind kind, std::vector<ItemNumber>& clicks) {
  size_t first = history.size();
  const auto is_same_visit = [&](size_t index) {
    return kind == VisitorKind::kSession || first == history.size() ||
           history[first].at - history[index].at <= kVisitPause;
  };
  while (first > 0 && is_same_visit(first - 1)) --first;
  for (; first < history.size(); ++first) {
    const Touch touch = history[first];
    if (tables.weight_of(touch.kind, touch.word) > 0) append_click(clicks, touch.item);
  }
}

CurrentVisit current_visit(const RecsTables& tables, const Visitors& visitors) {
  CurrentVisit visit;
  if (visitors.session) {
    add_visit(tables, tables.history_of(VisitorKind::kSession, *visitors.session), VisitorKind::kSession, visit.clicks);
    visit.own = *visitors.session;
  }
  if (visitors.user && visit.clicks.empty()) {
    add_visit(tables, tables.history_of(VisitorKind::kUser, *visitors.user), VisitorKind::kUser, visit.clicks);
    visit.own = tables.session_of(*visitors.user).value_or(kNoSession);
  }
  for (size_t i = visitors.seen.size(); i > 0; --i) append_click(visit.clicks, visitors.seen[i - 1]);
  if (visit.clicks.size() > kSessionClicksMax)
    visit.clicks.erase(visit.clicks.begin(), visit.clicks.end() - ptrdiff_t{kSessionClicksMax});
  return visit;
}

QuestionKind kind_of(const RecsTables& tables, const Visitors& visitors) {
  if (!visitors.seen.empty()) return QuestionKind::kVisit;
  const bool has_session = visitors.session && !tables.history_of(VisitorKind::kSession, *visitors.session).empty();
  return has_session ? QuestionKind::kVisit : QuestionKind::kHistory;
}

bool has(std::span<const ItemNumber> items, ItemNumber item) { return std::ranges::find(items, item) != items.end(); }

// What the visitor is looking at is not recommended; nor is what they have seen, unless it was learnt that it should.
OfSource of_session(const RecsTables& tables, const CurrentVisit& visit, const ItemFilter& accept) {
  thread_local SessionRecommender recommender;
  OfSource found;
  if (visit.clicks.empty()) return found;
  const ItemNumber last = visit.clicks.back();
  const LearntModel& model = tables.model();
  const auto may_take = [&](ItemNumber item) {
    return item != last && (model.session.network || !has(visit.clicks, item)) && accept(item);
  };
  for (const SessionRecommendation& each :
       recommender.recommend(tables.visits(), model.session,
                             {.session = visit.clicks, .count = kOfEachSource, .own = visit.own}, may_take)) {
    const Source source = has(visit.clicks, each.item) ? Source::kReminder : Source::kSession;
    found.push_back({.item = each.item, .score = each.score, .source = source, .because = last});
  }
  return found;
}

// What goes with the items of somebody's history, the newer ones of which say more.
OfSource of_pairs(const RecsTables& tables, const std::vector<uint32_t>& items, const ItemFilter& accept) {
  std::unordered_map<uint32_t, Recommended> candidates;
  double weight = 1;
  for (const uint32_t item : items) {
    for (const PairKind kind : {PairKind::kBought, PairKind::kViewed}) {
      const double of_kind = weight * (kind == PairKind::kBought ? kBoughtTogether : 1);
      const Source source = kind == PairKind::kBought ? Source::kAlsoBought : Source::kAlsoViewed;
      tables.pairs(kind).each_best(item, [&](ItemNumber other, float score) {
        const Recommended first{.item = other, .source = source, .because = item};
        candidates.try_emplace(other, first).first->second.score += of_kind * score;
      });
    }
    weight *= kRecencyDecay;
  }
  OfSource found;
  for (const auto& [item, candidate] : candidates) {
    if (!has(items, item) && accept(item)) found.push_back(candidate);
  }
  return found;
}

OfSource of_popular(const RecsTables& tables, const std::vector<uint32_t>& items, const ItemFilter& accept) {
  OfSource found;
  for (const uint32_t item : tables.catalogue().popular()) {
    const uint64_t popularity = tables.catalogue().popularity_of(item);
    if (popularity == 0 || found.size() == kOfEachSource) break;
    if (!has(items, item) && accept(item))
      found.push_back({.item = item, .score = static_cast<double>(popularity), .source = Source::kPopular});
  }
  return found;
}

// The scores of a network are not above 0 alone: the best counts 1, and the worst that was kept next to nothing.
void normalize(OfSource& found) {
  if (found.empty()) return;
  const auto [worst, best] = std::ranges::minmax(found, {}, &Recommended::score);
  const double least = std::min(0.0, worst.score), range = best.score - least;
  for (Recommended& each : found) each.score = range > 0 ? (each.score - least) / range : 1;
}

struct Sum {
  Recommended total;
  double largest = 0;  // what its source adds
};

}  // namespace

std::vector<uint32_t> lately(const RecsTables& tables, const Visitors& visitors) {
  std::vector<Touch> touches;
  const auto add_touches = [&](VisitorKind kind, std::optional<uint32_t> visitor) {
    if (!visitor) return;
    const auto theirs = tables.history_of(kind, *visitor).touches();
    touches.insert(touches.end(), theirs.begin(), theirs.end());
  };
  add_touches(VisitorKind::kUser, visitors.user);
  add_touches(VisitorKind::kSession, visitors.session);
  std::ranges::stable_sort(touches, std::ranges::greater(), &Touch::at);
  std::vector<uint32_t> items;
  const auto add = [&](uint32_t item) {
    if (items.size() < kLatelyMax && std::ranges::find(items, item) == items.end()) items.push_back(item);
  };
  for (const uint32_t item : visitors.seen) add(item);
  for (const Touch& touch : touches) add(touch.item);
  return items;
}

// An item's source is the one that says the most for it.
std::vector<Recommended> blended_for(const RecsTables& tables, const Visitors& visitors, const ItemFilter& accept) {
  const BlendWeights& weights = tables.model().weights[static_cast<size_t>(kind_of(tables, visitors))];
  const auto worth = [&](BlendSource source) { return weights[static_cast<size_t>(source)]; };
  const std::vector<uint32_t> items = lately(tables, visitors);
  std::unordered_map<uint32_t, Sum> sums;
  const auto add = [&](double weight, OfSource found) {
    normalize(found);
    for (const Recommended& each : found) {
      Sum& sum = sums.try_emplace(each.item).first->second;
      const double added = weight * each.score, before = sum.total.score;
      if (added > sum.largest || sum.largest == 0) sum = {.total = each, .largest = added};
      sum.total.score = before + added;
    }
  };
  if (items.empty()) return {};
  if (const float weight = worth(BlendSource::kSession); weight > 0)
    add(weight, of_session(tables, current_visit(tables, visitors), accept));
  if (const float weight = worth(BlendSource::kPairs); weight > 0) add(weight, of_pairs(tables, items, accept));
  if (const float weight = worth(BlendSource::kPopular); weight > 0) add(weight, of_popular(tables, items, accept));
  std::vector<Recommended> blended;
  blended.reserve(sums.size());
  for (const auto& [item, sum] : sums) blended.push_back(sum.total);
  return blended;
}

}  // namespace doorbuster::recs
