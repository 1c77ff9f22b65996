#include "sale/machine/state.h"

#include <algorithm>
#include <bit>

#include "base/bug_zoo.h"

namespace doorbuster::sale {
namespace {

constinit const std::optional<Beacon> kNoBeacon;

// Customers' hashes are uniform already; the sale is mixed in so that a customer's sales fall apart.
uint64_t index_hash(uint32_t sale, const CustomerHash& customer) {
  return customer.low ^ ((uint64_t{sale} + 1) * 0x9E3779B97F4A7C15) ^ std::rotl(customer.high, 32);
}

template <class Record>
auto same_customer(const Table<Record>& records, SaleNumber sale, const CustomerHash& customer) {
  return [&records, sale, customer](uint32_t slot) {
    return records[slot].sale == sale.value() && records[slot].customer == customer;
  };
}

// Takes a record out of its customer's list, which goes from the newest to the oldest and is found by the index.
template <class Record>
void unlink_from_customer(Table<Record>& records, uint32_t Record::* older, FlatIndex& index, uint32_t slot,
                          uint32_t newest) {
  const Record& record = records[slot];
  const uint64_t hash = index_hash(record.sale, record.customer);
  if (newest != slot) {
    uint32_t at = newest;
    while (records[at].*older != slot) at = records[at].*older;
    records.mutate(at).*older = record.*older;
  } else if (record.*older == kNoSlot) {
    index.erase(hash, slot);
  } else {
    index.replace(hash, slot, record.*older);
  }
}

}  // namespace

const std::optional<Beacon>& beacon_of(const Sale& sale) {
  return sale.draw != nullptr ? sale.draw->beacon() : kNoBeacon;
}

std::array<char, kEntryIdBytes> plain_entry_name(SaleNumber sale, EntryNumber entry) {
  std::array<char, kEntryIdBytes> name;
  name.fill('0');
  uint64_t high = sale.value();
  uint64_t low = entry.packed();
  for (size_t i = 0; i < 16; ++i, low >>= 4) name[kEntryIdBytes - 1 - i] = "0123456789abcdef"[low & 15];
  for (size_t i = 0; i < 8; ++i, high >>= 4) name[kEntryIdBytes - 17 - i] = "0123456789abcdef"[high & 15];
  return name;
}

State::State(const Capacity& capacity, EntryNamer namer, CellId cell)
    : capacity_(capacity),
      namer_(std::move(namer)),
      sales_(cell, [this](uint32_t index, auto& out) { save_sale(index, out); }),
      holds_(kRecordsMax, [this](uint32_t segment, auto& out) { save_holds(segment, saving_->hold_slots, out); }),
      entries_(kRecordsMax, [this](uint32_t segment, auto& out) { save_entries(segment, saving_->entry_slots, out); }),
      hold_index_(kRecordsMax),
      entry_index_(kRecordsMax),
      operator_requests_(capacity.operator_keys, [this](uint32_t piece, auto& out) {
        const uint32_t left = saving_->operator_keys - piece * OperatorRequests::kKeysAPiece;
        save_operator_keys(operator_requests_.begin_of(piece), std::min(left, OperatorRequests::kKeysAPiece), out);
      }) {}

const Sale& State::sale_at(uint32_t number) const {
  const Sale* sale = sales_.find(number_of_sale(index_of(SaleNumber(number))));
  ASSERT(sale != nullptr);
  return *sale;
}

std::optional<SaleNumber> State::sale_named(const std::string& id) const { return sales_.named(id); }

const Hold* State::find_hold(HoldNumber number) const {
  if (number.slot >= holds_.size()) return nullptr;
  const Hold& hold = holds_[number.slot];
  if (hold.generation != number.generation || hold.state == HoldState::kFree) return nullptr;
  return sale_at(hold.sale).archived ? nullptr : &hold;
}

const Entry* State::find_entry(EntryNumber number) const {
  if (number.slot >= entries_.size()) return nullptr;
  const Entry& entry = entries_[number.slot];
  if (entry.generation != number.generation || entry.state == EntryState::kFree) return nullptr;
  return sale_at(entry.sale).archived ? nullptr : &entry;
}

Hold& State::live(HoldNumber number) {
  ASSERT(find_hold(number) != nullptr);
  return holds_.mutate(number.slot);
}

Entry& State::live(EntryNumber number) {
  ASSERT(find_entry(number) != nullptr);
  return entries_.mutate(number.slot);
}

uint32_t State::newest_hold_of(SaleNumber sale, const CustomerHash& customer) const {
  return hold_index_.find(index_hash(sale.value(), customer), same_customer(holds_, sale, customer)).value_or(kNoSlot);
}

uint32_t State::entry_of(SaleNumber sale, const CustomerHash& customer) const {
  return entry_index_.find(index_hash(sale.value(), customer), same_customer(entries_, sale, customer))
      .value_or(kNoSlot);
}

void State::prefetch(SaleNumber sale, const CustomerHash& customer) const {
  const uint64_t hash = index_hash(sale.value(), customer);
  hold_index_.prefetch(hash);
  entry_index_.prefetch(hash);
}

HoldNumber State::following_hold() const {
  if (free_holds_ != kNoSlot) return {free_holds_, holds_[free_holds_].generation};
  return {hold_slots(), 0};
}

EntryNumber State::following_entry() const {
  if (free_entries_ != kNoSlot) return {free_entries_, entries_[free_entries_].generation};
  return {entry_slots(), 0};
}

std::optional<HoldNumber> State::next_hold() const {
  if (free_holds_ == kNoSlot && hold_slots() >= capacity_.holds) return std::nullopt;
  return following_hold();
}

std::optional<EntryNumber> State::next_entry() const {
  if (free_entries_ == kNoSlot && entry_slots() >= capacity_.entries) return std::nullopt;
  return following_entry();
}

// Those that are archived keep their numbers, which a cell has no more than so many of.
std::optional<SaleNumber> State::next_sale() const {
  const uint32_t archived = sales_.end() - sales_.kept();
  if (sales_.kept() >= std::min(capacity_.sales, kSalesACellMax - archived)) return std::nullopt;
  return number_of_sale(sale_count());
}

// Of holds and entries those count for which there is a place: it stays when they are forgotten, for the next.
Result<void> State::check_limits() const {
  std::string sentences;
  const auto check = [&](const std::string& name, uint64_t limit, uint64_t needed, const std::string& what) {
    if (needed <= limit) return;
    if (!sentences.empty()) sentences += '\n';
    sentences += "limits." + name + " is " + std::to_string(limit) + ", but cell " +
                 std::to_string(cell_of(number_of_sale(0)).value()) + " of the data folder " + what + ": set limits." +
                 name + " = " + std::to_string(needed) + " or more (--limits-" + name + "); nothing was changed";
  };
  const auto places = [](uint32_t count, const std::string& of) {
    return "has places for " + std::to_string(count) + " " + of + ", as many as were once kept at the same time";
  };
  check("sales", capacity_.sales, kept_sales(), "keeps " + std::to_string(kept_sales()) + " sales");
  check("holds", capacity_.holds, hold_slots(), places(hold_slots(), "holds and orders"));
  check("entries", capacity_.entries, entry_slots(), places(entry_slots(), "entries in queues"));
  check("annotation_bytes", capacity_.annotation_bytes, used_.attached.all,
        "keeps " + std::to_string(used_.attached.all) + " bytes that are attached to holds and entries");
  if (sentences.empty()) return {};
  return fail(ErrorCode::kLimit, sentences);
}

uint32_t State::first_waiting(SaleNumber number) const {
  const Sale& sale = sale_at(number.value());
  return bug_planted(Bug::kOfferOutOfOrder) ? sale.queue_tail : sale.queue_head;
}

bool State::has_passed(const Entry& entry) const {
  if (entry.placement != Placement::kPlaced) return entry.placement == Placement::kNever;
  const uint32_t head = sale_at(entry.sale).queue_head;
  return head == kNoSlot || entries_[head].arrival > entry.arrival;
}

std::vector<uint32_t> State::gone_behind(uint32_t slot) const {
  std::vector<uint32_t> gone;
  const bool is_there = slot < entry_slots() && entries_[slot].state != EntryState::kFree;
  if (!is_there) return gone;
  const Sale& sale = sale_at(entries_[slot].sale);
  if (sale.queue_head != slot && sale.delayed_head != slot) return gone;
  for (slot = entries_[slot].next_in_queue; slot != kNoSlot && entries_[slot].state != EntryState::kWaiting;
       slot = entries_[slot].next_in_queue) {
    gone.push_back(slot);
  }
  return gone;
}

uint32_t State::people_ahead(const Entry& entry) const {
  const uint32_t position = position_of(entry);
  if (state_of(entry) != EntryState::kWaiting || position == 0) return 0;
  return position - 1 - sale_at(entry.sale).departures.up_to(position - 1);
}

uint32_t State::position_of(const Entry& entry) const {
  const Sale& sale = sale_at(entry.sale);
  if (sale.draw == nullptr || entry.placement != Placement::kPlaced) return entry.arrival;
  return sale.draw->is_drawn() ? sale.draw->place_of(entry.arrival) : 0;
}

// Who stands at the next position.
uint32_t State::behind(const Sale& sale, uint32_t slot) const {
  if (sale.draw == nullptr) return entries_[slot].next_in_queue;
  return sale.draw->slot_at(position_of(entries_[slot]) + 1).value_or(kNoSlot);
}

EntryState State::state_of(const Entry& entry) const {
  const bool in_line = entry.state == EntryState::kWaiting || entry.state == EntryState::kOffered;
  return in_line && sale_at(entry.sale).state == SaleState::kClosed ? EntryState::kMissed : entry.state;
}

std::optional<uint32_t> State::payment_fingerprint(uint32_t slot, uint64_t key) const {
  if (holds_[slot].payment_key == key) return holds_[slot].payment_fingerprint;
  const auto older = older_payments_.find(slot);
  if (older == older_payments_.end()) return std::nullopt;
  const auto found = std::ranges::find(older->second, key, &PaymentRequest::key);
  return found == older->second.end() ? std::nullopt : std::optional(found->fingerprint);
}

bool State::is_known(uint32_t slot, const MoneyKey& money) const {
  const bool bought_it = holds_[slot].sold_by_attempt == money.attempt && bought_with_[slot] == money.payment;
  return bought_it || find_money(money) != nullptr;
}

const KnownMoney* State::find_money(const MoneyKey& key) const {
  const auto found = known_money_.find(key);
  return found == known_money_.end() ? nullptr : &found->second;
}

RefundState State::refund_of(uint32_t slot) const {
  const Hold& hold = holds_[slot];
  bool is_due = refunds_due(hold) != 0;
  bool is_paid_back = hold.refunded != 0;
  const uint64_t number = number_of_hold(slot).packed();
  auto money = known_money_.lower_bound({.sale = hold.sale, .hold = number});
  for (; money != known_money_.end() && money->first.sale == hold.sale && money->first.hold == number; ++money) {
    is_due |= money->second.state == MoneyState::kDue;
    is_paid_back |= money->second.state == MoneyState::kReturned;
  }
  if (is_due) return RefundState::kDue;
  return is_paid_back ? RefundState::kDone : RefundState::kNone;
}

AnnotationsBox State::annotations_of(HoldNumber number) const {
  const Hold* hold = find_hold(number);
  return hold == nullptr ? AnnotationsBox() : merged(hold_annotations_.at(number.slot), inherited_by(*hold));
}

AnnotationsBox State::annotations_of(EntryNumber number) const {
  return find_entry(number) == nullptr ? AnnotationsBox() : entry_annotations_.at(number.slot);
}

void State::remember(const Cause& cause, SaleNumber sale) {
  const Idempotency& used = cause.idempotency;
  if (used.key == 0) return;
  operator_requests_.forget(used.key);  // a log that was written with a lower limit had done so before
  ASSERT(operator_requests_.remember(used.key, {used.fingerprint, sale}));
}

PublicStatus State::status_of(SaleNumber number) const {
  const Sale& sale = sale_at(number.value());
  const SaleDraw* draw = sale.draw.get();
  const bool is_closed = draw != nullptr && draw->is_closed();
  const bool is_drawn = is_closed && draw->is_drawn();
  return {.sale = number,
          .state = sale.state,
          .published = sale.published,
          .units = sale.settings.units,
          .available = sale.available,
          .offered = sale.offered,
          .held = sale.held,
          .paying = sale.paying,
          .sold = sale.sold,
          .waiting = sale.waiting,
          .now_serving = sale.now_serving,
          .last_position = sale.last_position,
          .offers = sale.offers,
          .claims = sale.claims,
          .all_held_at = sale.all_held_at.value_or(Timestamp()),
          .all_sold_at = sale.all_sold_at.value_or(Timestamp()),
          .has_draw = draw != nullptr,
          .is_draw_closed = is_closed,
          .is_drawn = is_drawn,
          .drawn = draw == nullptr ? 0 : draw->drawn(),
          .commitment = draw == nullptr ? Digest{} : draw->commitment(),
          .draw_secret = is_drawn ? draw->secret() : Digest{},
          .draw_root = is_closed ? draw->root() : Digest{},
          .beacon = is_drawn ? draw->value() : BeaconValue()};
}

Timestamp placement_due(const Entry& entry, const Sale& sale) {
  if (gives_places(sale)) return entry.until;
  const std::optional<Beacon>& beacon = beacon_of(sale);
  return std::max(entry.until, beacon ? beacon->published_at : sale.settings.opens_at);
}

Timestamp claim_end(const Entry& entry, const Sale& sale) { return std::max(entry.until, sale.claims_until); }

// A customer's newest record takes the place of the one before, if there is one.
void State::index_hold(uint32_t slot, uint32_t older) {
  const uint64_t hash = index_hash(holds_[slot].sale, holds_[slot].customer);
  older == kNoSlot ? hold_index_.insert(hash, slot) : hold_index_.replace(hash, older, slot);
}

void State::index_entry(uint32_t slot, uint32_t older) {
  const uint64_t hash = index_hash(entries_[slot].sale, entries_[slot].customer);
  older == kNoSlot ? entry_index_.insert(hash, slot) : entry_index_.replace(hash, older, slot);
}

void State::count(SaleNumber sale, const Counted& record, CountChange change) {
  for (Usages* usages : {&used_, &sale_of(sale).used}) {
    ((usages->*record.table).*change)(record.kind, 1);
    (usages->attached.*change)(record.kind, record.attached);
  }
}

void State::count_hold(uint32_t slot, CountChange change) {
  const Hold& hold = holds_[slot];
  count(SaleNumber(hold.sale), {&Usages::holds, hold.kind, hold_annotations_.bytes_at(slot)}, change);
}

void State::count_entry(uint32_t slot, CountChange change) {
  const Entry& entry = entries_[slot];
  count(SaleNumber(entry.sale), {&Usages::entries, entry.kind, entry_annotations_.bytes_at(slot)}, change);
}

void State::forget_hold(uint32_t slot) {
  const uint32_t newest = newest_hold_of(SaleNumber(holds_[slot].sale), holds_[slot].customer);
  unlink_from_customer(holds_, &Hold::older_of_customer, hold_index_, slot, newest);
  older_payments_of(slot).erase(slot);
  count_hold(slot, &Usage::remove);
  Hold& hold = holds_.mutate(slot);
  bought_with_[slot] = 0;
  if (!bug_planted(Bug::kAnnotationsOutliveTheirHold)) hold_annotations_.erase(slot);
  hold = Hold{.next_free = free_holds_, .generation = hold.generation + 1, .state = HoldState::kFree};
  free_holds_ = slot;
}

void State::forget_entry(uint32_t slot) {
  const uint32_t newest = entry_of(SaleNumber(entries_[slot].sale), entries_[slot].customer);
  unlink_from_customer(entries_, &Entry::older_of_customer, entry_index_, slot, newest);
  count_entry(slot, &Usage::remove);
  Entry& entry = entries_.mutate(slot);
  entry_annotations_.erase(slot);
  entry = Entry{.next_free = free_entries_, .generation = entry.generation + 1, .state = EntryState::kFree};
  free_entries_ = slot;
}

}  // namespace doorbuster::sale
