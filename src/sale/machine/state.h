// The state of all sales of one cell, and the only code that changes it: apply(event).
//
// Holds and entries live in tables of fixed-size records, found by their slot or through an index by (sale, customer);
// the tables grow by segments. State knows no time but what events carry, and no timers: which deadlines there are can
// always be worked out from it (deadline_of), so that a replay has nothing to arm until it is through.
//
// The limits bound what is decided, not what is replayed: a log, or a snapshot, that was written with higher ones is
// taken in whole, and then check_limits() says what it needs.
//
// A snapshot is written in parts while events go on being applied; what it says is the state at its begin (table.h).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/flat_index.h"
#include "base/segmented_array.h"
#include "sale/machine/annotation_table.h"
#include "sale/machine/events.h"
#include "sale/machine/money.h"
#include "sale/machine/operator_requests.h"
#include "sale/machine/records.h"
#include "sale/machine/sale_table.h"
#include "sale/machine/status.h"
#include "sale/machine/table.h"

namespace doorbuster::sale {

// What limits.holds and limits.entries are at most.
inline constexpr uint32_t kRecordsMax = 1'000'000'000;

// Bounds of the tables. They are limits only: memory follows what there is.
struct Capacity {
  uint32_t sales = 1'000;  // that are kept: not archived
  uint32_t holds = 4'000'000;
  uint32_t entries = 4'000'000;
  uint32_t operator_keys = 10'000;  // idempotency keys of operators that are remembered
  uint64_t annotation_bytes = uint64_t{256} << 20;
  uint32_t sale_share_percent = 80;   // of what the other sales leave of holds, entries and annotations (quota.h)
  uint32_t guest_share_percent = 75;  // of each of them, and of each sale's part
};

// The public id of an entry, which its leaf of the draw is made of: 26 characters. Has to give the same for ever.
using EntryNamer = std::function<std::array<char, kEntryIdBytes>(SaleNumber, EntryNumber)>;
// Where nothing has to be kept from guessing: the numbers in hexadecimal.
[[nodiscard]] std::array<char, kEntryIdBytes> plain_entry_name(SaleNumber sale, EntryNumber entry);

class SnapshotCheck;

class State {
 public:
  explicit State(const Capacity& capacity, EntryNamer namer = plain_entry_name, CellId cell = CellId{0});

  // Changes the state by one event that happened at `at`. The event has to fit: it was decided on this very state.
#define DOORBUSTER_APPLY(Name, number) void apply(const Name& event, Timestamp at);
  DOORBUSTER_SALE_EVENTS(DOORBUSTER_APPLY)
#undef DOORBUSTER_APPLY

  // Questions. Slots and numbers come from outside: what does not exist, or is archived, is nullptr.
  [[nodiscard]] const Sale* find_sale(SaleNumber number) const { return sales_.find(number); }
  [[nodiscard]] std::optional<SaleNumber> sale_named(const std::string& id) const;
  [[nodiscard]] const Hold* find_hold(HoldNumber number) const;
  [[nodiscard]] const Entry* find_entry(EntryNumber number) const;
  [[nodiscard]] const Hold& hold_at(uint32_t slot) const { return holds_[slot]; }
  [[nodiscard]] const Entry& entry_at(uint32_t slot) const { return entries_[slot]; }
  // Of a number, as records have it, or of an index: there is one cell's sales only. It has to be kept.
  [[nodiscard]] const Sale& sale_at(uint32_t number) const;
  // Null unless it is archived: its id, which no other sale may have, is all that is left of it.
  [[nodiscard]] const std::string* archived_id(SaleNumber number) const { return sales_.archived_id(number); }
  // How many there ever were, which is one more than the highest index.
  [[nodiscard]] uint32_t sale_count() const { return sales_.end(); }
  [[nodiscard]] uint32_t kept_sales() const { return sales_.kept(); }
  [[nodiscard]] SaleNumber number_of_sale(uint32_t index) const { return sales_.number(index); }
  [[nodiscard]] uint32_t sale_slots() const { return sales_.slots(); }
  [[nodiscard]] SaleNumber sale_at_slot(uint32_t slot) const { return sales_.number_at_slot(slot); }
  // Calls visit(number, sale) for each that is kept, in the order of their numbers.
  template <class Visit>
  void for_each_sale(Visit&& visit) const {
    for (uint32_t index = 0; index < sale_count(); ++index) {
      if (const Sale* sale = find_sale(number_of_sale(index))) visit(number_of_sale(index), *sale);
    }
  }
  [[nodiscard]] uint32_t hold_slots() const { return holds_.size(); }
  [[nodiscard]] uint32_t entry_slots() const { return entries_.size(); }

