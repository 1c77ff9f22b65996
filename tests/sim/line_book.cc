#include "sim/line_book.h"

#include <algorithm>

#include "sim/gate.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {

void LineBook::expect(bool holds, const char* sentence) const {
  if (!holds) promises_.breaks(sentence);
}

void LineBook::hear(const sale::SaleCreated& event, Timestamp) {
  Line& line = lines_[event.sale];
  line.is_draw = event.settings.queue == sale::QueueKind::kDraw;
  line.per_minute = event.settings.outflow_per_minute;
  line.claim = Duration::seconds(event.settings.claim_seconds);
}

void LineBook::hear(const sale::DrawCommitted& event, Timestamp) { lines_[event.sale].secret = event.secret; }

void LineBook::hear(const sale::BeaconNamed& event, Timestamp) { lines_[event.sale].beacon = event.beacon; }

// The leaf has the index that the receipt tells, and the name that the world knows.
void LineBook::hear(const sale::Enrolled& event, Timestamp) {
  Line& line = lines_[event.sale];
  expect(line.is_draw && !line.is_closed, "somebody takes part in a draw that was closed");
  expect(!SimulatedGate::delays(event.assessment), "somebody takes part in a draw whom the gate delayed");
  const auto name = ServerKeys::get().ids().seal({auth::IdKind::kEntry, event.sale.value(), event.entry.packed()});
  line.tree.add(sale::draw_leaf(line.by_arrival.size(), {name.data(), name.size()}, as_bytes(event.nonce)));
  arrive(line, event.entry, event.arrival);
}

void LineBook::hear(const sale::Joined& event, Timestamp) {
  Line& line = lines_[event.sale];
  expect(!line.is_draw || line.is_closed, "somebody came in time for a draw and does not take part");
  expect(!SimulatedGate::delays(event.assessment), "somebody has a place at once whom the gate delayed");
  arrive(line, event.entry, event.position);
}

// Behind the others of their minute, or, before a draw, behind all who are drawn: whom the gate has delayed, and nobody
// else.
void LineBook::hear(const sale::JoinDelayed& event, Timestamp at) {
  constexpr int64_t kMinute = 60'000'000;
  Line& line = lines_[event.sale];
  const bool is_before_draw = line.is_draw && !line.is_closed;
  const int64_t due = is_before_draw ? 0 : (at.micros() / kMinute + 1) * kMinute;
  expect(event.place_at.micros() == due, "somebody is delayed to another moment than the end of their minute");
  expect(SimulatedGate::delays(event.assessment), "somebody is delayed whom the gate did not delay");
  line.delayed.push_back({event.entry, event.place_at});
}

void LineBook::hear(const sale::EntryPlaced& event, Timestamp at) {
  Line& line = lines_[event.sale];
  expect(!line.is_draw || line.order, "somebody who was delayed has a place before those who were drawn");
  const bool is_next = !line.delayed.empty() && line.delayed.front().entry == event.entry;
  if (!is_next) return promises_.breaks("somebody who was delayed has a place before others who came earlier");
  expect(at >= line.delayed.front().place_at, "somebody who was delayed has a place too early");
  line.delayed.erase(line.delayed.begin());
  arrive(line, event.entry, event.position);
}

void LineBook::arrive(Line& line, sale::EntryNumber entry, uint32_t arrival) {
  line.by_arrival.push_back(entry);
  line.stands.push_back(Stand::kWaits);
  line.arrivals[entry] = arrival;
  expect(arrival == line.by_arrival.size(), "somebody came as another than the next");
}

void LineBook::hear(const sale::DrawClosed& event, Timestamp at) {
  Line& line = lines_[event.sale];
  expect(line.beacon && at < line.beacon->published_at, "a draw was closed when its beacon's value could be known");
  close(line, event.entries, event.root);
}

void LineBook::close(Line& line, uint32_t entries, const Digest& root) {
  expect(!line.is_closed, "a draw was closed twice");
  line.is_closed = true;
  expect(entries == line.tree.size() && root == line.tree.root(), "a draw's root is not that of those who came");
}

void LineBook::hear(const sale::BeaconGiven& event, Timestamp at) {
  Line& line = lines_[event.sale];
  expect(line.is_closed && line.value.empty(), "a beacon's value came before the draw was closed, or twice");
  expect(line.beacon && at >= line.beacon->published_at, "a beacon's value was taken before it was public");
  line.value = event.value;
}

