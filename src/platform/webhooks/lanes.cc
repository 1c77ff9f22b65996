#include "platform/webhooks/lanes.h"

#include <iterator>

#include "base/assert.h"

namespace doorbuster::platform {

void Lanes::add(TracedDelivery traced) {
  const uint64_t sequence = traced.delivery->sequence;
  ASSERT(sequence > read_to_);
  if (done_.contains(sequence)) return skip_to(sequence);
  if (sequence > read_to_ + 1) done_.add({read_to_ + 1, sequence - 1});
  read_to_ = sequence;
  const auto [place, is_new] = lanes_.try_emplace(traced.delivery->key);
  Lane& lane = place->second;
  entries_.emplace_hint(entries_.end(), sequence, Entry{.traced = std::move(traced), .lane = &lane});
  if (!is_new) entries_.at(lane.last).next = sequence;
  lane.last = sequence;
  if (!is_new) return;
  lane.first = sequence;
  schedule(lane);
}

void Lanes::skip_to(uint64_t sequence) {
  if (sequence <= read_to_) return;
  done_.add({read_to_ + 1, sequence});
  read_to_ = sequence;
}

void Lanes::schedule(const Lane& lane) {
  const Entry& first = entries_.at(lane.first);
  if (first.due > Timestamp{})
    delayed_.emplace(first.due, lane.first);
  else
    (first.alone ? ready_alone_ : ready_).insert(lane.first);
}

void Lanes::wake(Timestamp now) {
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    const uint64_t sequence = delayed_.begin()->second;
    delayed_.erase(delayed_.begin());
    (entries_.at(sequence).alone ? ready_alone_ : ready_).insert(sequence);
  }
}

// The lowest of what is ready and of what follows in the lanes that the request has begun: in the order of the log.
std::vector<TracedDelivery> Lanes::take_due(Timestamp now, size_t max) {
  ASSERT(max > 0);
  wake(now);
  const bool alone = !ready_alone_.empty() && (ready_.empty() || *ready_alone_.begin() < *ready_.begin());
  std::set<uint64_t>& ready = alone ? ready_alone_ : ready_;
  std::set<uint64_t> following;
  std::vector<TracedDelivery> request;
  while (request.size() < (alone ? 1 : max)) {
    const bool follows = !following.empty() && (ready.empty() || *following.begin() < *ready.begin());
    std::set<uint64_t>& from = follows ? following : ready;
    if (from.empty()) break;
    Entry& entry = entries_.at(*from.begin());
    from.erase(from.begin());
    entry.in_flight = true;
    ++entry.lane->in_flight;
    request.push_back(entry.traced);
    if (entry.next != 0 && !entries_.at(entry.next).alone) following.insert(entry.next);
  }
  return request;
}

std::optional<Timestamp> Lanes::next_due() const {
  if (!ready_.empty() || !ready_alone_.empty()) return Timestamp{};
  if (delayed_.empty()) return std::nullopt;
  return delayed_.begin()->first;
}

void Lanes::land(Entry& entry) {
  ASSERT(entry.in_flight && entry.lane->in_flight > 0);
  entry.in_flight = false;
  --entry.lane->in_flight;
}

void Lanes::delivered(const std::vector<TracedDelivery>& request) {
  for (const TracedDelivery& each : request) {
    const auto found = entries_.find(each.delivery->sequence);
    ASSERT(found != entries_.end());
    Lane& lane = *found->second.lane;
    ASSERT(lane.first == found->first);
    land(found->second);
    lane.first = found->second.next;
    entries_.erase(found);
    done_.add({each.delivery->sequence, each.delivery->sequence});
    if (lane.first == 0) {
      lanes_.erase(each.delivery->key);
    } else if (lane.in_flight == 0) {
      // It failed together with what has arrived now: perhaps because of it.
      entries_.at(lane.first).due = {};
      schedule(lane);
    }
  }
}

void Lanes::failed(const std::vector<TracedDelivery>& request, Timestamp now, bool apart, const Pause& pause) {
  for (const TracedDelivery& each : request) {
    Entry& entry = entries_.at(each.delivery->sequence);
    entry.due = now + pause(++entry.failed_attempts);
    entry.alone = entry.alone || (apart && request.size() > 1);
    land(entry);
    if (entry.lane->in_flight == 0) schedule(*entry.lane);
  }
}

void Lanes::hurry(Timestamp latest) {
  while (!delayed_.empty() && delayed_.rbegin()->first > latest) {
    const auto last = std::prev(delayed_.end());
    const uint64_t sequence = last->second;
    delayed_.erase(last);
    entries_.at(sequence).due = latest;
    delayed_.emplace(latest, sequence);
  }
}

void Lanes::retry_now() {
  for (auto& [sequence, entry] : entries_) {
    entry.due = {};
    entry.failed_attempts = 0;
  }
  wake(Timestamp::from_micros(INT64_MAX));
}

}  // namespace doorbuster::platform