  // The newest hold, or entry, of a customer in a sale; kNoSlot if there is none.
  [[nodiscard]] uint32_t newest_hold_of(SaleNumber sale, const CustomerHash& customer) const;
  [[nodiscard]] uint32_t entry_of(SaleNumber sale, const CustomerHash& customer) const;
  void prefetch(SaleNumber sale, const CustomerHash& customer) const;

  // The numbers that the next hold, entry and sale get; none if the limit is reached.
  [[nodiscard]] std::optional<HoldNumber> next_hold() const;
  [[nodiscard]] std::optional<EntryNumber> next_entry() const;
  [[nodiscard]] std::optional<SaleNumber> next_sale() const;

  // Whether a kept sale may have one more hold, or entry, of such a customer: kDone, or why not. O(1).
  [[nodiscard]] Outcome room_for_hold(const Sale& sale, CustomerKind kind) const {
    return room_for(kind, shared(capacity_.holds, used_.holds), sale.used.holds);
  }
  [[nodiscard]] Outcome room_for_entry(const Sale& sale, CustomerKind kind) const {
    return room_for(kind, shared(capacity_.entries, used_.entries), sale.used.entries);
  }
  // Whether so much more may be attached to a hold or an entry of theirs.
  [[nodiscard]] Outcome room_for_annotations(const Sale& sale, CustomerKind kind,
                                             const AnnotationsBox& annotations) const {
    if (annotations.empty()) return Outcome::kDone;
    const uint64_t bytes = AnnotationTable::bytes_of(*annotations);
    return room_for(kind, shared(capacity_.annotation_bytes, used_.attached), sale.used.attached, bytes);
  }
  // By all sales.
  [[nodiscard]] const Usages& used() const { return used_; }
  // Whether a table is more than half full: then what came to nothing is forgotten early (retention.h).
  [[nodiscard]] bool is_crowded() const {
    return used_.holds.all > capacity_.holds / 2 || used_.entries.all > capacity_.entries / 2;
  }

  [[nodiscard]] HoldNumber number_of_hold(uint32_t slot) const { return {slot, holds_[slot].generation}; }
  [[nodiscard]] EntryNumber number_of_entry(uint32_t slot) const { return {slot, entries_[slot].generation}; }

  // The first entry that still waits; kNoSlot if nobody does.
  [[nodiscard]] uint32_t first_waiting(SaleNumber sale) const;
  // Whether nobody waits who came before the entry, in the line or for a place in it.
  [[nodiscard]] bool has_passed(const Entry& entry) const;
  // If the entry is the first that waits, in its line or for a place in it: those between it and the next who does.
  [[nodiscard]] std::vector<uint32_t> gone_behind(uint32_t slot) const;
  [[nodiscard]] uint32_t people_ahead(const Entry& entry) const;
  [[nodiscard]] uint32_t position_of(const Entry& entry) const;  // from 1; 0 before the draw
  [[nodiscard]] EntryState state_of(const Entry& entry) const;   // with `missed` worked out

  // Whether a hold ever had the number. It may be forgotten.
  [[nodiscard]] bool was_hold(HoldNumber number) const {
    if (number.slot >= hold_slots()) return false;
    const Hold& now = holds_[number.slot];  // a place that is free has the generation of its next hold
    return number.generation < now.generation + (now.state == HoldState::kFree ? 0 : 1);
  }
  // Whether money is known of already, of a hold that is there.
  [[nodiscard]] bool is_known(uint32_t slot, const MoneyKey& money) const;
  // Null for what has bought something, too.
  [[nodiscard]] const KnownMoney* find_money(const MoneyKey& key) const;
  [[nodiscard]] const KnownMoneyTable& known_money() const { return known_money_; }
  // Of a hold, all its payments together.
  [[nodiscard]] RefundState refund_of(uint32_t slot) const;

