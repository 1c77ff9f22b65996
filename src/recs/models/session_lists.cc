#include "recs/models/session_lists.h"

#include <algorithm>
#include <optional>

#include "base/assert.h"
#include "base/prng.h"
#include "recs/models/parallel.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kPrefixesAtOnce = 1'024;

// Makes the list of one prefix.
class ListMaker {
 public:
  ListMaker(const SessionIndex& index, const TimedSessions& sessions, const SessionModel& model, size_t candidates)
      : index_(index),
        sessions_(sessions),
        model_(model),
        candidates_(candidates),
        lists_(kSessionFeatures, candidates) {}

  void add(const SessionPrefix& prefix) {
    const std::span<const ItemNumber> session = sessions_.sessions[prefix.session];
    found_.collect(index_, model_.options.walk, session.first(prefix.length));
    if (model_.embeddings) found_.compare(*model_.embeddings, session.first(prefix.length));
    features_.compute(index_, found_, session.first(prefix.length), model_.options.ranked, model_.options.prior,
                      model_.embeddings.get());
    const size_t chosen = place_of(session[prefix.length]);
    if (chosen == features_.size() || features_.size() < 2) return;
    Prng prng(mixed64(prefix.session * kSessionClicksMax + prefix.length));
    pick(chosen, prng);
    write(chosen);
  }

  RankingLists take() { return std::move(lists_); }

 private:
  size_t place_of(ItemNumber item) const {
    const std::span<const uint32_t> places = features_.places();
    return static_cast<size_t>(
        std::ranges::find(places, item, [&](uint32_t place) { return found_.all()[place].item; }) - places.begin());
  }

  // Two thirds are the best of the others; the rest stands for all that is left (Knuth, TAOCP vol. 2, 3.4.2, algorithm
  // S).
  void pick(size_t chosen, Prng& prng) {
    picked_ = {static_cast<uint32_t>(chosen)};
    const size_t best = features_.size() <= candidates_ ? features_.size() : candidates_ * 2 / 3;
    const auto count = static_cast<uint32_t>(features_.size());
    uint32_t next = 0;
    for (; next < count && picked_.size() < best; ++next)
      if (next != chosen) picked_.push_back(next);
    sure_ = picked_.size();
    left_ = 0;
    for (uint32_t i = next; i < count; ++i) left_ += i != chosen ? 1 : 0;
    for (size_t left = left_; next < count && picked_.size() < candidates_; ++next) {
      if (next == chosen) continue;
      if (prng.below(left--) < candidates_ - picked_.size()) picked_.push_back(next);
    }
  }

  void write(size_t chosen) {
    ASSERT(picked_.front() == chosen);
    const std::span<float> features = lists_.add(picked_.size());
    for (size_t f = 0; f < kSessionFeatures; ++f)
      for (size_t i = 0; i < picked_.size(); ++i)
        features[f * candidates_ + i] = features_.all()[f * features_.stride() + picked_[i]];
    const size_t sampled = picked_.size() - sure_;
    for (size_t i = sure_; i < picked_.size(); ++i)
      lists_.stands_for(i, static_cast<float>(left_) / static_cast<float>(sampled));
  }

  const SessionIndex& index_;
  const TimedSessions& sessions_;
  const SessionModel& model_;
  size_t candidates_;
  SessionCandidates found_;
  SessionFeatures features_;
  std::vector<uint32_t> picked_;
  size_t sure_ = 0, left_ = 0;
  RankingLists lists_;
};

}  // namespace

void add_sessions(SessionIndex& index, const TimedSessions& sessions, SessionRange range) {
  for (size_t s = range.begin; s < range.end; ++s) {
    const SessionNumber number = index.start(sessions.times[s]);
    for (const ItemNumber item : sessions.sessions[s]) ASSERT(index.add(number, item));
  }
}

SessionIndexLimits limits_for(const TimedSessions& sessions, size_t items) {
  return {.items = std::max<size_t>(items, 1),
          .sessions = sessions.sessions.size() + 1,
          .clicks = sessions.sessions.items.size() + 1};
}

void make_lists(const SessionIndex& index, const TimedSessions& sessions, std::span<const SessionPrefix> prefixes,
                const SessionModel& model, uint32_t threads, RankingLists& lists, const std::stop_token& stop) {
  const size_t parts = (prefixes.size() + kPrefixesAtOnce - 1) / kPrefixesAtOnce;
  std::vector<std::optional<RankingLists>> made(parts);
  in_parallel(parts, threads, [&](size_t part) {
    ListMaker maker(index, sessions, model, lists.stride());
    if (stop.stop_requested()) {
      made[part] = maker.take();
      return;
    }
    const size_t begin = part * kPrefixesAtOnce;
    for (const SessionPrefix& prefix : prefixes.subspan(begin, std::min(kPrefixesAtOnce, prefixes.size() - begin)))
      maker.add(prefix);
    made[part] = maker.take();
  });
  size_t count = lists.size();
  for (const auto& part : made) count += part->size();
  lists.reserve(count);
  for (auto& part : made) {
    lists.append(*part);
    part.reset();
  }
}

}  // namespace doorbuster::recs
