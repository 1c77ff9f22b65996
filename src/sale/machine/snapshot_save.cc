// The whole state as bytes: what replay starts from (docs/formats/sale-snapshot.md). Two states that are the same give
// the same bytes; indices and counters that follow from the rest are not written but worked out again.
//
// Nothing here takes long: a part is about 256 KiB, and what has to be kept because it is about to change is one
// segment of a table, or one sale without its line.
#include <algorithm>

#include "sale/machine/machine.h"
#include "sale/machine/snapshot_fields.h"

namespace doorbuster::sale {
namespace {

// Those that are written: of a segment, the slots below what the snapshot consists of.
struct Slots {
  uint32_t first;
  uint32_t until;
};
Slots slots_of(uint32_t segment, uint32_t slots) {
  const uint32_t first = segment * kSegmentRecords;
  return {first, std::min(slots, first + kSegmentRecords)};
}

template <class Record, class Append>
void append_records(const Table<Record>& table, Slots slots, size_t bytes_a_record, std::vector<std::byte>& out,
                    const Append& append) {
  const size_t begin = out.size();
  out.resize(begin + (slots.until - slots.first) * bytes_a_record);
  PlacedWriter archive(out.data() + begin);
  for (uint32_t slot = slots.first; slot < slots.until; ++slot) {
    Record copy = table[slot];
    append(archive, copy);
  }
  ASSERT(archive.at() == out.data() + out.size());
}

template <class Record>
void append_whole(const Table<Record>& table, Slots slots, size_t bytes_a_record, std::vector<std::byte>& out) {
  append_records(table, slots, bytes_a_record, out, [](auto& archive, Record& one) { snapshot_fields(archive, one); });
}

template <class Record>
void append_free(const Table<Record>& table, Slots slots, std::vector<std::byte>& out) {
  append_records(table, slots, kFreeSlotBytes, out, [](auto& archive, Record& one) { free_slot_fields(archive, one); });
}

// A segment that is in use has somebody early: this is soon told.
template <class Record>
bool are_all_free(const Table<Record>& table, Slots slots) {
  for (uint32_t slot = slots.first; slot < slots.until; ++slot) {
    if (table[slot].state != decltype(Record::state)::kFree) return false;
  }
  return true;
}

void begin_block(Writer& archive, Block block) { archive(block); }

void save_draw(Writer& archive, const SaleDraw& draw) {
  SaleDraw::Saved saved = draw.saved();
  uint32_t drawn = draw.drawn();
  snapshot_fields(archive, saved);
  archive(drawn);
  for (Digest subtree : draw.tree().subtrees()) archive(subtree);
}

void save_annotations(Writer& archive, const AnnotationTable& annotations, uint32_t segment) {
  uint32_t count = annotations.count(segment);
  archive(count);
  annotations.for_each(segment, [&](uint32_t slot, Annotations of_slot) { archive(slot, of_slot); });
}

template <class Head>
void save_head(Head head, std::vector<std::byte>& out) {
  Writer archive(out);
  uint32_t magic = kSnapshotMagic;
  uint32_t version = Machine::kSnapshotVersion;
  archive(magic, version, head);
}

}  // namespace

State::SnapshotHead State::present_head() const {
  return {.sales = sales_.end(),
          .hold_slots = hold_slots(),
          .entry_slots = entry_slots(),
          .free_holds = free_holds_,
          .free_entries = free_entries_,
          .operator_keys = operator_requests_.size(),
          .known_money = static_cast<uint32_t>(known_money_.size())};
}

// Or the id, of one that is archived.
void State::save_sale(uint32_t index, std::vector<std::byte>& out) const {
  Writer archive(out);
  if (const std::string* id = archived_id(number_of_sale(index))) {
    begin_block(archive, Block::kArchivedSale);
    archive(const_cast<std::string&>(*id));
    return;
  }
  begin_block(archive, Block::kSale);
  const Sale& sale = sale_at(index);
  // Writing changes nothing: an archive takes what it reads and what it writes alike.
  snapshot_fields(archive, const_cast<Sale&>(sale));
  sale.outflow.save(archive);
  if (sale.draw != nullptr) save_draw(archive, *sale.draw);
}

// Of the segment, the slots below `slots`.
void State::save_holds(uint32_t segment, uint32_t slots, std::vector<std::byte>& out) const {
  Writer archive(out);
  const Slots written = slots_of(segment, slots);
  if (are_all_free(holds_, written)) {
    begin_block(archive, Block::kFreeHolds);
    return append_free(holds_, written, out);
  }
  begin_block(archive, Block::kHolds);
  append_whole(holds_, written, kHoldBytes, out);
  const auto begin = older_payments_.lower_bound(written.first);
  const auto end = older_payments_.lower_bound(written.until);
  uint32_t payments = 0;
  std::for_each(begin, end, [&](const auto& older) { payments += static_cast<uint32_t>(older.second.size()); });
  archive(payments);
  std::for_each(begin, end, [&](const auto& older) {
    uint32_t slot = older.first;
    for (PaymentRequest payment : older.second) archive(slot, payment.key, payment.fingerprint);
  });
  for (uint32_t slot = written.first; slot < written.until; ++slot) {
    uint64_t payment = bought_with_[slot];
    if (holds_[slot].state == HoldState::kSold) archive(payment);
  }
  save_annotations(archive, hold_annotations_, segment);
}

void State::save_entries(uint32_t segment, uint32_t slots, std::vector<std::byte>& out) const {
  Writer archive(out);
  const Slots written = slots_of(segment, slots);
  if (are_all_free(entries_, written)) {
    begin_block(archive, Block::kFreeEntries);
    return append_free(entries_, written, out);
  }
  begin_block(archive, Block::kEntries);
  append_whole(entries_, written, kEntryBytes, out);
  save_annotations(archive, entry_annotations_, segment);
}

// In their order, the oldest first.
void State::save_operator_keys(uint32_t first, uint32_t count, std::vector<std::byte>& out) const {
  Writer archive(out);
  begin_block(archive, Block::kOperatorKeys);
  for (uint32_t i = first; i < first + count; ++i) {
    OperatorRequests::Keyed keyed = operator_requests_.in_order()[i];
    archive(keyed.key, keyed.request.fingerprint, keyed.request.sale);
  }
}

// All of it at once: it is seldom more than some bytes.
void State::save_known_money(std::vector<std::byte>& out) const {
  if (known_money_.empty()) return;
  Writer archive(out);
  begin_block(archive, Block::kKnownMoney);
  for (const auto& [key, money] : known_money_) {
    MoneyKey whose = key;
    KnownMoney known = money;
    archive(whose, known);
  }
}

void State::begin_snapshot() {
  ASSERT(!saving_);
  saved_money_.clear();
  save_known_money(saved_money_);
  saving_ = present_head();
  is_head_saved_ = false;
  sales_.begin_snapshot();
  holds_.begin_snapshot();
  entries_.begin_snapshot();
  operator_requests_.begin_snapshot();
}

bool State::save_next_piece(std::vector<std::byte>& out) {
  if (std::exchange(is_head_saved_, true)) {
    if (sales_.pieces().save_next(out) || holds_.pieces().save_next(out) || entries_.pieces().save_next(out) ||
        operator_requests_.pieces().save_next(out)) {
      return true;
    }
    out.insert(out.end(), saved_money_.begin(), saved_money_.end());
    return !std::exchange(saved_money_, {}).empty();
  }
  save_head(*saving_, out);
  return true;
}

bool State::save_part(std::vector<std::byte>& out, size_t bytes) {
  if (!saving_) return false;
  const size_t begin = out.size();
  while (out.size() - begin < bytes && save_next_piece(out)) {
  }
  if (out.size() > begin) return true;
  saving_.reset();
  return false;
}

void State::drop_snapshot() {
  sales_.pieces().drop();
  holds_.pieces().drop();
  entries_.pieces().drop();
  operator_requests_.pieces().drop();
  saved_money_.clear();
  saving_.reset();
}

void State::save(std::vector<std::byte>& out) const {
  const SnapshotHead head = present_head();
  save_head(head, out);
  for (uint32_t index = 0; index < head.sales; ++index) save_sale(index, out);
  for (uint32_t i = 0; i < segments_of(head.hold_slots); ++i) save_holds(i, head.hold_slots, out);
  for (uint32_t i = 0; i < segments_of(head.entry_slots); ++i) save_entries(i, head.entry_slots, out);
  constexpr uint32_t kKeys = OperatorRequests::kKeysAPiece;
  for (uint32_t first = 0; first < head.operator_keys; first += kKeys) {
    save_operator_keys(first, std::min(kKeys, head.operator_keys - first), out);
  }
  save_known_money(out);
}

}  // namespace doorbuster::sale
