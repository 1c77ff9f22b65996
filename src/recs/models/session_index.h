// Who clicked what in one visit: sessions with their clicks, and for every item the sessions that it was clicked in,
// the newest first. All session models read this one index, so that a click is known to each of them at once, and a
// session that is forgotten to none: whatever they answer is computed from what lies here, and nothing else is kept.
//
// Incremental, after VMIS-kNN (Kersbergen et al., SIGMOD 2022), which rebuilds its index once a day. A click costs its
// item number in its session and, the first time an item is clicked in a session, the session's number with the item:
// docs/recs/evaluation.md says how many bytes were measured.
//
// Bounded: a session learns from its first kSessionClicksMax clicks; when the index is full, add() says so and changes
// nothing, and forget_oldest() makes room. To forget a session costs a walk over what is kept with its items.
//
// It is filled in one of two ways: with start() and add(), in order of time; or with put(), by whoever keeps sessions
// and their numbers himself. Then it is a function of the sessions that are there, whatever came and went before.
//
// One thread changes it, and nobody reads meanwhile.
#pragma once

#include <cstdint>
#include <span>

#include "recs/models/block_arena.h"
#include "recs/models/item.h"

namespace doorbuster::recs {

// Given by start(), in order of time; or by who calls put().
using SessionNumber = uint32_t;
inline constexpr SessionNumber kNoSession = UINT32_MAX;

inline constexpr size_t kSessionClicksMax = 64;

struct SessionIndexLimits {
  size_t items = 0;
  size_t sessions = 0;  // kept at the same time
  size_t clicks = 0;
};

class SessionIndex {
 public:
  explicit SessionIndex(const SessionIndexLimits& limits);

  // A session that begins now. `time` in any unit, never less than that of the session before; there has to be room
  // (sessions_full()).
  SessionNumber start(uint32_t time);
  // The session's next click. False, and nothing changes, when the index is full. A click behind kSessionClicksMax is
  // left out.
  [[nodiscard]] bool add(SessionNumber session, ItemNumber item);
  // As if it had never been, but for its number.
  void forget(SessionNumber session);
  void forget_oldest();

  // The session is what is said here, whatever it was before: clicks that begin at `time`, kSessionClicksMax at most.
  // With each of its items it stands behind those that began later. False if there is no room for it: then nothing is
  // kept of it.
  [[nodiscard]] bool put(SessionNumber session, uint32_t time, std::span<const ItemNumber> clicks);
  void set_now(uint32_t now) { now_ = now; }

  [[nodiscard]] bool sessions_full() const { return end_ - begin_ == sessions_.capacity(); }
  [[nodiscard]] size_t items_max() const { return items_.capacity(); }
  [[nodiscard]] uint64_t clicks() const { return clicks_; }
  // Its time, of the newest session, or what was said last by set_now(); 0 if there is none.
  [[nodiscard]] uint32_t now() const { return now_; }
  // Numbers of sessions are below this.
  [[nodiscard]] size_t sessions_end() const { return sessions_.size(); }
  // All that was taken so far, in bytes.
  [[nodiscard]] size_t bytes() const;

  // In how many sessions it was clicked.
  [[nodiscard]] uint32_t sessions_of(ItemNumber item) const { return item < items_.size() ? items_[item].sessions : 0; }
  [[nodiscard]] uint32_t time_of(SessionNumber session) const { return sessions_[slot_of(session)].time; }
  [[nodiscard]] std::span<const ItemNumber> clicks_of(SessionNumber session) const {
    const Session& found = sessions_[slot_of(session)];
    return {arena_.at(found.clicks), found.length};
  }
  void prefetch_session(SessionNumber session) const { sessions_.prefetch(slot_of(session)); }
  void prefetch_clicks(SessionNumber session) const { arena_.prefetch(sessions_[slot_of(session)].clicks); }

  // The newest sessions that the item was clicked in, at most as many as `into` holds; returns how many there are.
  size_t newest_sessions_of(ItemNumber item, std::span<SessionNumber> into) const;

  // Whether both would answer everything alike; for tests.
  [[nodiscard]] bool same_as(const SessionIndex& other) const;

 private:
  struct Item {
    BlockArena::Offset newest;  // of a list of blocks: the next older block, then session numbers
    uint32_t sessions;
  };
  struct __attribute__((packed)) Session {
    uint32_t time;
    BlockArena::Offset clicks;
    uint8_t length;
  };
  [[nodiscard]] size_t slot_of(SessionNumber session) const { return session % sessions_.capacity(); }
  [[nodiscard]] bool has_room(const Session& session, bool is_new_item, ItemNumber item) const;
  [[nodiscard]] bool is_before(SessionNumber a, SessionNumber b) const;
  enum class Place : uint8_t { kNewest, kByTime };
  [[nodiscard]] bool add_click(SessionNumber session, ItemNumber item, Place place);
  void append_click(Session& session, ItemNumber item);
  void append_session(ItemNumber item, SessionNumber session);
  void order_newest(ItemNumber item);
  void remove_session(ItemNumber item, SessionNumber session);

  ReservedArray<Item> items_;
  ReservedArray<Session> sessions_;  // a ring of the numbers [begin_, end_)
  BlockArena arena_;
  uint64_t begin_ = 0, end_ = 0;
  uint64_t clicks_ = 0, clicks_max_;
  uint32_t now_ = 0;
};

}  // namespace doorbuster::recs
