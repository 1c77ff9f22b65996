// Forgetting the holds and entries of a sale that was closed long ago.
#include <utility>

#include "sale/machine/record.h"

namespace doorbuster::sale {

// A slice at a time, so that nobody waits for a sale of a million entries to be forgotten: of all sales together so
// many records are looked at, and so many of them forgotten, at one time of the clock. What is forgotten is an event,
// so a replay need not know of slices; after a restart the search begins at the first slot again. Holds go before
// entries, so no hold ever names an entry that is gone.
void Machine::archive_some(SaleNumber number, Step& step) {
  constexpr uint32_t kLooksAtATime = 8'192;
  constexpr uint32_t kRecordsAtATime = 256;
  if (step.now != std::exchange(swept_at_, step.now)) {
    looks_left_ = kLooksAtATime;
    records_left_ = kRecordsAtATime;
  }
  const Sale& sale = state_.sale_at(number.value());
  Sweep& sweep = sweeps_[number];
  const Sweep from = sweep;
  uint32_t found = 0;
  const auto pass = [&](uint32_t& slot, uint32_t slots, const auto& is_of_sale) {
    for (; slot < slots && looks_left_ > 0 && records_left_ > 0 && found < sale.records; ++slot, --looks_left_) {
      if (!is_of_sale(slot)) continue;
      ++found;
      --records_left_;
    }
  };
  pass(sweep.holds, state_.hold_slots(), [&](uint32_t slot) {
    const Hold& hold = state_.hold_at(slot);
    return hold.state != HoldState::kFree && hold.sale == number.value();
  });
  pass(sweep.entries, state_.entry_slots(), [&](uint32_t slot) {
    const Entry& entry = state_.entry_at(slot);
    return entry.state != EntryState::kFree && entry.sale == number.value();
  });
  if (found > 0) record(RecordsForgotten{number, from.holds, sweep.holds, from.entries, sweep.entries}, step);
  if (sale.records > 0) {
    ASSERT(sweep.holds < state_.hold_slots() || sweep.entries < state_.entry_slots());
    return timers_.arm(sale_timer(number), step.now + Duration::millis(1));
  }
  sweeps_.erase(number);
  record(SaleArchived{number}, step);
}

}  // namespace doorbuster::sale
