#include "sim/quota_book.h"

#include <algorithm>

namespace doorbuster::sim {

void QuotaBook::expect(bool holds, const char* sentence) const {
  if (!holds) promises_.breaks(sentence);
}

void QuotaBook::hear(const sale::SaleCreated& event, Timestamp) {
  sales_[event.sale].is_pass = event.settings.queue == sale::QueueKind::kPass;
}

void QuotaBook::hear(const sale::SaleMoved& event, Timestamp at) {
  if (event.to == sale::SaleState::kClosed) sales_[event.sale].closed_at = at;
}

template <class Records>
QuotaBook::Count QuotaBook::count_of(const Records& records, std::optional<sale::SaleNumber> sale) {
  Count count;
  for (const auto& [number, record] : records) {
    if (sale && record.sale != *sale) continue;
    ++count.all;
    count.guests += record.kind == sale::CustomerKind::kGuest;
  }
  return count;
}

// With the one that has just come.
template <class Records>
void QuotaBook::check_share(const Records& records, uint32_t capacity, sale::SaleNumber sale, sale::CustomerKind kind,
                            const char* what) const {
  const Count all = count_of(records, std::nullopt);
  const Count own = count_of(records, sale);
  const uint64_t left = capacity - std::min<uint64_t>(capacity, all.all - own.all);
  const uint64_t part = left * capacity_.sale_share_percent / 100;
  const uint64_t reserve = part * (100 - capacity_.guest_share_percent) / 100;
  const std::string name = std::string(" of ") + what;
  const bool is_guest = kind == sale::CustomerKind::kGuest;
  if (own.all > part && (is_guest || own.all - own.guests > reserve)) {
    promises_.breaks("a sale has more than its share" + name);
  }
  if (!is_guest) return;
  if (all.guests * 100 > uint64_t{capacity} * capacity_.guest_share_percent)
    promises_.breaks("guests have more than their share" + name);
  if (own.guests * 100 > part * capacity_.guest_share_percent)
    promises_.breaks("guests have more than their share of a sale's part" + name);
}

void QuotaBook::arrive(sale::EntryNumber number, sale::SaleNumber sale, sale::CustomerKind kind) {
  entries_[number] = {.sale = sale, .kind = kind, .over_since = {}, .hold = {}};
  check_share(entries_, capacity_.entries, sale, kind, "entries");
}

void QuotaBook::hear(const sale::Enrolled& event, Timestamp) { arrive(event.entry, event.sale, event.kind); }
void QuotaBook::hear(const sale::Joined& event, Timestamp) { arrive(event.entry, event.sale, event.kind); }
void QuotaBook::hear(const sale::JoinDelayed& event, Timestamp) { arrive(event.entry, event.sale, event.kind); }

void QuotaBook::end(sale::EntryNumber number, Timestamp at, bool was_removed) {
  entries_[number].over_since = at;
  entries_[number].was_removed = was_removed;
}

void QuotaBook::hear(const sale::OfferLapsed& event, Timestamp at) { end(event.entry, at); }
void QuotaBook::hear(const sale::EntryLeft& event, Timestamp at) { end(event.entry, at); }
void QuotaBook::hear(const sale::EntryRemoved& event, Timestamp at) { end(event.entry, at, true); }

// That nobody has to wait for, or could look for. A visitor's is over for two minutes.
void QuotaBook::hear(const sale::EntryForgotten& event, Timestamp at) {
  const auto found = entries_.find(event.entry);
  if (found == entries_.end()) return promises_.breaks("an entry was forgotten that is not there");
  const Entry& entry = found->second;
  const OfSale& sale = sales_[event.sale];
  const bool has_hold = entry.hold && holds_.contains(*entry.hold);
  const bool is_over = entry.over_since || sale.closed_at;
  expect(is_over && !has_hold, "an entry was forgotten that somebody needs");
  if (is_over && !sale.is_pass) {
    const Timestamp since = std::max(entry.over_since.value_or(Timestamp()), sale.closed_at.value_or(Timestamp()));
    expect(at >= since + sale::kRememberAbandoned, "an entry was forgotten too early");
    expect(!entry.was_removed || sale.closed_at, "somebody who was removed may come back");
  }
  entries_.erase(found);
}

void QuotaBook::hear(const sale::Held& event, Timestamp) {
  holds_[event.hold] = {.sale = event.sale, .kind = event.kind, .entry = event.entry};
  if (event.entry) entries_[*event.entry].hold = event.hold;
  check_share(holds_, capacity_.holds, event.sale, event.kind, "holds");
}

void QuotaBook::end(sale::HoldNumber number, Timestamp at) {
  const auto found = holds_.find(number);
  if (found != holds_.end() && found->second.entry) end(*found->second.entry, at);
}

void QuotaBook::hear(const sale::HoldReleased& event, Timestamp at) { end(event.hold, at); }
void QuotaBook::hear(const sale::HoldExpired& event, Timestamp at) { end(event.hold, at); }
void QuotaBook::hear(const sale::HoldForgotten& event, Timestamp) { holds_.erase(event.hold); }

void QuotaBook::hear(const sale::RecordsForgotten& event, Timestamp) {
  std::erase_if(holds_, [&](const auto& hold) {
    const uint32_t slot = hold.first.slot;
    return hold.second.sale == event.sale && slot >= event.holds_from && slot < event.holds_until;
  });
  std::erase_if(entries_, [&](const auto& entry) {
    const uint32_t slot = entry.first.slot;
    return entry.second.sale == event.sale && slot >= event.entries_from && slot < event.entries_until;
  });
}

void QuotaBook::compare(const sale::State& state) const {
  const auto same = [](const Count& mine, const sale::Usage& theirs) {
    return mine.all == theirs.all && mine.guests == theirs.guests;
  };
  expect(same(count_of(holds_, std::nullopt), state.used().holds), "the state has lost count of its holds");
  expect(same(count_of(entries_, std::nullopt), state.used().entries), "the state has lost count of its entries");
}

}  // namespace doorbuster::sim