  // Of a hold with what it has from its entry. Of what does not exist, or is archived, none.
  [[nodiscard]] AnnotationsBox annotations_of(HoldNumber number) const;
  [[nodiscard]] AnnotationsBox annotations_of(EntryNumber number) const;
  [[nodiscard]] const AnnotationTable& hold_annotations() const { return hold_annotations_; }
  [[nodiscard]] const AnnotationTable& entry_annotations() const { return entry_annotations_; }

  // What an operator's idempotency key was used for.
  [[nodiscard]] const OperatorRequest* operator_request(uint64_t key) const { return operator_requests_.find(key); }

  // The lower half of the fingerprint with which a key started a payment of the hold, whichever that was.
  [[nodiscard]] std::optional<uint32_t> payment_fingerprint(uint32_t hold, uint64_t key) const;

  [[nodiscard]] PublicStatus status_of(SaleNumber sale) const;
  [[nodiscard]] const Capacity& capacity() const { return capacity_; }
  // After a replay: kLimit, with a sentence for each limit that is lower than what there is.
  [[nodiscard]] Result<void> check_limits() const;

  // A snapshot of the state as it is now, of which at most one is under way. save_part() appends the next part, of
  // about so many bytes; false once there is none left, and then the snapshot is over.
  void begin_snapshot();
  static constexpr size_t kPartBytes = size_t{256} << 10;
  [[nodiscard]] bool save_part(std::vector<std::byte>& out, size_t bytes = kPartBytes);
  void drop_snapshot();
  // All parts of a snapshot at once. One that is under way is not disturbed.
  void save(std::vector<std::byte>& out) const;

  // Into a fresh state only: the parts in their order, and then once finish_load(), which looks whether they are a
  // state that there can be. After an error the state is of no use.
  [[nodiscard]] Result<void> load_part(Bytes part);
  [[nodiscard]] Result<void> finish_load();
  [[nodiscard]] Result<void> load(Bytes bytes);  // all parts at once

 private:
  friend struct Tampering;  // tests break promises on purpose, to see that it is noticed

  // To change them.
  Sale& sale_of(SaleNumber number) { return sales_.mutate(number); }
  Sale& sale_of(const Hold& hold) { return sale_of(SaleNumber(hold.sale)); }
  Sale& sale_of(const Entry& entry) { return sale_of(SaleNumber(entry.sale)); }
  Hold& live(HoldNumber number);
  Entry& live(EntryNumber number);
  // Whatever the limits say.
  [[nodiscard]] HoldNumber following_hold() const;
  [[nodiscard]] EntryNumber following_entry() const;
  [[nodiscard]] SharedRoom shared(uint64_t capacity, const Usage& used) const {
    return {capacity, capacity_.sale_share_percent, capacity_.guest_share_percent, used};
  }
  // Into what is used, with what is attached to it; and out of it, before it is forgotten.
  using CountChange = void (Usage::*)(CustomerKind, uint64_t);
  struct Counted {
    Usage Usages::* table;
    CustomerKind kind;
    uint64_t attached;  // bytes
  };
  void count(SaleNumber sale, const Counted& record, CountChange change);
  void count_hold(uint32_t slot, CountChange change);
  void count_entry(uint32_t slot, CountChange change);
  void index_hold(uint32_t slot, uint32_t older);
  void index_entry(uint32_t slot, uint32_t older);
  template <class E>
  void add_entry(const E& event);
  void place_entry(uint32_t slot, uint32_t arrival);
  void stand_last(uint32_t slot);
  [[nodiscard]] AnnotationsBox inherited_by(const Hold& hold) const {
    return hold.entry == kNoSlot ? AnnotationsBox() : entry_annotations_.at(hold.entry);
  }
  [[nodiscard]] uint32_t behind(const Sale& sale, uint32_t slot) const;
  void advance_head(Sale& sale);
  void advance_delayed(Sale& sale);
  void note_departure(const Entry& entry);
  void depart(Entry& entry, EntryState to);
  void withdraw(Entry& entry, EntryState to, Timestamp at);
  void end_offer(Entry& entry, EntryState to, Timestamp at);
  void free_unit(Hold& hold, HoldState to, Timestamp at);
  void settle_entry(const Hold& hold, EntryState to);
  void note_moments(Sale& sale, Timestamp at);
  void forget_hold(uint32_t slot);
  void forget_records(const RecordsForgotten& slots);
  void forget_entry(uint32_t slot);
  void line_up(const std::vector<uint32_t>& line);
  void remember(const Cause& cause, SaleNumber sale);

