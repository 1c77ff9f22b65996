// What time alone brings about in the reference.
#include <gtest/gtest.h>

#include <algorithm>

#include "sale/machine/model_test_reference.h"

namespace doorbuster::sale {
namespace {

int64_t tick_of(Timestamp at) { return (at.micros() + 999) / 1'000; }

}  // namespace

Timestamp Reference::end_of_claim(const Visitor& entry) const {
  return std::max(entry.claim_until, sales_[entry.sale].claims_until);
}

std::optional<Timestamp> Reference::deadline(const Reservation& hold) const {
  if (hold.forgotten || hold.state == HoldState::kSold) return std::nullopt;
  if (hold.state == HoldState::kHeld) return hold.expires_at;
  if (is_pass(hold.sale)) return hold.expires_at + Duration::seconds(120);
  const Timestamp grace = hold.expires_at + Duration::seconds(sales_[hold.sale].settings.payment_grace_seconds);
  if (hold.state == HoldState::kPaying) return grace;
  const bool no_money = hold.succeeded.empty() && hold.failed.size() == hold.attempts;
  return no_money ? std::optional(grace + Duration::seconds(24 * 3600)) : std::nullopt;
}

std::optional<Timestamp> Reference::deadline(const Visitor& entry) const {
  if (state_of(entry) == EntryState::kOffered) return end_of_claim(entry);
  const bool is_over =
      entry.state == EntryState::kLapsed || entry.state == EntryState::kLeft || entry.state == EntryState::kRemoved;
  const bool is_forgettable = is_pass(entry.sale) && is_over && !entry.forgotten && entry.hold < 0;
  if (!is_forgettable || sales_[entry.sale].state == SaleState::kClosed || stands_in_between(entry))
    return std::nullopt;
  return entry.claim_until + Duration::seconds(entry.state == EntryState::kRemoved ? 24 * 3600 : 120);
}

bool Reference::stands_in_between(const Visitor& entry) const {
  return std::ranges::any_of(entries_, [&](const Visitor& other) {
    if (other.sale != entry.sale || other.state != EntryState::kWaiting) return false;
    if (entry.arrival == 0) return other.arrival == 0 && &other < &entry;
    return other.arrival > 0 && other.arrival < entry.arrival;
  });
}

// The draw comes first, and with it all who were delayed before it.
Timestamp Reference::placement_due(const Visitor& entry) const {
  const Offering& sale = sales_[entry.sale];
  if (sale.settings.queue != QueueKind::kDraw || sale.is_drawn) return entry.claim_until;
  return std::max(entry.claim_until, sale.beacon ? sale.beacon->published_at : sale.settings.opens_at);
}

void Reference::place(uint32_t number) {
  Offering& sale = sales_[number];
  if (sale.settings.queue == QueueKind::kDraw && !sale.is_drawn) return;
  for (Visitor& entry : entries_) {
    if (entry.sale != number || !is_delayed(entry) || now_ < entry.claim_until) continue;
    entry.arrival = ++sale.last_position;
    entry.claim_until = {};
  }
}

std::optional<Timestamp> Reference::deadline(uint32_t number) const {
  const Offering& sale = sales_[number];
  const Settings& settings = sale.settings;
  if (sale.state == SaleState::kScheduled) return settings.prequeue_opens_at.value_or(settings.opens_at);
  if (sale.state == SaleState::kPrequeue) return settings.opens_at;
  if (sale.state == SaleState::kOpen || sale.state == SaleState::kPaused) return settings.closes_at;
  if (sale.state == SaleState::kDraft || sale.archived) return std::nullopt;
  const auto is_open_matter = [&](const Reservation& hold) {
    const bool lives = hold.state == HoldState::kHeld || hold.state == HoldState::kPaying;
    const bool owes =
        std::ranges::any_of(hold.unexpected, [](const auto& money) { return money.second == MoneyState::kDue; });
    return hold.sale == number && (lives || owes || !due_refunds(hold).empty());
  };
  const bool has_open_matters = std::any_of(holds_.begin(), holds_.end(), is_open_matter);
  return has_open_matters ? std::nullopt : std::optional(sale.closed_at + Duration::seconds(30 * 24 * 3600));
}

std::vector<Reference::Due> Reference::agenda() const {
  std::vector<Due> agenda;
  for (size_t i = 0; i < holds_.size(); ++i) {
    if (const auto at = deadline(holds_[i])) agenda.push_back({tick_of(*at), 'h', i});
  }
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (const auto at = deadline(entries_[i])) agenda.push_back({tick_of(*at), 'e', i});
  }
  for (size_t i = 0; i < sales_.size(); ++i) {
    if (const auto at = deadline(static_cast<uint32_t>(i))) agenda.push_back({tick_of(*at), 's', i});
  }
  return agenda;
}

std::vector<Timestamp> Reference::deadlines() const {
  std::vector<Timestamp> all;
  for (const Due& due : agenda()) all.push_back(Timestamp::from_micros(due.tick * 1'000));
  if (sweep_at_) all.push_back(*sweep_at_);
  for (const Visitor& entry : entries_) {
    if (is_delayed(entry)) all.push_back(placement_due(entry));
  }
  for (const Offering& sale : sales_) {
    if (sale.state == SaleState::kOpen) all.push_back(Timestamp::from_micros(tick_of(next_offer_at(sale)) * 1'000));
    if (sale.beacon && !sale.is_drawn) all.push_back(sale.beacon->published_at);
  }
  return all;
}

void Reference::tick(Timestamp now) {
  now_ = now;
  const int64_t last_tick = now.micros() / 1'000;
  while (next_tick_ <= last_tick) {
    const std::vector<Due> all = agenda();
    // In the same millisecond a sale ends before its offers do.
    const auto earlier = [](const Due& a, const Due& b) {
      return a.tick != b.tick ? a.tick < b.tick : a.kind == 's' && b.kind != 's';
    };
    const auto first = std::min_element(all.begin(), all.end(), earlier);
    if (first == all.end() || first->tick > last_tick) break;
    next_tick_ = std::max(next_tick_, first->tick);
    happen(*first);
    forget_surplus();
  }
  next_tick_ = std::max(next_tick_, last_tick + 1);
  if (sweep_at_ && now >= *sweep_at_) sweep();
  move_lines();
}

// What came to nothing five minutes ago, and who takes part in a draw a day after its end. So little is there that one
// look goes through all of it.
void Reference::sweep() {
  bool is_any = false;
  for (Reservation& hold : holds_) {
    const bool is_tried = hold.attempts > 0 || hold.forgotten;
    if (!is_over(hold) || is_tried || now_ < hold.expires_at + Duration::seconds(300)) continue;
    forget(hold);
    is_any = true;
  }
  std::vector<size_t> gone;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (is_forgettable(entries_[i])) gone.push_back(i);
  }
  for (const size_t i : gone) entries_[i].forgotten = true;
  sweep_at_.reset();
  if (is_crowded()) sweep_at_ = now_ + Duration::seconds(is_any || !gone.empty() ? 10 : 60);
}

bool Reference::is_forgettable(const Visitor& entry) const {
  const Offering& sale = sales_[entry.sale];
  const bool has_hold = entry.hold >= 0 && !holds_[static_cast<size_t>(entry.hold)].forgotten;
  if (entry.forgotten || has_hold) return false;
  const bool takes_part = sale.is_drawn && entry.arrival > 0 && entry.arrival <= sale.leaves.size();
  if (sale.state == SaleState::kClosed) {
    const bool is_missed = state_of(entry) == EntryState::kMissed;
    const Timestamp since = is_missed ? sale.closed_at : std::max(sale.closed_at, entry.claim_until);
    return now_ >= since + Duration::seconds(takes_part ? 24 * 3600 : 300);
  }
  const bool is_gone = entry.state == EntryState::kLapsed || entry.state == EntryState::kLeft;
  return is_gone && now_ >= entry.claim_until + Duration::seconds(300) && sale.settings.queue != QueueKind::kDraw &&
         !stands_in_between(entry);
}

void Reference::happen(const Due& due) {
  if (due.kind == 'h') {
    Reservation& hold = holds_[due.index];
    if (hold.state == HoldState::kHeld || hold.state == HoldState::kPaying) return end_hold(hold, HoldState::kExpired);
    forget(hold);
  } else if (due.kind == 'e') {
    Visitor& entry = entries_[due.index];
    const Offering& sale = sales_[entry.sale];
    if (entry.state != EntryState::kOffered) {
      entry.forgotten = true;
    } else if (sale.state == SaleState::kOpen) {
      end_offer(entry, EntryState::kLapsed);
    } else {
      entry.claim_until = now_ + Duration::seconds(sale.settings.claim_seconds);
    }
  } else {
    move_by_time(static_cast<uint32_t>(due.index));
  }
}

void Reference::move(uint32_t number, SaleState to) {
  Offering& sale = sales_[number];
  if (sale.state == SaleState::kPaused)
    sale.claims_until = std::max(sale.claims_until, now_ + Duration::seconds(sale.settings.claim_seconds));
  if (to == SaleState::kClosed) sale.closed_at = now_;
  if (to == SaleState::kClosed) sale.given_back.clear();
  sale.state = to;
  sale.published |= to != SaleState::kClosed;
  if (to != SaleState::kOpen || sale.settings.queue != QueueKind::kDraw || sale.is_closed) return;
  sale.is_closed = true;
  if (!sale.beacon) draw(sale);
}

void Reference::move_by_time(uint32_t number) {
  const Offering& sale = sales_[number];
  const auto at = deadline(number);
  if (!at || now_ < *at) return;
  if (sale.state == SaleState::kClosed) return archive(number);
  if (sale.state == SaleState::kOpen || sale.state == SaleState::kPaused) return move(number, SaleState::kClosed);
  if (now_ < sale.settings.opens_at) return move(number, SaleState::kPrequeue);
  if (has_passed(sale.beacon)) return move(number, SaleState::kClosed);
  move(number, SaleState::kOpen);
  const bool has_places = sale.settings.queue != QueueKind::kDraw || sale.is_drawn;
  if (sale.settings.entry_rules.review && has_places) move(number, SaleState::kPaused);
}

void Reference::end_sale_of_offer(int index) {
  const Visitor& entry = entries_[static_cast<size_t>(index)];
  if (state_of(entry) == EntryState::kOffered) move_by_time(entry.sale);
}

void Reference::archive(uint32_t number) {
  for (Reservation& hold : holds_) {
    if (hold.sale != number) continue;
    hold.forgotten = true;
    std::erase_if(hold.unexpected, [](const auto& money) { return money.second == MoneyState::kByAttempt; });
  }
  for (Visitor& entry : entries_) entry.forgotten |= entry.sale == number;
  sales_[number].archived = true;
}

Timestamp Reference::next_offer_at(const Offering& sale) const {
  if (!sale.settings.outflow_per_minute || !sale.given_back.empty()) return Timestamp();
  const int64_t span = (sale.paced_offers + 1) * 60'000'000 / *sale.settings.outflow_per_minute;
  return sale.pace_from + Duration::micros(span);
}

void Reference::withdraw(Visitor& entry, EntryState to) {
  if (entry.state == EntryState::kOffered) return end_offer(entry, to);
  entry.state = to;
  entry.claim_until = now_;
}

// Whoever does not come leaves their place in the outflow to somebody else, for one time to claim.
void Reference::end_offer(Visitor& entry, EntryState to) {
  Offering& sale = sales_[entry.sale];
  entry.state = to;
  entry.claim_until = now_;
  if (!sale.settings.outflow_per_minute) return;
  std::erase_if(sale.given_back, [&](Timestamp until) { return until <= now_; });
  const Timestamp until = now_ + Duration::seconds(sale.settings.claim_seconds);
  sale.given_back.push_back(sale.given_back.empty() ? until : std::max(until, sale.given_back.back()));
}

void Reference::offer(uint32_t number) {
  Offering& sale = sales_[number];
  std::erase_if(sale.given_back, [&](Timestamp until) { return until <= now_; });
  if (sale.state != SaleState::kOpen || sale.settings.queue == QueueKind::kNone) return;
  if (sale.settings.queue == QueueKind::kDraw && !sale.is_drawn) return;
  while (available(number) > 0 && now_ >= next_offer_at(sale)) {
    Visitor* first = nullptr;
    for (Visitor& entry : entries_) {
      const bool waits = entry.sale == number && entry.state == EntryState::kWaiting && entry.arrival > 0;
      if (waits && (first == nullptr || position_of(entry) < position_of(*first))) first = &entry;
    }
    if (first == nullptr) return;
    first->state = EntryState::kOffered;
    first->claim_until = now_ + Duration::seconds(sale.settings.claim_seconds);
    EXPECT_GT(position_of(*first), sale.now_serving);
    sale.now_serving = position_of(*first);
    ++sale.offers;
    if (!sale.given_back.empty()) {
      sale.given_back.erase(sale.given_back.begin());
      continue;
    }
    ++sale.paced_offers;
    const Timestamp earliest = now_ - Duration::seconds(1);
    const int64_t rate = sale.settings.outflow_per_minute.value_or(1);
    if (sale.settings.outflow_per_minute &&
        sale.pace_from + Duration::micros(sale.paced_offers * 60'000'000 / rate) >= earliest) {
      continue;
    }
    sale.pace_from = earliest;
    sale.paced_offers = 0;
  }
}

void Reference::note_moments(uint32_t number) {
  Offering& sale = sales_[number];
  if (is_pass(number)) return;
  const bool all_held = available(number) + count(number, EntryState::kOffered) == 0;
  if (all_held && !sale.all_held_at) sale.all_held_at = now_;
  if (count(number, HoldState::kSold) == sale.settings.units && !sale.all_sold_at) sale.all_sold_at = now_;
}

PublicStatus Reference::status_of(uint32_t number) const {
  const Offering& sale = sales_[number];
  const bool has_draw = sale.settings.queue == QueueKind::kDraw;
  return {.sale = SaleNumber(number),
          .state = sale.state,
          .published = sale.published,
          .units = sale.settings.units,
          .available = available(number),
          .offered = count(number, EntryState::kOffered),
          .held = count(number, HoldState::kHeld),
          .paying = count(number, HoldState::kPaying),
          .sold = count(number, HoldState::kSold),
          .waiting = count(number, EntryState::kWaiting),
          .now_serving = sale.now_serving,
          .last_position = sale.last_position,
          .offers = sale.offers,
          .claims = sale.claims,
          .all_held_at = sale.all_held_at.value_or(Timestamp()),
          .all_sold_at = sale.all_sold_at.value_or(Timestamp()),
          .has_draw = has_draw,
          .is_draw_closed = sale.is_closed,
          .is_drawn = sale.is_drawn,
          .drawn = static_cast<uint32_t>(sale.leaves.size()),
          .commitment = has_draw ? sha256(sale.secret) : Digest{},
          .draw_secret = sale.is_drawn ? sale.secret : Digest{},
          .draw_root = sale.is_closed ? root_of(sale.leaves) : Digest{},
          .beacon = BeaconValue(as_bytes(sale.value))};
}

}  // namespace doorbuster::sale
