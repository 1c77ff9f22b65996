#include "recs/views/candidates.h"

#include <algorithm>
#include <unordered_map>

#include "recs/models/blend_sources.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kLatelyMax = 20;
constexpr size_t kHistoryTaken = 100;  // by models of taste
constexpr Duration kVisitPause = Duration::seconds(30 * 60);

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

Source source_of(OfferKind kind) {
  switch (kind) {
    case OfferKind::kNext:
      return Source::kSession;
    case OfferKind::kReminder:
      return Source::kReminder;
    case OfferKind::kTaste:
      return Source::kTaste;
    case OfferKind::kBought:
      return Source::kAlsoBought;
    case OfferKind::kViewed:
      return Source::kAlsoViewed;
    case OfferKind::kPopular:
      return Source::kPopular;
  }
  return Source::kPopular;
}

struct Sum {
  Recommended total;
  double largest = 0;  // what its source adds
};

// So many items that they did something with, the newest first, each once.
std::vector<uint32_t> newest_touched(const RecsTables& tables, const Visitors& visitors, size_t most) {
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
    if (items.size() < most && std::ranges::find(items, item) == items.end()) items.push_back(item);
  };
  for (const uint32_t item : visitors.seen) add(item);
  for (const Touch& touch : touches) add(touch.item);
  return items;
}

}  // namespace

std::vector<uint32_t> lately(const RecsTables& tables, const Visitors& visitors) {
  return newest_touched(tables, visitors, kLatelyMax);
}

// An item's source is the one that says the most for it.
std::vector<Recommended> blended_for(const RecsTables& tables, const Visitors& visitors, const ItemFilter& accept) {
  thread_local BlendSources sources;
  const std::vector<uint32_t> newest = newest_touched(tables, visitors, kHistoryTaken);
  if (newest.empty()) return {};
  const std::vector<uint32_t> history(newest.rbegin(), newest.rend());
  const CurrentVisit visit = current_visit(tables, visitors);
  const BlendQuestion question{.visit = visit.clicks,
                               .own = visit.own,
                               .lately = std::span(newest).first(std::min(newest.size(), kLatelyMax)),
                               .history = history};
  const KnownEvents known{.visits = tables.visits(),
                          .pairs = {&tables.pairs(PairKind::kBought), &tables.pairs(PairKind::kViewed)},
                          .popular = tables.catalogue().popular(),
                          .popularity_of = [&](ItemNumber item) { return tables.catalogue().popularity_of(item); }};
  const BlendWeights& weights = tables.model().weights[static_cast<size_t>(kind_of(tables, visitors))];
  std::unordered_map<uint32_t, Sum> sums;
  for (size_t source = 0; source < kBlendSources; ++source) {
    if (weights[source] <= 0) continue;
    for (const Offer& each :
         sources.offers(static_cast<BlendSource>(source), known, tables.model(), question, accept)) {
      Sum& sum = sums.try_emplace(each.item).first->second;
      const auto added = static_cast<double>(weights[source] * each.score);
      const double total = sum.total.score + added;
      if (sum.largest == 0 || added > sum.largest) {
        sum.largest = added;
        sum.total = {.item = each.item, .source = source_of(each.kind), .because = each.because};
      }
      sum.total.score = total;
    }
  }
  std::vector<Recommended> blended;
  blended.reserve(sums.size());
  for (const auto& [item, sum] : sums) blended.push_back(sum.total);
  return blended;
}

}  // namespace doorbuster::recs
