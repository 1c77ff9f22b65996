// The whole state as bytes: what replay starts from (docs/formats/sale-snapshot.md). Two states that are the same give
// the same bytes; indices and counters that follow from the rest are not written but worked out again.
#include "sale/machine/state.h"

namespace doorbuster::sale {
namespace {

constexpr uint32_t kMagic = 0x42445353;  // "SSDB"
constexpr uint32_t kVersion = 1;

template <class Archive>
void record(Archive& archive, Hold& hold) {
  archive(hold.customer, hold.expires_at, hold.key, hold.payment_key, hold.fingerprint, hold.payment_fingerprint,
          hold.sale, hold.entry, hold.next_of_customer, hold.generation, hold.state, hold.attempts, hold.succeeded,
          hold.refunded, hold.sold_by_attempt, hold.failed);
}

template <class Archive>
void record(Archive& archive, Entry& entry) {
  archive(entry.customer, entry.claim_until, entry.key, entry.fingerprint, entry.sale, entry.position, entry.hold,
          entry.next_in_queue, entry.generation, entry.state);
}

template <class Archive>
void record(Archive& archive, Sale& sale) {
  archive(sale.settings, sale.state, sale.archived, sale.available, sale.offered, sale.held, sale.paying, sale.sold,
          sale.waiting, sale.last_position, sale.now_serving, sale.queue_head, sale.queue_tail, sale.refunds_due,
          sale.opened_at, sale.closed_at, sale.last_offer_at, sale.all_held_at, sale.all_sold_at);
}

template <class Record>
void save_all(Writer& archive, const ReservedArray<Record>& records) {
  auto count = static_cast<uint32_t>(records.size());
  archive(count);
  for (uint32_t slot = 0; slot < count; ++slot) {
    Record copy = records[slot];
    record(archive, copy);
  }
}

template <class Record>
bool load_all(Reader& archive, ReservedArray<Record>& records) {
  uint32_t count = 0;
  archive(count);
  if (!archive.ok() || count > records.capacity()) return false;
  records.grow_to(count);
  for (uint32_t slot = 0; slot < count && archive.ok(); ++slot) record(archive, records[slot]);
  return archive.ok();
}

bool is_slot(uint32_t slot, size_t count) { return slot == kNoSlot || slot < count; }

}  // namespace

void State::save(std::vector<std::byte>& out) const {
  out.reserve(out.size() + holds_.size() * sizeof(Hold) + entries_.size() * sizeof(Entry) + 4096);
  Writer archive(out);
  uint32_t magic = kMagic;
  uint32_t version = kVersion;
  uint32_t sales = sale_count();
  uint32_t free_holds = free_holds_;
  uint32_t free_entries = free_entries_;
  archive(magic, version, sales);
  for (const auto& sale : sales_) record(archive, *sale);
  save_all(archive, holds_);
  save_all(archive, entries_);
  auto keys = static_cast<uint32_t>(operator_keys_in_order_.size());
  archive(free_holds, free_entries, keys);
  for (uint64_t key : operator_keys_in_order_) {
    OperatorRequest request = operator_requests_.at(key);
    archive(key, request.fingerprint, request.sale);
  }
}

Result<void> State::load(Bytes bytes) {
  ASSERT(sales_.empty() && holds_.size() == 0 && entries_.size() == 0);
  Reader archive(bytes);
  uint32_t magic = 0;
  uint32_t version = 0;
  uint32_t sales = 0;
  archive(magic, version, sales);
  if (magic != kMagic || version != kVersion) {
    return fail(ErrorCode::kCorrupt,
                "the snapshot is not one of version 1 of this program: delete it, and the log alone will be replayed");
  }
  if (sales > capacity_.sales)
    return fail(ErrorCode::kLimit, "the snapshot holds more sales than [limits] sales allows: raise it");
  for (uint32_t number = 0; number < sales && archive.ok(); ++number) {
    sales_.push_back(std::make_unique<Sale>());
    record(archive, *sales_.back());
    sale_by_id_.emplace(sales_.back()->settings.id, SaleNumber(number));
  }
  const bool tables_fit = load_all(archive, holds_) && load_all(archive, entries_);
  uint32_t keys = 0;
  archive(free_holds_, free_entries_, keys);
  for (uint32_t i = 0; i < keys && archive.ok(); ++i) load_operator_key(archive);
  if (!tables_fit || !archive.ok() || archive.left() != 0 || !references_hold()) {
    return fail(ErrorCode::kCorrupt,
                "the snapshot is damaged, or holds more holds or entries than [limits] allows: raise the limits, or "
                "delete it and the log "
                "alone will be replayed");
  }
  rebuild_indices();
  return {};
}

void State::load_operator_key(Reader& archive) {
  uint64_t key = 0;
  OperatorRequest request{};
  archive(key, request.fingerprint, request.sale);
  operator_requests_.emplace(key, request);
  operator_keys_in_order_.push_back(key);
}

// Whether every slot that a record names exists.
bool State::references_hold() const {
  bool sound = is_slot(free_holds_, holds_.size()) && is_slot(free_entries_, entries_.size());
  for (const auto& sale : sales_)
    sound = sound && is_slot(sale->queue_head, entries_.size()) && is_slot(sale->queue_tail, entries_.size());
  for (uint32_t slot = 0; slot < hold_slots() && sound; ++slot) {
    const Hold& hold = holds_[slot];
    sound = is_slot(hold.next_of_customer, holds_.size());
    if (hold.state != HoldState::kFree)
      sound = sound && hold.sale < sales_.size() && is_slot(hold.entry, entries_.size());
  }
  for (uint32_t slot = 0; slot < entry_slots() && sound; ++slot) {
    const Entry& entry = entries_[slot];
    sound = is_slot(entry.next_in_queue, entries_.size());
    if (entry.state == EntryState::kFree) continue;
    sound = sound && entry.sale < sales_.size() && is_slot(entry.hold, holds_.size()) && entry.position >= 1 &&
            entry.position <= sales_[entry.sale]->last_position && sales_[entry.sale]->last_position <= entries_.size();
  }
  return sound;
}

void State::rebuild_indices() {
  // A customer's newest hold is the one that no other names as its next.
  std::vector<bool> is_older(holds_.size());
  for (uint32_t slot = 0; slot < hold_slots(); ++slot) {
    const Hold& hold = holds_[slot];
    if (hold.state != HoldState::kFree && hold.next_of_customer != kNoSlot) is_older[hold.next_of_customer] = true;
  }
  for (uint32_t slot = 0; slot < hold_slots(); ++slot) {
    if (holds_[slot].state != HoldState::kFree && !is_older[slot]) index_hold(slot, kNoSlot);
  }
  for (const auto& sale : sales_) {
    while (!sale->archived && sale->departures.size() < sale->last_position) sale->departures.append();
  }
  for (uint32_t slot = 0; slot < entry_slots(); ++slot) {
    const Entry& entry = entries_[slot];
    if (entry.state == EntryState::kFree) continue;
    if (entry.state != EntryState::kWaiting) sale_of(entry).departures.note(entry.position);
    const uint32_t other = entry_of(SaleNumber(entry.sale), entry.customer);
    if (other == kNoSlot || entries_[other].position < entry.position) index_entry(slot, other);
  }
}

}  // namespace doorbuster::sale
