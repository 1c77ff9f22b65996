// A state from the parts of a snapshot. A checksum has told that the bytes are the ones that were written; here every
// number is held to be one that there can be, and once all is read SnapshotCheck looks whether it fits together.
#include <algorithm>
#include <bit>

#include "base/bug_zoo.h"
#include "sale/machine/machine.h"
#include "sale/machine/snapshot_check.h"
#include "sale/machine/snapshot_fields.h"

namespace doorbuster::sale {
namespace {

// A beacon's value is there exactly if it was drawn with it; without one, closing is drawing.
bool is_possible(const SaleDraw::Saved& draw) {
  const bool needs_value = draw.beacon && draw.is_drawn;
  if (draw.value.empty() == needs_value || draw.value.size() > kDrawBeaconBytesMax) return false;
  return draw.beacon ? draw.is_closed || !draw.is_drawn : draw.is_closed == draw.is_drawn;
}

// Nothing if it can't be one.
std::unique_ptr<SaleDraw> load_draw(Reader& archive) {
  SaleDraw::Saved saved;
  uint32_t drawn = 0;
  snapshot_fields(archive, saved);
  archive(drawn);
  std::vector<Digest> subtrees(static_cast<size_t>(std::popcount(drawn)));
  for (Digest& subtree : subtrees) archive(subtree);
  if (!archive.ok() || drawn > kRecordsMax || !is_possible(saved)) return nullptr;
  return std::make_unique<SaleDraw>(saved, MerkleFrontier(drawn, std::move(subtrees)));
}

// The next segment of a table that will have `size` records.
template <class Record, class Load>
bool load_records(Table<Record>& table, uint32_t size, const Load& load) {
  const uint32_t first = table.size();
  const uint32_t count = std::min(size - first, kSegmentRecords);
  if (count == 0) return false;
  table.grow_to(first + count);
  for (uint32_t slot = first; slot < first + count; ++slot) load(table.mutate(slot));
  return true;
}

template <class Record>
bool load_segment(Reader& archive, Table<Record>& table, uint32_t size) {
  bool is_in_use = false;
  const bool is_there = load_records(table, size, [&](Record& record) {
    snapshot_fields(archive, record);
    is_in_use |= record.state != decltype(Record::state)::kFree;
  });
  return is_there && is_in_use && archive.ok();
}

template <class Record>
bool load_free_segment(Reader& archive, Table<Record>& table, uint32_t size) {
  return load_records(table, size, [&](Record& record) { free_slot_fields(archive, record); }) && archive.ok();
}

Result<void> damaged() { return fail(ErrorCode::kCorrupt, "the state is damaged"); }

}  // namespace

Result<void> State::load_part(Bytes part) {
  Reader archive(part);
  if (!loading_) {
    ASSERT(sales_.end() == 0 && holds_.size() == 0 && entries_.size() == 0);
    uint32_t magic = 0;
    uint32_t version = 0;
    loading_ = SnapshotHead{};
    archive(magic, version, *loading_);
    if (magic != kSnapshotMagic || version != Machine::kSnapshotVersion) {
      return fail(ErrorCode::kCorrupt, "the state is not one of version " + std::to_string(Machine::kSnapshotVersion) +
                                           " of this program's");
    }
    const bool is_possible = loading_->sales <= kSalesACellMax && loading_->hold_slots <= kRecordsMax &&
                             loading_->entry_slots <= kRecordsMax;
    if (!archive.ok() || !is_possible) return damaged();
    free_holds_ = loading_->free_holds;
    free_entries_ = loading_->free_entries;
  }
  while (archive.left() > 0) {
    if (!load_block(archive)) return damaged();
  }
  return {};
}

// Each only once all of the kind before it have been read.
bool State::load_block(Reader& archive) {
  Block block{};
  archive(block);
  const bool has_sales = sales_.end() == loading_->sales;
  const bool has_holds = has_sales && holds_.size() == loading_->hold_slots;
  const bool has_entries = has_holds && entries_.size() == loading_->entry_slots;
  switch (block) {
    case Block::kSale:
      return !has_sales && load_sale(archive);
    case Block::kArchivedSale:
      return !has_sales && load_archived_sale(archive);
    case Block::kHolds:
      return has_sales && load_holds(archive);
    case Block::kFreeHolds:
      return has_sales && load_free_holds(archive);
    case Block::kEntries:
      return has_holds && load_entries(archive);
    case Block::kFreeEntries:
      return has_holds && load_free_segment(archive, entries_, loading_->entry_slots);
    case Block::kOperatorKeys:
      return has_entries && load_operator_keys(archive);
    case Block::kKnownMoney:
      return has_entries && loading_->operator_keys == 0 && load_known_money(archive);
  }
  return false;
}

bool State::load_sale(Reader& archive) {
  auto sale = std::make_unique<Sale>();
  snapshot_fields(archive, *sale);
  sale->outflow.load(archive);
  if (!archive.ok()) return false;
  if (sale->settings.queue == QueueKind::kDraw) {
    sale->draw = load_draw(archive);
    if (sale->draw == nullptr) return false;
  }
  return sales_.add(std::move(sale));
}

bool State::load_archived_sale(Reader& archive) {
  std::string id;
  archive(id);
  return archive.ok() && sales_.add_archived(id);
}

bool State::load_holds(Reader& archive) {
  const uint32_t first = holds_.size();
  if (!load_segment(archive, holds_, loading_->hold_slots)) return false;
  bought_with_.grow_to(holds_.size());
  return load_older_payments(archive, first) && load_buyers(archive, first) &&
         load_annotations(archive, holds_, first, hold_annotations_);
}

// Of the segment that begins at `first`: in the order of slots.
template <class Record>
bool State::load_annotations(Reader& archive, const Table<Record>& records, uint32_t first,
                             AnnotationTable& annotations) {
  uint32_t count = 0;
  archive(count);
  for (uint32_t after = first; count > 0; --count) {
    uint32_t slot = 0;
    Annotations of_slot;
    archive(slot, of_slot);
    const bool is_in_order = slot >= after && slot < records.size();
    if (!archive.ok() || !is_in_order || records[slot].state == decltype(Record::state)::kFree) return false;
    if (of_slot.empty() || !is_bounded(of_slot)) return false;
    annotations.set(slot, of_slot);
    after = slot + 1;
  }
  return true;
}

bool State::load_free_holds(Reader& archive) {
  if (!load_free_segment(archive, holds_, loading_->hold_slots)) return false;
  bought_with_.grow_to(holds_.size());
  return true;
}

// The payments that have bought something, of the segment that begins at `first`.
bool State::load_buyers(Reader& archive, uint32_t first) {
  for (uint32_t slot = first; slot < hold_slots(); ++slot) {
    if (holds_[slot].state != HoldState::kSold) continue;
    archive(bought_with_[slot]);
    if (!archive.ok() || bought_with_[slot] == 0) return false;
  }
  return true;
}

// In the order of their keys, all at once. SnapshotCheck looks whether there may be such money.
bool State::load_known_money(Reader& archive) {
  if (loading_->known_money == 0) return false;
  for (; loading_->known_money > 0; --loading_->known_money) {
    MoneyKey key;
    KnownMoney money;
    archive(key, money);
    const bool is_in_order = known_money_.empty() || known_money_.rbegin()->first < key;
    if (!archive.ok() || !is_in_order) return false;
    known_money_.emplace_hint(known_money_.end(), key, money);
  }
  return true;
}

// Of the segment that begins at `first`: in the order of slots, and no more than were started before each hold's
// newest.
bool State::load_older_payments(Reader& archive, uint32_t first) {
  uint32_t count = 0;
  archive(count);
  uint32_t slot_before = first;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t slot = 0;
    PaymentRequest payment{};
    archive(slot, payment.key, payment.fingerprint);
    const bool is_in_order = slot >= slot_before && slot < hold_slots();
    if (!archive.ok() || !is_in_order || holds_[slot].state == HoldState::kFree) return false;
    std::vector<PaymentRequest>& older = older_payments_[slot];
    older.push_back(payment);
    if (older.size() >= holds_[slot].attempts) return false;
    slot_before = slot;
  }
  return archive.ok();
}

