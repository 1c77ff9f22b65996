// The whole state as bytes: what replay starts from (docs/formats/sale-snapshot.md). Two states that are the same give
// the same bytes; indices and counters that follow from the rest are not written but worked out again.
#include <bit>

#include "base/bug_zoo.h"
#include "sale/machine/machine.h"
#include "sale/machine/snapshot_check.h"

namespace doorbuster::sale {
namespace {

constexpr uint32_t kMagic = 0x42445353;  // "SSDB"
constexpr uint32_t kVersion = Machine::kSnapshotVersion;

template <class Archive>
void record(Archive& archive, Hold& hold) {
  archive(hold.customer, hold.expires_at, hold.key, hold.payment_key, hold.fingerprint, hold.payment_fingerprint,
          hold.sale, hold.entry, hold.next_of_customer, hold.generation, hold.state, hold.attempts, hold.succeeded,
          hold.refunded, hold.sold_by_attempt, hold.failed);
}

template <class Archive>
void record(Archive& archive, Entry& entry) {
  archive(entry.customer, entry.claim_until, entry.key, entry.fingerprint, entry.sale, entry.arrival, entry.hold,
          entry.next_in_queue, entry.generation, entry.state);
}

template <class Archive>
void record(Archive& archive, Sale& sale) {
  archive(sale.settings, sale.state, sale.archived, sale.published, sale.available, sale.offered, sale.held,
          sale.paying, sale.sold, sale.waiting, sale.last_position, sale.now_serving, sale.offers, sale.claims,
          sale.queue_head, sale.queue_tail, sale.refunds_due, sale.opened_at, sale.closed_at, sale.claims_until,
          sale.all_held_at, sale.all_sold_at, sale.message);
}

template <class Archive>
void record(Archive& archive, SaleDraw::Saved& draw) {
  archive(draw.secret, draw.is_closed, draw.is_drawn, draw.beacon, draw.value);
}

void save_draw(Writer& archive, const SaleDraw& draw) {
  SaleDraw::Saved saved = draw.saved();
  uint32_t drawn = draw.drawn();
  record(archive, saved);
  archive(drawn);
  for (Digest subtree : draw.tree().subtrees()) archive(subtree);
}

// A beacon's value is there exactly if it was drawn with it; without one, closing is drawing.
bool is_possible(const SaleDraw::Saved& draw) {
  const bool needs_value = draw.beacon && draw.is_drawn;
  if (draw.value.empty() == needs_value || draw.value.size() > kDrawBeaconBytesMax) return false;
  return draw.beacon ? draw.is_closed || !draw.is_drawn : draw.is_closed == draw.is_drawn;
}

// Nothing if it can't be one, with at most so many entries.
std::unique_ptr<SaleDraw> load_draw(Reader& archive, uint32_t entries_max) {
  SaleDraw::Saved saved;
  uint32_t drawn = 0;
  record(archive, saved);
  archive(drawn);
  std::vector<Digest> subtrees(static_cast<size_t>(std::popcount(drawn)));
  for (Digest& subtree : subtrees) archive(subtree);
  if (!archive.ok() || drawn > entries_max || !is_possible(saved)) return nullptr;
  return std::make_unique<SaleDraw>(saved, MerkleFrontier(drawn, std::move(subtrees)));
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
  for (const auto& sale : sales_) {
    record(archive, *sale);
    sale->outflow.save(archive);
    if (sale->draw != nullptr) save_draw(archive, *sale->draw);
  }
  save_all(archive, holds_);
  save_all(archive, entries_);
  auto keys = static_cast<uint32_t>(operator_keys_in_order_.size());
  archive(free_holds, free_entries, keys);
  for (uint64_t key : operator_keys_in_order_) {
    OperatorRequest request = operator_requests_.at(key);
    archive(key, request.fingerprint, request.sale);
  }
  uint32_t payments = 0;
  for (const auto& [hold, older] : older_payments_) payments += static_cast<uint32_t>(older.size());
  archive(payments);
  for (const auto& [hold, older] : older_payments_) {
    for (PaymentRequest payment : older) {
      uint32_t slot = hold;
      archive(slot, payment.key, payment.fingerprint);
    }
  }
}

Result<void> State::load(Bytes bytes) {
  ASSERT(sales_.empty() && holds_.size() == 0 && entries_.size() == 0);
  Reader archive(bytes);
  uint32_t magic = 0;
  uint32_t version = 0;
  archive(magic, version);
  if (magic != kMagic || version != kVersion) {
    return fail(ErrorCode::kCorrupt,
                "the state is not one of version " + std::to_string(kVersion) + " of this program's");
  }
  const bool is_read = load_sales(archive) && load_all(archive, holds_) && load_all(archive, entries_) &&
                       load_operator_keys(archive) && load_older_payments(archive) && archive.left() == 0;
  SnapshotCheck check(*this, free_holds_, free_entries_);
  if (!is_read || !check.passes() || !rebuild_indices(check)) {
    return fail(ErrorCode::kCorrupt, "the state is damaged, or has more sales, holds or entries than [limits] allows");
  }
  return {};
}

bool State::load_sales(Reader& archive) {
  uint32_t count = 0;
  archive(count);
  if (!archive.ok() || count > capacity_.sales) return false;
  for (uint32_t number = 0; number < count; ++number) {
    sales_.push_back(std::make_unique<Sale>());
    Sale& sale = *sales_.back();
    record(archive, sale);
    sale.outflow.load(archive);
    const bool is_new = sale_by_id_.emplace(sale.settings.id, SaleNumber(number)).second;
    if (!archive.ok() || !is_new) return false;
    if (sale.settings.queue != QueueKind::kDraw) continue;
    sale.draw = load_draw(archive, capacity_.entries);
    if (sale.draw == nullptr) return false;
  }
  return true;
}

bool State::load_operator_keys(Reader& archive) {
  uint32_t count = 0;
  archive(free_holds_, free_entries_, count);
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t key = 0;
    OperatorRequest request{};
    archive(key, request.fingerprint, request.sale);
    const bool is_new = operator_requests_.emplace(key, request).second;
    if (!archive.ok() || !is_new || find_sale(request.sale) == nullptr) return false;
    operator_keys_in_order_.push_back(key);
  }
  return archive.ok();
}

// In the order of slots, and no more than were started before each hold's newest.
bool State::load_older_payments(Reader& archive) {
  uint32_t count = 0;
  archive(count);
  uint32_t slot_before = 0;
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

// The indices, and what else follows from the records. The check has shown that every list ends.
bool State::rebuild_indices(const SnapshotCheck& check) {
  for (const uint32_t slot : check.newest_holds()) {
    if (newest_hold_of(SaleNumber(holds_[slot].sale), holds_[slot].customer) != kNoSlot) return false;
    index_hold(slot, kNoSlot);
  }
  for (uint32_t number = 0; number < sale_count(); ++number) {
    Sale& sale = sale_of(SaleNumber(number));
    if (forgets_soon(sale)) {
      const bool is_empty = sale.queue_head == kNoSlot;
      sale.departures = Departures(is_empty ? sale.last_position + 1 : entries_[sale.queue_head].arrival);
    }
    line_up(check.lines()[number]);
  }
  return true;
}

// The entries of a sale, in the order of their arrival.
void State::line_up(const std::vector<uint32_t>& line) {
  for (const uint32_t slot : line) {
    Entry& entry = entries_[slot];
    Sale& sale = sale_of(entry);
    if (sale.departures.counts(entry.arrival)) sale.departures.append();
    if (sale.draw != nullptr) sale.draw->arrive(slot);
    entry.older_of_customer = entry_of(SaleNumber(entry.sale), entry.customer);
    index_entry(slot, entry.older_of_customer);
  }
  for (const uint32_t slot : line) {
    if (bug_planted(Bug::kEarlyLeaversForgotten) && position_of(entries_[slot]) == 0) continue;
    const bool is_counted = sale_of(entries_[slot]).departures.counts(entries_[slot].arrival);
    if (is_counted && entries_[slot].state != EntryState::kWaiting) note_departure(entries_[slot]);
  }
}

}  // namespace doorbuster::sale
