// The fields of what a snapshot consists of, in their order on disk (docs/formats/sale-snapshot.md); once for writing
// and for reading.
#pragma once

#include "sale/machine/archive.h"
#include "sale/machine/records.h"

namespace doorbuster::sale {

inline constexpr uint32_t kSnapshotMagic = 0x42445353;  // "SSDB"

// A snapshot is its head, and then blocks of these kinds: sales of either kind in the order of their numbers, then
// segments of holds and of entries of either kind, the operators' keys, and money that buys nothing. A segment in which
// nobody is any more is written as kFreeHolds or kFreeEntries, and only then: what an old shop starts from is not as
// long as its history.
enum class Block : uint8_t {
  kSale = 1,
  kHolds = 2,
  kEntries = 3,
  kOperatorKeys = 4,
  kArchivedSale = 5,
  kFreeHolds = 6,
  kFreeEntries = 7,
  kKnownMoney = 8
};
constexpr Block last_of(Block) { return Block::kKnownMoney; }

inline constexpr size_t kHoldBytes = 71;
inline constexpr size_t kEntryBytes = 63;
inline constexpr size_t kFreeSlotBytes = 8;

// Of a free slot, the link is the next free one's: the same four bytes.
template <class Archive>
void snapshot_fields(Archive& archive, Hold& hold) {
  archive(hold.customer, hold.until, hold.key, hold.payment_key, hold.fingerprint, hold.payment_fingerprint, hold.sale,
          hold.entry, hold.older_of_customer, hold.generation, hold.state, hold.attempts, hold.succeeded, hold.refunded,
          hold.sold_by_attempt, hold.failed, hold.kind);
}

template <class Archive>
void snapshot_fields(Archive& archive, Entry& entry) {
  archive(entry.customer, entry.until, entry.key, entry.fingerprint, entry.sale, entry.arrival, entry.hold,
          entry.next_in_queue, entry.older_of_customer, entry.generation, entry.state, entry.kind, entry.placement);
}

// All there is to know of a slot that nobody is in: a record that is free has nothing else.
template <class Archive, class Record>
void free_slot_fields(Archive& archive, Record& record) {
  archive(record.generation, record.next_free);
}

template <class Archive>
void snapshot_fields(Archive& archive, Sale& sale) {
  archive(sale.settings, sale.settings.entry_rules, sale.state, sale.archived, sale.published, sale.available,
          sale.offered, sale.held, sale.paying, sale.sold, sale.waiting, sale.last_position, sale.now_serving,
          sale.offers, sale.claims, sale.queue_head, sale.queue_tail, sale.delayed_head, sale.delayed_tail,
          sale.refunds_due, sale.opened_at, sale.closed_at, sale.claims_until, sale.all_held_at, sale.all_sold_at,
          sale.message);
}

template <class Archive>
void snapshot_fields(Archive& archive, SaleDraw::Saved& draw) {
  archive(draw.secret, draw.is_closed, draw.is_drawn, draw.beacon, draw.value);
}

}  // namespace doorbuster::sale