bool State::load_entries(Reader& archive) {
  const uint32_t first = entries_.size();
  return load_segment(archive, entries_, loading_->entry_slots) &&
         load_annotations(archive, entries_, first, entry_annotations_);
}

// Of more than are remembered, the oldest are forgotten again.
bool State::load_operator_keys(Reader& archive) {
  const uint32_t count = std::min(loading_->operator_keys, OperatorRequests::kKeysAPiece);
  loading_->operator_keys -= count;  // so many are left
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t key = 0;
    OperatorRequest request{};
    archive(key, request.fingerprint, request.sale);
    if (!archive.ok() || !sales_.has(request.sale) || !operator_requests_.remember(key, request)) return false;
  }
  return count > 0;
}

bool State::is_loaded() const {
  return loading_ && sales_.end() == loading_->sales && holds_.size() == loading_->hold_slots &&
         entries_.size() == loading_->entry_slots && loading_->operator_keys == 0 && loading_->known_money == 0;
}

Result<void> State::finish_load() {
  SnapshotCheck check(*this, free_holds_, free_entries_);
  if (!is_loaded() || !check.passes() || !rebuild_indices(check)) return damaged();
  loading_.reset();
  return {};
}

Result<void> State::load(Bytes bytes) {
  TRY(load_part(bytes));
  return finish_load();
}