  // By slot, the keys of the payments before the newest: few holds ever have a second payment. They are saved with the
  // segment of their holds.
  struct PaymentRequest {
    uint64_t key;
    uint32_t fingerprint;
  };
  using OlderPayments = std::map<uint32_t, std::vector<PaymentRequest>>;
  // To change those of one hold.
  OlderPayments& older_payments_of(uint32_t hold) {
    (void)holds_.mutate(hold);
    return older_payments_;
  }

  // What a snapshot begins with, and what all of it has to fit.
  struct SnapshotHead {
    uint32_t sales = 0;  // those that are archived, too
    uint32_t hold_slots = 0;
    uint32_t entry_slots = 0;
    uint32_t free_holds = kNoSlot;
    uint32_t free_entries = kNoSlot;
    uint32_t operator_keys = 0;
    uint32_t known_money = 0;
    template <class Archive>
    void fields(Archive& archive) {
      archive(sales, hold_slots, entry_slots, free_holds, free_entries, operator_keys, known_money);
    }
  };
  [[nodiscard]] SnapshotHead present_head() const;
  void save_sale(uint32_t index, std::vector<std::byte>& out) const;
  void save_holds(uint32_t segment, uint32_t slots, std::vector<std::byte>& out) const;
  void save_entries(uint32_t segment, uint32_t slots, std::vector<std::byte>& out) const;
  void save_operator_keys(uint32_t first, uint32_t count, std::vector<std::byte>& out) const;
  void save_known_money(std::vector<std::byte>& out) const;
  [[nodiscard]] bool save_next_piece(std::vector<std::byte>& out);
  [[nodiscard]] bool load_block(Reader& archive);
  [[nodiscard]] bool load_sale(Reader& archive);
  [[nodiscard]] bool load_archived_sale(Reader& archive);
  [[nodiscard]] bool load_holds(Reader& archive);
  [[nodiscard]] bool load_free_holds(Reader& archive);
  [[nodiscard]] bool load_older_payments(Reader& archive, uint32_t first);
  [[nodiscard]] bool load_buyers(Reader& archive, uint32_t first);
  template <class Record>
  [[nodiscard]] static bool load_annotations(Reader& archive, const Table<Record>& records, uint32_t first,
                                             AnnotationTable& annotations);
  [[nodiscard]] bool load_known_money(Reader& archive);
  [[nodiscard]] bool load_entries(Reader& archive);
  [[nodiscard]] bool load_operator_keys(Reader& archive);
  [[nodiscard]] bool is_loaded() const;
  [[nodiscard]] bool rebuild_indices(const SnapshotCheck& check);

  Capacity capacity_;
  EntryNamer namer_;
  SaleTable sales_;
  Table<Hold> holds_;
  Table<Entry> entries_;
  uint32_t free_holds_ = kNoSlot;
  uint32_t free_entries_ = kNoSlot;
  OlderPayments older_payments_;
  // By slot, the payment that bought it, of those that are sold; saved with the segment of their holds.
  SegmentedArray<uint64_t, kSegmentRecords> bought_with_{kRecordsMax};
  // By slot; saved with the segments of their holds and entries.
  AnnotationTable hold_annotations_;  // what a hold has that its entry has not
  AnnotationTable entry_annotations_;
  KnownMoneyTable known_money_;  // seldom anything
  Usages used_;                  // by all sales
  FlatIndex hold_index_;
  FlatIndex entry_index_;
  OperatorRequests operator_requests_;
  std::optional<SnapshotHead> saving_;   // while a snapshot is under way
  std::optional<SnapshotHead> loading_;  // while one is being loaded
  bool is_head_saved_ = false;
  std::vector<std::byte> saved_money_;  // of the snapshot that is under way, until its turn comes
};

}  // namespace doorbuster::sale
