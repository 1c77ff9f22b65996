#include "sale/views/flow.h"

#include <algorithm>

namespace doorbuster::sale {
namespace {

void take(uint32_t& from, uint32_t& to) {
  ASSERT(from > 0);
  --from;
  ++to;
}

void mark(std::vector<bool>& marks, uint32_t slot, bool value) {
  if (marks.size() <= slot) marks.resize(slot + 1);
  marks[slot] = value;
}

bool is_marked(const std::vector<bool>& marks, uint32_t slot) { return slot < marks.size() && marks[slot]; }

}  // namespace

void FlowSeries::note(Timestamp at, const FlowCounts& counts) {
  const int64_t second = at.micros() / 1'000'000;
  if (!points_.empty() && points_.back().second >= begin_of(second)) {
    points_.back().counts = counts;
    return;
  }
  if (points_.size() == most_) {
    double_stretches();
    return note(at, counts);
  }
  points_.push_back({begin_of(second), counts});
}

// Of points that fall together the last one counts.
void FlowSeries::double_stretches() {
  stretch_seconds_ *= 2;
  std::vector<FlowPoint> kept;
  kept.reserve(most_);
  for (const FlowPoint& point : points_) {
    const int64_t begin = begin_of(point.second);
    if (!kept.empty() && kept.back().second == begin) kept.pop_back();
    kept.push_back({begin, point.counts});
  }
  points_ = std::move(kept);
}

void LastMinute::note(Timestamp at) {
  const int64_t second = at.micros() / 1'000'000;
  for (int64_t gone = std::max(newest_ + 1, second - kSeconds + 1); gone <= second; ++gone)
    counts_[static_cast<size_t>(gone % kSeconds)] = 0;
  newest_ = std::max(newest_, second);
  ++counts_[static_cast<size_t>(second % kSeconds)];
}

uint32_t LastMinute::count(Timestamp now) const {
  const int64_t second = now.micros() / 1'000'000;
  uint32_t sum = 0;
  for (int64_t each = std::max<int64_t>(0, second - kSeconds + 1); each <= std::min(newest_, second); ++each) {
    if (each > newest_ - kSeconds) sum += counts_[static_cast<size_t>(each % kSeconds)];
  }
  return sum;
}

SaleFlow& Flow::flow_of(SaleNumber sale) {
  const auto found = sales_.find(sale);
  ASSERT(found != sales_.end());
  return found->second;
}

const SaleFlow& Flow::of(SaleNumber sale) const {
  static const SaleFlow kNone;
  const auto found = sales_.find(sale);
  return found == sales_.end() ? kNone : found->second;
}

void Flow::note(SaleFlow& flow, const EventPlace& place) {
  (flow.opened_at == Timestamp() ? flow.before : flow.from_opening).note(place.at, flow.now);
}

void Flow::on(const SaleCreated& event, const EventPlace& place) {
  const auto [made, is_new] = sales_.try_emplace(event.sale);
  ASSERT(is_new);
  SaleFlow& flow = made->second;
  flow.now.available = event.settings.units;
  note(flow, place);
}

void Flow::on(const SaleChanged& event, const EventPlace& place) {
  SaleFlow& flow = flow_of(event.sale);
  const FlowCounts& now = flow.now;
  const uint32_t taken = now.offered + now.held + now.paying + now.sold;
  ASSERT(event.settings.units >= taken);
  if (now.available == event.settings.units - taken) return;
  flow.now.available = event.settings.units - taken;
  note(flow, place);
}

void Flow::on(const SaleMoved& event, const EventPlace& place) {
  SaleFlow& flow = flow_of(event.sale);
  if (event.to == SaleState::kOpen && flow.opened_at == Timestamp()) flow.opened_at = place.at;
  if (event.to == SaleState::kClosed) {
    flow.now.available += flow.now.offered;
    flow.now.offered = 0;
    flow.now.waiting = 0;
  }
  note(flow, place);
}

void Flow::on(const Joined& event, const EventPlace& place) { arrive(event.sale, event.entry, place); }
void Flow::on(const Enrolled& event, const EventPlace& place) { arrive(event.sale, event.entry, place); }
void Flow::on(const JoinDelayed& event, const EventPlace& place) { arrive(event.sale, event.entry, place); }

void Flow::arrive(SaleNumber sale, EntryNumber entry, const EventPlace& place) {
  SaleFlow& flow = flow_of(sale);
  mark(offered_, entry.slot, false);
  ++flow.now.joined;
  ++flow.now.waiting;
  note(flow, place);
}

void Flow::on(const Offered& event, const EventPlace& place) {
  SaleFlow& flow = flow_of(event.sale);
  ASSERT(flow.now.waiting > 0);
  mark(offered_, event.entry.slot, true);
  --flow.now.waiting;
  take(flow.now.available, flow.now.offered);
  ++flow.now.offers;
  flow.offers.note(place.at);
  note(flow, place);
}

void Flow::on(const OfferLapsed& event, const EventPlace& place) {
  end_entry(event.sale, event.entry, &FlowCounts::lapsed, place);
}
void Flow::on(const EntryLeft& event, const EventPlace& place) {
  end_entry(event.sale, event.entry, &FlowCounts::left, place);
}
void Flow::on(const EntryRemoved& event, const EventPlace& place) {
  end_entry(event.sale, event.entry, &FlowCounts::removed, place);
}

void Flow::end_entry(SaleNumber sale, EntryNumber entry, uint32_t FlowCounts::* how, const EventPlace& place) {
  SaleFlow& flow = flow_of(sale);
  if (is_marked(offered_, entry.slot)) {
    take(flow.now.offered, flow.now.available);
  } else {
    ASSERT(flow.now.waiting > 0);
    --flow.now.waiting;
  }
  ++(flow.now.*how);
  note(flow, place);
}

void Flow::on(const Held& event, const EventPlace& place) {
  SaleFlow& flow = flow_of(event.sale);
  mark(paying_, event.hold.slot, false);
  take(event.entry ? flow.now.offered : flow.now.available, flow.now.held);
  ++flow.now.holds;
  flow.holds.note(place.at);
  note(flow, place);
}

uint32_t& Flow::count_with(SaleFlow& flow, HoldNumber hold) {
  return is_marked(paying_, hold.slot) ? flow.now.paying : flow.now.held;
}

void Flow::on(const HoldReleased& event, const EventPlace& place) {
  end_hold(event.sale, event.hold, &FlowCounts::released, place);
}
void Flow::on(const HoldExpired& event, const EventPlace& place) {
  end_hold(event.sale, event.hold, &FlowCounts::expired, place);
}

void Flow::end_hold(SaleNumber sale, HoldNumber hold, uint32_t FlowCounts::* how, const EventPlace& place) {
  SaleFlow& flow = flow_of(sale);
  take(count_with(flow, hold), flow.now.available);
  mark(paying_, hold.slot, false);
  ++(flow.now.*how);
  note(flow, place);
}

void Flow::on(const PaymentStarted& event, const EventPlace& place) {
  SaleFlow& flow = flow_of(event.sale);
  mark(paying_, event.hold.slot, true);
  take(flow.now.held, flow.now.paying);
  note(flow, place);
}

void Flow::on(const PaymentSucceeded& event, const EventPlace& place) {
  SaleFlow& flow = flow_of(event.sale);
  take(count_with(flow, event.hold), flow.now.sold);
  mark(paying_, event.hold.slot, false);
  note(flow, place);
}

// May be told of a hold that is over, too: that is not paying any more.
void Flow::on(const PaymentFailed& event, const EventPlace& place) {
  if (!is_marked(paying_, event.hold.slot)) return;
  SaleFlow& flow = flow_of(event.sale);
  mark(paying_, event.hold.slot, false);
  take(flow.now.paying, flow.now.held);
  note(flow, place);
}

}  // namespace doorbuster::sale
