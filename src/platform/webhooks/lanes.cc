#include "platform/webhooks/lanes.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/assert.h"

namespace doorbuster::platform {
namespace {

// Long enough that one delivery that is never accepted does no harm, short enough that nobody waits hours for a healthy
// endpoint.
constexpr Duration kPauseAfterRecovery = Duration::seconds(60);

}  // namespace

void Lanes::add(Delivery delivery) {
  ASSERT(delivery.sequence > last_added_ && wants_more());
  last_added_ = delivery.sequence;
  entries_.emplace(delivery.sequence, Entry{.delivery = std::move(delivery), .due = {}});
}

void Lanes::skip(uint64_t sequence) {
  ASSERT(sequence > last_added_);
  last_added_ = sequence;
  if (entries_.empty()) position_ = sequence;
}

template <class Entries, class Visit>
void Lanes::heads(Entries& entries, Visit&& visit) {
  std::set<std::string_view> seen;
  for (auto& [sequence, entry] : entries) {
    if (entry.state == State::kDone || !seen.insert(entry.delivery.sale).second) continue;
    if (visit(entry)) return;
  }
}

const Delivery* Lanes::take_due(Timestamp now) {
  if (in_flight_ >= options_.in_flight_max) return nullptr;
  const Delivery* taken = nullptr;
  heads(entries_, [&](Entry& head) {
    if (head.state != State::kWaiting || head.due > now) return false;
    head.state = State::kInFlight;
    ++in_flight_;
    taken = &head.delivery;
    return true;
  });
  return taken;
}

std::optional<Timestamp> Lanes::next_due() const {
  if (in_flight_ >= options_.in_flight_max) return std::nullopt;
  std::optional<Timestamp> earliest;
  heads(entries_, [&](const Entry& head) {
    if (head.state == State::kWaiting && (!earliest || head.due < *earliest)) earliest = head.due;
    return false;
  });
  return earliest;
}

void Lanes::advance() {
  auto next = entries_.begin();
  while (next != entries_.end() && next->second.state == State::kDone) {
    position_ = next->first;
    next = entries_.erase(next);
  }
  if (entries_.empty()) position_ = last_added_;
}

void Lanes::delivered(uint64_t sequence, Timestamp now) {
  Entry& entry = entries_.at(sequence);
  ASSERT(entry.state == State::kInFlight);
  entry.state = State::kDone;
  --in_flight_;
  if (failing_since_) {
    for (auto& [other, waiting] : entries_) waiting.due = std::min(waiting.due, now + kPauseAfterRecovery);
  }
  failing_since_.reset();
  advance();
}

void Lanes::failed(uint64_t sequence, Timestamp now, uint64_t random, std::optional<Duration> asked) {
  Entry& entry = entries_.at(sequence);
  ASSERT(entry.state == State::kInFlight);
  entry.state = State::kWaiting;
  entry.due = now + options_.retry.pause(++entry.failed_attempts, random, asked);
  --in_flight_;
  if (!failing_since_) failing_since_ = now;
}

void Lanes::retry_now() {
  failing_since_.reset();
  for (auto& [sequence, entry] : entries_) {
    entry.due = {};
    entry.failed_attempts = 0;
  }
}

}  // namespace doorbuster::platform