void LineBook::hear(const sale::Drawn& event, Timestamp) {
  Line& line = lines_[event.sale];
  if (!line.beacon) close(line, event.entries, event.root);
  expect(!line.order, "places were drawn twice");
  expect(line.is_closed && line.value.empty() != line.beacon.has_value(), "places were drawn without what they need");
  expect(event.root == line.tree.root(), "places were drawn for others than the draw was closed with");
  const uint64_t count = line.tree.size();
  line.order.emplace(sale::draw_key(line.secret, line.tree.root(), count, as_bytes(line.value)), count);
}

uint32_t LineBook::place_of(const Line& line, uint32_t arrival) {
  if (!line.is_draw) return arrival;
  if (!line.order) return 0;
  return arrival > line.order->count() ? arrival : 1 + static_cast<uint32_t>(line.order->position_of(arrival - 1));
}

uint32_t LineBook::ahead_of(const Line& line, uint32_t place) {
  uint32_t ahead = 0;
  for (uint32_t i = 0; i < line.stands.size(); ++i) {
    ahead += line.stands[i] == Stand::kWaits && place_of(line, i + 1) < place;
  }
  return ahead;
}

void LineBook::hear(const sale::Offered& event, Timestamp at) {
  Line& line = lines_[event.sale];
  const uint32_t arrival = line.arrivals[event.entry];
  const uint32_t place = place_of(line, arrival);
  if (place == 0) return promises_.breaks("a unit was offered before the places were drawn");
  expect(line.stands[arrival - 1] == Stand::kWaits, "a unit was offered to somebody who does not wait");
  expect(ahead_of(line, place) == 0, "a unit was offered to somebody while others were ahead of them");
  line.stands[arrival - 1] = Stand::kIsOffered;
  line.offers.push_back(at);
  check_pace(line, at);
}

// A minute may catch up on a second before it, and each offer that nobody claimed lets one more through for as long as
// a claim takes.
void LineBook::check_pace(const Line& line, Timestamp at) const {
  if (!line.per_minute) return;
  const Timestamp since = at - Duration::seconds(60);
  const auto made = std::ranges::count_if(line.offers, [&](Timestamp offer) { return offer > since; });
  const auto more = std::ranges::count_if(line.given_back, [&](Timestamp back) { return back + line.claim > since; });
  expect(made <= 1 + int64_t{61} * *line.per_minute / 60 + more, "more offers were made in a minute than may be");
}

void LineBook::go(Line& line, sale::EntryNumber entry, Timestamp at) {
  if (std::erase_if(line.delayed, [&](const Delayed& each) { return each.entry == entry; }) > 0) return;
  Stand& stand = line.stands[line.arrivals[entry] - 1];
  if (stand == Stand::kIsOffered) line.given_back.push_back(at);
  stand = Stand::kIsGone;
}

void LineBook::hear(const sale::OfferLapsed& event, Timestamp at) { go(lines_[event.sale], event.entry, at); }

void LineBook::hear(const sale::EntryLeft& event, Timestamp at) { go(lines_[event.sale], event.entry, at); }

void LineBook::hear(const sale::EntryRemoved& event, Timestamp at) { go(lines_[event.sale], event.entry, at); }

void LineBook::hear(const sale::Held& event, Timestamp) {
  if (!event.entry) return;
  Line& line = lines_[event.sale];
  line.stands[line.arrivals[*event.entry] - 1] = Stand::kIsGone;
}

void LineBook::compare(const sale::State& state) const {
  for (const auto& [number, line] : lines_) {
    const sale::Sale* sale = state.find_sale(number);
    if (sale == nullptr || sale->state == sale::SaleState::kClosed) continue;
    for (uint32_t i = 0; i < line.stands.size(); ++i) {
      if (line.stands[i] != Stand::kWaits) continue;
      const sale::Entry* entry = state.find_entry(line.by_arrival[i]);
      if (entry == nullptr) return promises_.breaks("somebody who waits is not known any more");
      const uint32_t place = place_of(line, i + 1);
      expect(state.position_of(*entry) == place, "somebody who waits has another place than the log gives");
      expect(state.people_ahead(*entry) == ahead_of(line, place), "somebody is told a wrong number of people ahead");
    }
    for (const Delayed& each : line.delayed) {
      const sale::Entry* entry = state.find_entry(each.entry);
      if (entry == nullptr) return promises_.breaks("somebody who is delayed is not known any more");
      expect(state.position_of(*entry) == 0, "somebody who is delayed has a place");
    }
  }
}

}  // namespace doorbuster::sim
