#include "platform/webhooks/backlog.h"

#include <algorithm>

#include "base/assert.h"
#include "base/bug_zoo.h"

namespace doorbuster::platform {
namespace {

// After a success. Long enough that one delivery that is never accepted does no harm, short enough that nobody waits
// hours for a healthy endpoint.
constexpr Duration kPauseAfterRecovery = Duration::seconds(60);

SequenceRanges done_of(const EndpointPosition& position, const Backlog::Source& source) {
  const auto is_it = [&](const SourcePosition& each) { return each.source == source.id; };
  const auto known = std::find_if(position.sources.begin(), position.sources.end(), is_it);
  // A place that the log does not reach is one in another log: of a store that forgets, or that has lost its end.
  if (known == position.sources.end() || known->position > source.newest) return SequenceRanges(source.newest);
  return SequenceRanges(known->position, known->delivered);
}

}  // namespace

Backlog::Backlog(const std::vector<Source>& sources, const EndpointPosition& position, const BacklogOptions& options)
    : options_(options), failing_since_(position.failing_since) {
  ASSERT(options.in_flight_max > 0 && options.batch_max > 0 && options.window_max > 0);
  for (const Source& source : sources) {
    ids_.push_back(source.id);
    lanes_.emplace_back(done_of(position, source), options.window_max);
  }
  for (const SourcePosition& each : position.sources) {
    if (std::find(ids_.begin(), ids_.end(), each.source) == ids_.end()) absent_.push_back(each);
  }
}

std::optional<Backlog::Request> Backlog::take_due(Timestamp now) {
  if (!has_room() || now < paused_until_) return std::nullopt;
  for (size_t i = 0; i < lanes_.size(); ++i) {
    const size_t source = turn_;
    turn_ = (turn_ + 1) % lanes_.size();
    std::vector<TracedDelivery> due = lanes_[source].take_due(now, options_.batch_max);
    if (due.empty()) continue;
    ++in_flight_;
    return Request{.source = source, .deliveries = std::move(due)};
  }
  return std::nullopt;
}

std::optional<Timestamp> Backlog::next_due() const {
  if (!has_room()) return std::nullopt;
  std::optional<Timestamp> earliest;
  for (const Lanes& lanes : lanes_) {
    const std::optional<Timestamp> due = lanes.next_due();
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  if (earliest) earliest = std::max(*earliest, paused_until_);
  return earliest;
}

void Backlog::delivered(const Request& request, Timestamp now) {
  ASSERT(in_flight_ > 0);
  --in_flight_;
  lanes_[request.source].delivered(request.deliveries);
  if (!failing_since_) return;
  failing_since_.reset();
  failures_in_a_row_ = 0;
  trouble_rounds_ = 0;
  paused_until_ = {};
  for (Lanes& lanes : lanes_) lanes.hurry(now + kPauseAfterRecovery);
}

void Backlog::failed(const Request& request, const Failure& failure) {
  ASSERT(in_flight_ > 0);
  --in_flight_;
  lanes_[request.source].failed(request.deliveries, failure.at, failure.refused, [&](uint32_t attempts) {
    return options_.retry.pause(attempts, failure.random, failure.asked);
  });
  if (!failing_since_) failing_since_ = failure.at;
  ++failures_in_a_row_;
  if (failure.asked)
    paused_until_ = std::max(paused_until_, failure.at + std::min(*failure.asked, options_.retry.longest));
  // What was under way when the trouble began says nothing new.
  if (!in_trouble() || failure.at < paused_until_) return;
  const net::RetryPolicy policy{.first = options_.retry.first, .longest = options_.trouble_pause_max};
  paused_until_ = failure.at + policy.pause(++trouble_rounds_, failure.random);
}

void Backlog::retry_now() {
  failing_since_.reset();
  failures_in_a_row_ = 0;
  trouble_rounds_ = 0;
  paused_until_ = {};
  for (Lanes& lanes : lanes_) lanes.retry_now();
}

size_t Backlog::waiting() const {
  size_t count = 0;
  for (const Lanes& lanes : lanes_) count += lanes.waiting();
  return count;
}

const Delivery* Backlog::oldest() const {
  const Delivery* oldest = nullptr;
  for (const Lanes& lanes : lanes_) {
    const Delivery* first = lanes.oldest();
    if (first != nullptr && (oldest == nullptr || first->at < oldest->at)) oldest = first;
  }
  return oldest;
}

std::vector<SourcePosition> Backlog::positions(size_t ranges_max) const {
  std::vector<SourcePosition> all;
  for (size_t i = 0; i < lanes_.size(); ++i) {
    const SequenceRanges& done = lanes_[i].done();
    const uint64_t position = bug_planted(Bug::kPositionOfWhatWasRead) ? lanes_[i].read_after() : done.position();
    all.push_back({.source = ids_[i], .position = position, .delivered = done.above(ranges_max)});
  }
  all.insert(all.end(), absent_.begin(), absent_.end());
  return all;
}

}  // namespace doorbuster::platform
