#include "recs/models/session_index.h"

#include <algorithm>
#include <array>

namespace doorbuster::recs {
namespace {

// What a session's clicks lie in grows by these steps.
constexpr std::array<uint32_t, 14> kClickBlocks = {1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64};
static_assert(kClickBlocks.back() == kSessionClicksMax);

// What an item's sessions lie in is a list of blocks, each a third of all before it, so that a sixth is empty on
// average and no block is ever given up for a larger one.
constexpr size_t kSessionBlocks = 64;
constexpr uint32_t kFirstBlock = 3;

// Session numbers that fit into the first 0, 1, 2, ... blocks.
constexpr auto kFitting = [] {
  std::array<uint64_t, kSessionBlocks + 1> fitting{};
  for (size_t i = 0; i < kSessionBlocks; ++i)
    fitting[i + 1] = fitting[i] + std::max<uint64_t>(kFirstBlock, fitting[i] / 3);
  return fitting;
}();
static_assert(kFitting.back() > uint64_t{16} << 20, "more sessions of one item than the limit below");

constexpr uint64_t kArenaWordsPerClick = 6;
constexpr uint64_t kArenaWordsMin = 1'024;

// Of which block is the newest when there are that many; 0 is the first.
size_t newest_block(uint64_t sessions) {
  ASSERT(sessions > 0);
  return static_cast<size_t>(std::ranges::lower_bound(kFitting, sessions) - kFitting.begin()) - 1;
}

size_t click_class(size_t length) {
  return static_cast<size_t>(std::ranges::lower_bound(kClickBlocks, length) - kClickBlocks.begin());
}

constexpr size_t session_class(size_t block) { return kClickBlocks.size() + block; }

bool contains(std::span<const ItemNumber> items, ItemNumber item) {
  return std::ranges::find(items, item) != items.end();
}

std::vector<uint32_t> block_sizes() {
  std::vector<uint32_t> sizes(kClickBlocks.begin(), kClickBlocks.end());
  for (size_t i = 0; i < kSessionBlocks; ++i) sizes.push_back(static_cast<uint32_t>(1 + kFitting[i + 1] - kFitting[i]));
  return sizes;
}

size_t arena_words(uint64_t clicks) {
  return static_cast<size_t>(std::min<uint64_t>(UINT32_MAX, kArenaWordsMin + clicks * kArenaWordsPerClick));
}

}  // namespace

SessionIndex::SessionIndex(const SessionIndexLimits& limits)
    : items_(limits.items),
      sessions_(limits.sessions),
      arena_(arena_words(limits.clicks), block_sizes()),
      clicks_max_(limits.clicks) {
  ASSERT(limits.items > 0 && limits.items < kNoItem && limits.sessions > 0 && limits.sessions < UINT32_MAX);
}

size_t SessionIndex::bytes() const {
  return arena_.bytes() + items_.size() * sizeof(Item) + sessions_.size() * sizeof(Session);
}

SessionNumber SessionIndex::start(uint32_t time) {
  ASSERT(!sessions_full() && time >= now_);
  const auto session = static_cast<SessionNumber>(end_++);
  if (sessions_.size() < sessions_.capacity()) sessions_.grow();
  sessions_[slot_of(session)] = {.time = time, .clicks = BlockArena::kNone, .length = 0};
  now_ = time;
  return session;
}

bool SessionIndex::has_room(const Session& session, bool is_new_item, ItemNumber item) const {
  if (clicks_ == clicks_max_) return false;
  size_t needed = 0;
  const size_t clicks_class = click_class(session.length + size_t{1});
  if (session.length == 0 || click_class(session.length) != clicks_class) needed += arena_.new_words_of(clicks_class);
  const uint64_t sessions = sessions_of(item);
  if (is_new_item && std::ranges::binary_search(kFitting, sessions)) {
    if (sessions == kFitting.back()) return false;
    needed += arena_.new_words_of(session_class(newest_block(sessions + 1)));
  }
  return needed <= arena_.words_left();
}

bool SessionIndex::add(SessionNumber session, ItemNumber item) {
  if (sessions_[slot_of(session)].length == kSessionClicksMax) return true;
  return add_click(session, item, Place::kNewest);
}

bool SessionIndex::add_click(SessionNumber session, ItemNumber item, Place place) {
  ASSERT(item < items_.capacity());
  Session& found = sessions_[slot_of(session)];
  const bool is_new_item = !contains(clicks_of(session), item);
  if (!has_room(found, is_new_item, item)) return false;
  if (is_new_item) append_session(item, session);
  if (is_new_item && place == Place::kByTime) order_newest(item);
  append_click(found, item);
  ++clicks_;
  return true;
}

bool SessionIndex::put(SessionNumber session, uint32_t time, std::span<const ItemNumber> clicks) {
  ASSERT(clicks.size() <= kSessionClicksMax && end_ == 0);
  if (session >= sessions_.capacity()) return clicks.empty();
  if (session >= sessions_.size()) sessions_.grow_to(session + size_t{1});
  Session& found = sessions_[session];
  const std::span<const ItemNumber> known = clicks_of(session);
  const bool goes_on =
      found.time == time && known.size() <= clicks.size() && std::ranges::equal(known, clicks.first(known.size()));
  if (!goes_on) {
    forget(session);
    found.time = time;
  }
  for (const ItemNumber item : clicks.subspan(found.length)) {
    if (item < items_.capacity() && add_click(session, item, Place::kByTime)) continue;
    forget(session);
    return false;
  }
  return true;
}

// Of two that began at the same time, the lower number.
bool SessionIndex::is_before(SessionNumber a, SessionNumber b) const {
  const uint32_t time_a = time_of(a), time_b = time_of(b);
  return time_a != time_b ? time_a < time_b : a < b;
}

void SessionIndex::append_click(Session& session, ItemNumber item) {
  const size_t wanted = click_class(session.length + size_t{1});
  if (session.length == 0) {
    session.clicks = arena_.allocate(wanted);
  } else if (const size_t had = click_class(session.length); had != wanted) {
    const BlockArena::Offset larger = arena_.allocate(wanted);
    std::memcpy(arena_.at(larger), arena_.at(session.clicks), session.length * sizeof(ItemNumber));
    arena_.release(session.clicks, had);
    session.clicks = larger;
  }
  arena_.at(session.clicks)[session.length++] = item;
}

void SessionIndex::append_session(ItemNumber item, SessionNumber session) {
  if (item >= items_.size()) items_.grow_to(item + size_t{1});
  Item& found = items_[item];
  const size_t block = newest_block(found.sessions + uint64_t{1});
  const uint64_t place = found.sessions - kFitting[block];
  if (place == 0) {
    const BlockArena::Offset newer = arena_.allocate(session_class(block));
    *arena_.at(newer) = found.newest;
    found.newest = newer;
  }
  arena_.at(found.newest)[1 + place] = session;
  ++found.sessions;
}

// The one that was appended last goes to where it belongs; what is newer moves up by one place.
void SessionIndex::order_newest(ItemNumber item) {
  const Item& found = items_[item];
  size_t block = newest_block(found.sessions);
  uint32_t* numbers = arena_.at(found.newest) + 1;
  size_t free = found.sessions - kFitting[block] - 1;
  const SessionNumber session = numbers[free];
  for (BlockArena::Offset at = found.newest;; --block) {
    const auto newer =
        free > 0 && is_before(numbers[free - 1], session)
            ? free
            : static_cast<size_t>(std::partition_point(numbers, numbers + free,
                                                       [&](SessionNumber other) { return is_before(other, session); }) -
                                  numbers);
    std::memmove(numbers + newer + 1, numbers + newer, (free - newer) * sizeof(uint32_t));
    numbers[newer] = session;
    if (newer > 0 || block == 0) return;
    at = arena_.at(at)[0];
    uint32_t* older = arena_.at(at) + 1;
    free = kFitting[block] - kFitting[block - 1] - 1;
    if (is_before(older[free], session)) return;
    numbers[0] = older[free];
    numbers = older;
  }
}

// What is newer moves up by one place.
void SessionIndex::remove_session(ItemNumber item, SessionNumber session) {
  Item& found = items_[item];
  ASSERT(found.sessions > 0);
  const size_t newest = newest_block(found.sessions);
  uint64_t length = found.sessions - kFitting[newest];
  uint32_t carried = 0;
  bool carries = false;
  BlockArena::Offset block = found.newest;
  for (size_t i = newest;; --i) {
    ASSERT(block != BlockArena::kNone);
    uint32_t* numbers = arena_.at(block) + 1;
    const uint32_t* at = std::find(numbers, numbers + length, session);
    const bool is_here = at != numbers + length;
    const size_t place = is_here ? static_cast<size_t>(at - numbers) : 0;
    const uint32_t first = numbers[0];
    std::memmove(numbers + place, numbers + place + 1, (length - place - 1) * sizeof(uint32_t));
    if (carries) numbers[length - 1] = carried;
    if (is_here) break;
    carried = first;
    carries = true;
    block = arena_.at(block)[0];
    ASSERT(i > 0);
    length = kFitting[i] - kFitting[i - 1];
  }
  if (--found.sessions == kFitting[newest]) {
    const BlockArena::Offset emptied = found.newest;
    found.newest = arena_.at(emptied)[0];
    arena_.release(emptied, session_class(newest));
  }
}

void SessionIndex::forget(SessionNumber session) {
  Session& found = sessions_[slot_of(session)];
  const std::span<const ItemNumber> clicks = clicks_of(session);
  for (size_t i = 0; i < clicks.size(); ++i)
    if (!contains(clicks.first(i), clicks[i])) remove_session(clicks[i], session);
  clicks_ -= found.length;
  if (found.length > 0) arena_.release(found.clicks, click_class(found.length));
  found.clicks = BlockArena::kNone;
  found.length = 0;
  found.time = 0;
}

void SessionIndex::forget_oldest() {
  ASSERT(begin_ < end_);
  forget(static_cast<SessionNumber>(begin_++));
}

size_t SessionIndex::newest_sessions_of(ItemNumber item, std::span<SessionNumber> into) const {
  if (sessions_of(item) == 0) return 0;
  const Item& found = items_[item];
  size_t block = newest_block(found.sessions), count = 0;
  uint64_t length = found.sessions - kFitting[block];
  for (BlockArena::Offset at = found.newest; at != BlockArena::kNone; at = arena_.at(at)[0]) {
    const uint32_t* numbers = arena_.at(at) + 1;
    while (length > 0 && count < into.size()) into[count++] = numbers[--length];
    if (count == into.size() || block == 0) break;
    --block;
    length = kFitting[block + 1] - kFitting[block];
  }
  return count;
}

bool SessionIndex::same_as(const SessionIndex& other) const {
  if (clicks_ != other.clicks_ || now_ != other.now_) return false;
  const auto session_of = [](const SessionIndex& index, size_t session) {
    if (session >= index.sessions_.size()) return std::pair(uint32_t{0}, std::span<const ItemNumber>());
    const auto number = static_cast<SessionNumber>(session);
    return std::pair(index.time_of(number), index.clicks_of(number));
  };
  for (size_t session = 0; session < std::max(sessions_.size(), other.sessions_.size()); ++session) {
    const auto [time, clicks] = session_of(*this, session);
    const auto [other_time, other_clicks] = session_of(other, session);
    if (time != other_time || !std::ranges::equal(clicks, other_clicks)) return false;
  }
  std::vector<SessionNumber> sessions, others;
  for (size_t item = 0; item < std::max(items_.size(), other.items_.size()); ++item) {
    const auto number = static_cast<ItemNumber>(item);
    sessions.resize(sessions_of(number));
    others.resize(other.sessions_of(number));
    newest_sessions_of(number, sessions);
    other.newest_sessions_of(number, others);
    if (sessions != others) return false;
  }
  return true;
}

}  // namespace doorbuster::recs
