// What may come next in a session: candidates of every source, collected in one walk over the sessions that share items
// with it.
//
// Sources: the session's own items (reminders); directed transitions, what came behind or before an item in other
// sessions, less with every click between; a second hop, what came behind that; and neighbours, the sessions most like
// this one (V-STAN: Garg et al., SIGIR 2019; Ludewig et al. 2021; found as VMIS-kNN finds them: Kersbergen et al.,
// SIGMOD 2022). All is computed from the index at the time of the question.
//
// Bounded: the newest items of the session, the newest sessions of each, so many neighbours.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "recs/models/item.h"
#include "recs/models/item_embeddings.h"
#include "recs/models/session_index.h"

namespace doorbuster::recs {

enum class SessionSource : uint8_t {
  kNext,           // behind the session's last item
  kDirectlyNext,   // right behind it, with nothing between
  kBefore,         // before it
  kNextOfEarlier,  // behind the session's earlier items
  kBeforeEarlier,  // before them
  kSecondHop,      // behind what comes behind
  kNeighbours,     // in the sessions most like this one
  kReminders,      // seen in this session
  kEmbeddings,     // in the direction of the session (item_embeddings.h)
};
inline constexpr std::array<std::string_view, 9> kSessionSourceNames = {
    "next",       "directly_next", "before",    "next_of_earlier", "before_earlier",
    "second_hop", "neighbours",    "reminders", "embeddings"};
inline constexpr size_t kSessionSources = kSessionSourceNames.size();

struct SessionWalkOptions {
  uint32_t items = 8;               // of the session, from its end
  uint32_t sessions_of_last = 600;  // that the last item was clicked in, from the newest
  uint32_t sessions_of_earlier = 300;
  uint32_t neighbours = 300;
  uint32_t hops = 24;  // items whose own next ones are looked at
  uint32_t sessions_of_hop = 40;
  float next_decay = 0.75F;      // of a transition, with every click between
  float earlier_decay = 0.7F;    // of an item of the session, with every click behind it
  float neighbour_decay = 0.7F;  // of a neighbour's item, with every click between it and what is shared
  float recency = 0;             // decay of sessions with time: 1/(unit of time); 0 for none
};

struct SessionCandidate {
  ItemNumber item = kNoItem;
  std::array<float, kSessionSources> scores{};
};

// What was done, counted: it tells what a recommendation costs without a clock.
struct SessionWork {
  uint64_t sessions = 0, additions = 0, candidates = 0, cosines = 0, ranked = 0;

  SessionWork& operator+=(const SessionWork& other) {
    sessions += other.sessions;
    additions += other.additions;
    candidates += other.candidates;
    cosines += other.cosines;
    ranked += other.ranked;
    return *this;
  }
};

// Scratch memory of one thread; keeps what it allocated.
class SessionCandidates {
 public:
  // For the clicks of one session in order of time (at least one). What was collected before is gone. `own`: the number
  // under which the index has this session itself, which says nothing of what comes next in it.
  void collect(const SessionIndex& index, const SessionWalkOptions& options, std::span<const ItemNumber> session,
               SessionNumber own = kNoSession);

  // The candidates' scores by their embeddings: cosines above 0.
  void compare(const ItemEmbeddings& embeddings, std::span<const ItemNumber> session);

  // In the last call.
  [[nodiscard]] const SessionWork& work() const { return work_; }

  // Leaves out what does not pass.
  template <class Filter>
  void keep(const Filter& filter) {
    std::erase_if(candidates_, [&](const SessionCandidate& candidate) { return !filter(candidate.item); });
  }

  [[nodiscard]] std::span<const SessionCandidate> all() const { return {candidates_.data(), candidates_.size()}; }

 private:
  struct QueryItem {
    ItemNumber item;
    uint32_t from_end;  // 0 for the last click
    float weight;
  };
  struct Neighbour {
    SessionNumber session;
    uint32_t newest_shared;  // number of the query item
    float similarity;
  };
  // Open addressing from keys to places in a list.
  class Table {
   public:
    void clear(size_t expected);
    // The place of the key; `next` if it is new, which is then taken.
    uint32_t place_of(uint32_t key, uint32_t next);

   private:
    struct Slot {
      uint32_t key;
      uint32_t place;
      uint32_t turn;
    };
    void grow();
    std::vector<Slot> slots_;
    uint32_t turn_ = 0, used_ = 0;
  };

  void take_query(const SessionWalkOptions& options, std::span<const ItemNumber> session);
  void walk_item(const SessionIndex& index, const SessionWalkOptions& options, uint32_t query);
  void walk_transitions(std::span<const ItemNumber> clicks, ItemNumber from, float weight, SessionSource next,
                        SessionSource before);
  void walk_hops(const SessionIndex& index, const SessionWalkOptions& options);
  void walk_neighbours(const SessionIndex& index, const SessionWalkOptions& options);
  size_t find_sessions(const SessionIndex& index, ItemNumber item, size_t most);
  void add(ItemNumber item, SessionSource source, float score) {
    const uint32_t place = places_.place_of(item, static_cast<uint32_t>(candidates_.size()));
    if (place == candidates_.size()) candidates_.push_back({.item = item});
    candidates_[place].scores[static_cast<size_t>(source)] += score;
    ++work_.additions;
  }

  SessionWork work_;
  SessionNumber own_ = kNoSession;
  std::vector<QueryItem> query_;
  std::vector<SessionNumber> sessions_;
  std::vector<Neighbour> neighbours_;
  std::vector<SessionCandidate> candidates_;
  std::vector<ScoredItem> hops_;
  std::array<float, kSessionClicksMax + 1> next_decay_{}, neighbour_decay_{};
  Table places_, neighbour_places_;
};

}  // namespace doorbuster::recs
