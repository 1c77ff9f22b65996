#include "recs/models/session_candidates.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/assert.h"
#include "base/prng.h"
#include "recs/models/top_items.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kTableSlotsMin = 4'096;

void fill_powers(float base, std::span<float> powers) {
  float power = 1;
  for (float& at : powers) {
    at = power;
    power *= base;
  }
}

}  // namespace

void SessionCandidates::Table::clear(size_t expected) {
  const size_t slots = std::max(kTableSlotsMin, std::bit_ceil(2 * expected));
  if (slots_.size() < slots) slots_.assign(slots, {});
  if (++turn_ == 0) {
    std::ranges::fill(slots_, Slot{});
    turn_ = 1;
  }
  used_ = 0;
}

uint32_t SessionCandidates::Table::place_of(uint32_t key, uint32_t next) {
  if (used_ * 2 >= slots_.size()) grow();
  const size_t mask = slots_.size() - 1;
  size_t at = (key * size_t{0x9E3779B97F4A7C15} >> 32) & mask;
  while (slots_[at].turn == turn_) {
    if (slots_[at].key == key) return slots_[at].place;
    at = (at + 1) & mask;
  }
  slots_[at] = {.key = key, .place = next, .turn = turn_};
  ++used_;
  return next;
}

void SessionCandidates::Table::grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  used_ = 0;
  for (const Slot& slot : old)
    if (slot.turn == turn_) place_of(slot.key, slot.place);
}

void SessionCandidates::collect(const SessionIndex& index, const SessionWalkOptions& options,
                                std::span<const ItemNumber> session, SessionNumber own) {
  ASSERT(!session.empty());
  work_ = {};
  own_ = own;
  candidates_.clear();
  neighbours_.clear();
  places_.clear(0);
  neighbour_places_.clear(0);
  fill_powers(options.next_decay, next_decay_);
  fill_powers(options.neighbour_decay, neighbour_decay_);
  sessions_.resize(std::max({options.sessions_of_last, options.sessions_of_earlier, options.sessions_of_hop}));
  take_query(options, session);
  for (uint32_t i = 0; i < query_.size(); ++i) walk_item(index, options, i);
  walk_hops(index, options);
  walk_neighbours(index, options);
  for (const QueryItem& query : query_) add(query.item, SessionSource::kReminders, query.weight);
  work_.candidates = candidates_.size();
}

// Each item once, at its newest place.
void SessionCandidates::take_query(const SessionWalkOptions& options, std::span<const ItemNumber> session) {
  query_.clear();
  float weight = 1;
  for (size_t from_end = 0; from_end < session.size() && query_.size() < options.items; ++from_end) {
    const ItemNumber item = session[session.size() - 1 - from_end];
    if (std::ranges::find(query_, item, &QueryItem::item) == query_.end())
      query_.push_back({.item = item, .from_end = static_cast<uint32_t>(from_end), .weight = weight});
    weight *= options.earlier_decay;
  }
}

// The newest ones of an item, with what is needed of them two steps ahead: where the clicks are, and the clicks.
size_t SessionCandidates::find_sessions(const SessionIndex& index, ItemNumber item, size_t most) {
  size_t count = index.newest_sessions_of(item, std::span(sessions_).first(most));
  if (own_ != kNoSession) {
    const auto found = sessions_.begin() + static_cast<std::ptrdiff_t>(count);
    count = static_cast<size_t>(std::remove(sessions_.begin(), found, own_) - sessions_.begin());
  }
  work_.sessions += count;
  for (size_t i = 0; i < count; ++i) index.prefetch_session(sessions_[i]);
  for (size_t i = 0; i < std::min<size_t>(count, 16); ++i) index.prefetch_clicks(sessions_[i]);
  return count;
}

void SessionCandidates::walk_item(const SessionIndex& index, const SessionWalkOptions& options, uint32_t query) {
  const QueryItem& item = query_[query];
  const bool is_last = item.from_end == 0;
  const size_t most = is_last ? options.sessions_of_last : options.sessions_of_earlier;
  const size_t count = find_sessions(index, item.item, most);
  const SessionSource next = is_last ? SessionSource::kNext : SessionSource::kNextOfEarlier;
  const SessionSource before = is_last ? SessionSource::kBefore : SessionSource::kBeforeEarlier;
  for (size_t i = 0; i < count; ++i) {
    if (i + 16 < count) index.prefetch_clicks(sessions_[i + 16]);
    const SessionNumber session = sessions_[i];
    const float age = static_cast<float>(index.now() - index.time_of(session));
    const float weight = item.weight * (options.recency > 0 ? std::exp(-options.recency * age) : 1);
    walk_transitions(index.clicks_of(session), item.item, weight, next, before);
    const uint32_t place = neighbour_places_.place_of(session, static_cast<uint32_t>(neighbours_.size()));
    if (place == neighbours_.size())
      neighbours_.push_back({.session = session, .newest_shared = query, .similarity = 0});
    neighbours_[place].similarity += weight;
  }
}