// The indices, and what else follows from the records. The check has shown that every list ends.
bool State::rebuild_indices(const SnapshotCheck& check) {
  for (const uint32_t slot : check.newest_holds()) {
    if (newest_hold_of(SaleNumber(holds_[slot].sale), holds_[slot].customer) != kNoSlot) return false;
    index_hold(slot, kNoSlot);
  }
  for (const uint32_t slot : check.newest_entries()) {
    if (entry_of(SaleNumber(entries_[slot].sale), entries_[slot].customer) != kNoSlot) return false;
    index_entry(slot, kNoSlot);
  }
  for (uint32_t slot = 0; slot < hold_slots(); ++slot) {
    if (holds_[slot].state != HoldState::kFree) count_hold(slot, &Usage::add);
  }
  for (uint32_t slot = 0; slot < entry_slots(); ++slot) {
    if (entries_[slot].state != EntryState::kFree) count_entry(slot, &Usage::add);
  }
  for_each_sale([&](SaleNumber number, const Sale& sale) {
    // Behind a line that may have gaps: nobody there waits.
    if (!is_line_whole(sale)) {
      const bool is_empty = sale.queue_head == kNoSlot;
      sale_of(number).departures = Departures(is_empty ? sale.last_position + 1 : entries_[sale.queue_head].arrival);
    }
    line_up(check.lines()[sale.slot]);
  });
  return true;
}

// The entries of a sale that have a place, in the order of their arrival.
void State::line_up(const std::vector<uint32_t>& line) {
  for (const uint32_t slot : line) {
    const Entry& entry = entries_[slot];
    Sale& sale = sale_of(entry);
    if (sale.departures.counts(entry.arrival)) sale.departures.append();
    if (is_line_whole(sale)) sale.draw->arrive(slot);
  }
  for (const uint32_t slot : line) {
    if (bug_planted(Bug::kEarlyLeaversForgotten) && position_of(entries_[slot]) == 0) continue;
    const bool is_counted = sale_of(entries_[slot]).departures.counts(entries_[slot].arrival);
    if (is_counted && entries_[slot].state != EntryState::kWaiting) note_departure(entries_[slot]);
  }
}

}  // namespace doorbuster::sale
