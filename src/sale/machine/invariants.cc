#include "sale/machine/invariants.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

namespace doorbuster::sale {
namespace {

// What the tables say of one sale, counted from nothing.
struct Counted {
  uint32_t held = 0;
  uint32_t paying = 0;
  uint32_t sold = 0;
  uint32_t offered = 0;
  uint32_t waiting = 0;
  uint32_t delayed = 0;
  uint32_t refunds_due = 0;
  Usages used;
  std::vector<uint32_t> positions;
  // One for each of theirs.
  std::vector<CustomerHash> units_of;
  std::vector<CustomerHash> untried_of;
  std::vector<CustomerHash> tried_of;
  std::vector<CustomerHash> vain_of;
};

template <class Part>
void write_part(std::string& sentence, const Part& part) {
  if constexpr (std::is_integral_v<Part>) {
    sentence += std::to_string(part);
  } else {
    sentence += part;
  }
}

class Inspection {
 public:
  explicit Inspection(const State& state) : state_(state), counted_(state.sale_slots()) {}

  std::vector<std::string> run() {
    for (uint32_t slot = 0; slot < state_.hold_slots(); ++slot) count(state_.hold_at(slot), slot);
    for (uint32_t slot = 0; slot < state_.entry_slots(); ++slot) count(state_.entry_at(slot), slot);
    expect(used_ == state_.used(), "what all sales have of the tables is miscounted");
    for (const auto& [key, money] : state_.known_money()) {
      const Sale* sale = state_.find_sale(SaleNumber(key.sale));
      if (sale != nullptr) counted_[sale->slot].refunds_due += money.state == MoneyState::kDue;
    }
    state_.for_each_sale([&](SaleNumber, const Sale& sale) { inspect(sale); });
    return std::move(broken_);
  }

 private:
  // A sentence is written only if there is something to say: a state is looked at very often.
  template <class... Parts>
  void expect(bool holds, const Parts&... parts) {
    if (holds) return;
    std::string& sentence = broken_.emplace_back();
    (write_part(sentence, parts), ...);
  }

  void expect_nothing_attached(const AnnotationTable& annotations, uint32_t slot) {
    expect(annotations.at(slot).empty(), "something is attached to slot ", slot, ", which is free");
  }

  void count(const Hold& hold, uint32_t slot) {
    if (hold.state == HoldState::kFree) return expect_nothing_attached(state_.hold_annotations(), slot);
    Counted& sale = counted_[state_.sale_at(hold.sale).slot];
    for (Usages* used : {&used_, &sale.used}) {
      used->holds.add(hold.kind);
      used->attached.add(hold.kind, state_.hold_annotations().bytes_at(slot));
    }
    sale.held += hold.state == HoldState::kHeld;
    sale.paying += hold.state == HoldState::kPaying;
    sale.sold += hold.state == HoldState::kSold;
    sale.refunds_due += static_cast<uint32_t>(__builtin_popcount(refunds_due(hold)));
    const bool takes_a_unit =
        hold.state == HoldState::kHeld || hold.state == HoldState::kPaying || hold.state == HoldState::kSold;
    if (takes_a_unit) sale.units_of.push_back(hold.customer);
    if (is_over(hold)) (hold.attempts == 0 ? sale.untried_of : sale.tried_of).push_back(hold.customer);
    expect((hold.state == HoldState::kSold) == (hold.sold_by_attempt != 0),
           "a hold is sold exactly if a payment bought it");
    expect(is_findable(hold, slot), "hold ", slot, " can't be found by its customer");
  }

  [[nodiscard]] bool is_findable(const Hold& hold, uint32_t slot) const {
    uint32_t at = state_.newest_hold_of(SaleNumber(hold.sale), hold.customer);
    while (at != slot && at != kNoSlot) at = state_.hold_at(at).older_of_customer;
    return at == slot;
  }

  void count(const Entry& entry, uint32_t slot) {
    if (entry.state == EntryState::kFree) return expect_nothing_attached(state_.entry_annotations(), slot);
    Counted& sale = counted_[state_.sale_at(entry.sale).slot];
    for (Usages* used : {&used_, &sale.used}) {
      used->entries.add(entry.kind);
      used->attached.add(entry.kind, state_.entry_annotations().bytes_at(slot));
    }
    const EntryState state = state_.state_of(entry);
    sale.waiting += state == EntryState::kWaiting;
    sale.offered += state == EntryState::kOffered;
    if (is_abandoned(entry, state_.sale_at(entry.sale))) sale.vain_of.push_back(entry.customer);
    if (entry.placement != Placement::kPlaced) return count_unplaced(entry, state, slot, sale);
    const uint32_t position = state_.position_of(entry);
    const uint32_t place = position == 0 ? entry.arrival : position;
    sale.positions.push_back(place);
    const uint32_t now_serving = state_.sale_at(entry.sale).now_serving;
    expect(state != EntryState::kWaiting || place > now_serving, "entry ", slot, " still waits behind position ",
           now_serving, ", which was offered a unit");
  }