void SessionCandidates::walk_transitions(std::span<const ItemNumber> clicks, ItemNumber from, float weight,
                                         SessionSource next, SessionSource before) {
  size_t since = 0;  // clicks since the item was seen; 0 if it was not
  for (const ItemNumber item : clicks) {
    if (item == from) {
      if (since == 1) add(item, next, weight);
      since = 1;
      continue;
    }
    if (since == 0) continue;
    add(item, next, weight * next_decay_[since - 1]);
    if (since == 1 && next == SessionSource::kNext) add(item, SessionSource::kDirectlyNext, weight);
    ++since;
  }
  since = 0;
  for (size_t i = clicks.size(); i-- > 0;) {
    if (clicks[i] == from) {
      since = 1;
    } else if (since > 0) {
      add(clicks[i], before, weight * next_decay_[since++ - 1]);
    }
  }
}

void SessionCandidates::walk_hops(const SessionIndex& index, const SessionWalkOptions& options) {
  hops_.clear();
  const auto next_of = [](const SessionCandidate& candidate) {
    return candidate.scores[static_cast<size_t>(SessionSource::kNext)] +
           0.5F * candidate.scores[static_cast<size_t>(SessionSource::kNextOfEarlier)];
  };
  for (const SessionCandidate& candidate : candidates_)
    if (const float score = next_of(candidate); score > 0) hops_.push_back({.item = candidate.item, .score = score});
  keep_best(hops_, options.hops);
  const float sum = [&] {
    float all = 0;
    for (const ScoredItem& hop : hops_) all += hop.score;
    return all;
  }();
  for (const ScoredItem& hop : hops_) {
    const size_t count = find_sessions(index, hop.item, options.sessions_of_hop);
    const float weight = hop.score / sum / std::sqrt(static_cast<float>(std::max<size_t>(count, 1)));
    for (size_t i = 0; i < count; ++i) {
      size_t since = 0;
      for (const ItemNumber item : index.clicks_of(sessions_[i])) {
        if (item == hop.item) {
          since = 1;
        } else if (since > 0) {
          add(item, SessionSource::kSecondHop, weight * next_decay_[since++ - 1]);
        }
      }
    }
  }
}

void SessionCandidates::compare(const ItemEmbeddings& embeddings, std::span<const ItemNumber> session) {
  std::array<float, ItemEmbeddings::kDimensions> direction;
  embeddings.session_vector(session, direction);
  constexpr size_t kAhead = 8;
  for (size_t i = 0; i < candidates_.size(); ++i) {
    if (i + kAhead < candidates_.size()) embeddings.prefetch(candidates_[i + kAhead].item);
    candidates_[i].scores[static_cast<size_t>(SessionSource::kEmbeddings)] =
        std::max(0.0F, embeddings.cosine(direction, candidates_[i].item));
  }
  work_.cosines += candidates_.size();
}

void SessionCandidates::walk_neighbours(const SessionIndex& index, const SessionWalkOptions& options) {
  for (Neighbour& neighbour : neighbours_)
    neighbour.similarity /= std::sqrt(static_cast<float>(index.clicks_of(neighbour.session).size()));
  const auto better = [](const Neighbour& a, const Neighbour& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.session > b.session;
  };
  if (neighbours_.size() > options.neighbours) {
    std::ranges::nth_element(neighbours_, neighbours_.begin() + options.neighbours, better);
    neighbours_.resize(options.neighbours);
  }
  for (const Neighbour& neighbour : neighbours_) {
    const std::span<const ItemNumber> clicks = index.clicks_of(neighbour.session);
    const ItemNumber shared = query_[neighbour.newest_shared].item;
    const auto at = std::ranges::find(clicks, shared) - clicks.begin();
    for (std::ptrdiff_t i = 0; i < std::ssize(clicks); ++i)
      add(clicks[static_cast<size_t>(i)], SessionSource::kNeighbours,
          neighbour.similarity * neighbour_decay_[static_cast<size_t>(i < at ? at - i : i - at)]);
  }
}

}  // namespace doorbuster::recs