  void count_unplaced(const Entry& entry, EntryState state, uint32_t slot, Counted& sale) {
    const bool is_gone = state == EntryState::kLeft || state == EntryState::kRemoved;
    const bool is_sound = is_gone || (is_delayed(entry) && entry.until.micros() % 60'000'000 == 0);
    expect(is_sound && entry.arrival == 0 && entry.hold == kNoSlot, "entry ", slot,
           " has no place, and is not what is delayed can be");
    sale.delayed += state == EntryState::kWaiting;
  }

  void inspect_delayed(const Sale& sale, const std::string& name) {
    uint32_t listed = 0;
    uint32_t slot = sale.delayed_head;
    expect(slot == kNoSlot || is_delayed(state_.entry_at(slot)), name, "the first to be placed does not wait");
    for (; slot != kNoSlot && listed <= state_.entry_slots(); slot = state_.entry_at(slot).next_in_queue) {
      listed += is_delayed(state_.entry_at(slot));
    }
    expect(listed == counted_[sale.slot].delayed, name, "somebody who is delayed will never be placed");
  }

  void expect_at_most(uint32_t bound, std::vector<CustomerHash>& customers, const std::string& name,
                      const char* things) {
    std::ranges::sort(customers);
    for (auto first = customers.begin(); first != customers.end();) {
      const auto last = std::find_if(first, customers.end(), [&](const CustomerHash& each) { return each != *first; });
      expect(last - first <= int64_t{bound}, name, "a customer has ", last - first, things);
      first = last;
    }
  }

  void inspect(const Sale& sale) {
    Counted& counted = counted_[sale.slot];
    const std::string name = "sale " + sale.settings.id + ": ";
    expect(sale.used == counted.used, name, "its part of the tables is miscounted");
    std::ranges::sort(counted.positions);
    const auto twice = std::ranges::adjacent_find(counted.positions);
    if (twice != counted.positions.end()) expect(false, name, "position ", *twice, " was given twice");
    if (sale.archived) return;
    const uint64_t units = uint64_t{sale.available} + sale.offered + sale.held + sale.paying + sale.sold;
    expect(units == sale.settings.units, name, "available + offered + held + paying + sold = ", units, ", not ",
           sale.settings.units, " units");
    expect(sale.held == counted.held && sale.paying == counted.paying && sale.sold == counted.sold, name,
           "holds are miscounted");
    expect(sale.offered == counted.offered && sale.waiting == counted.waiting, name, "entries are miscounted");
    expect(sale.refunds_due == counted.refunds_due, name, "refunds are miscounted");
    expect_at_most(sale.settings.per_customer, counted.units_of, name, " units");
    expect_at_most(kMaxUntriedHolds, counted.untried_of, name, " holds that came to nothing");
    expect_at_most(kMaxAbandonedPayments + sale.settings.per_customer, counted.tried_of, name,
                   " holds paid for in vain");
    expect_at_most(kMaxAbandonedEntries, counted.vain_of, name, " entries that came to nothing");
    if (has_short_retention(sale))
      expect(sale.paying + sale.sold + sale.refunds_due == 0, name, "a visit was paid for");
    expect(sale.settings.queue != QueueKind::kNone || sale.last_position == 0, name, "somebody stands in no queue");
    inspect_delayed(sale, name);
    inspect_positions(sale, name, is_line_whole(sale) ? 1 : first_to_be_there(sale));
  }

  // Who is over may be forgotten, but nobody from the first that waits on.
  [[nodiscard]] uint64_t first_to_be_there(const Sale& sale) const {
    return sale.queue_head == kNoSlot ? uint64_t{sale.last_position} + 1 : state_.entry_at(sale.queue_head).arrival;
  }

  void inspect_positions(const Sale& sale, const std::string& name, uint64_t first) {
    const std::vector<uint32_t>& positions = counted_[sale.slot].positions;
    const auto there = std::ranges::count_if(positions, [&](uint32_t position) { return position >= first; });
    const bool ends_well = positions.empty() || positions.back() <= sale.last_position;
    expect(ends_well && static_cast<uint64_t>(there) == uint64_t{sale.last_position} + 1 - first, name,
           "positions are not ", first, " to ", sale.last_position);
  }

  const State& state_;
  std::vector<Counted> counted_;
  Usages used_;
  std::vector<std::string> broken_;
};

}  // namespace

std::vector<std::string> broken_invariants(const State& state) { return Inspection(state).run(); }

}  // namespace doorbuster::sale
