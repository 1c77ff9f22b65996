#include <utility>

#include "sale/machine/archiving.h"
#include "sale/machine/step.h"

namespace doorbuster::sale {

// A slice at a time, so that nobody waits for a sale of a million entries to be forgotten: of all sales together so
// many records are looked at, and so many of them forgotten, at one time of the clock. What is forgotten is an event,
// so a replay need not know of slices; after a restart the search begins at the first slot again. Holds go before
// entries, so no hold ever names an entry that is gone.
void archive_some(SaleNumber number, Step& step) {
  constexpr uint32_t kLooksAtATime = 8'192;
  constexpr uint32_t kRecordsAtATime = 256;
  Archiving& archiving = step.archiving;
  if (step.now != std::exchange(archiving.swept_at, step.now)) {
    archiving.looks_left = kLooksAtATime;
    archiving.records_left = kRecordsAtATime;
  }
  const Sale& sale = step.state.sale_at(number.value());
  Archiving::Sweep& sweep = archiving.sweeps[number];
  const Archiving::Sweep from = sweep;
  uint32_t found = 0;
  const auto pass = [&](uint32_t& slot, uint32_t slots, const auto& is_of_sale) {
    for (; slot < slots && archiving.looks_left > 0 && archiving.records_left > 0 && found < sale.used.records();
         ++slot, --archiving.looks_left) {
      if (!is_of_sale(slot)) continue;
      ++found;
      --archiving.records_left;
    }
  };
  pass(sweep.holds, step.state.hold_slots(), [&](uint32_t slot) {
    const Hold& hold = step.state.hold_at(slot);
    return hold.state != HoldState::kFree && hold.sale == number.value();
  });
  pass(sweep.entries, step.state.entry_slots(), [&](uint32_t slot) {
    const Entry& entry = step.state.entry_at(slot);
    return entry.state != EntryState::kFree && entry.sale == number.value();
  });
  if (found > 0) record(RecordsForgotten{number, from.holds, sweep.holds, from.entries, sweep.entries}, step);
  if (sale.used.records() > 0) {
    ASSERT(sweep.holds < step.state.hold_slots() || sweep.entries < step.state.entry_slots());
    return step.deadlines.arm_sale(step.state, number, step.now + Duration::millis(1));
  }
  archiving.sweeps.erase(number);
  record(SaleArchived{number}, step);
}

}  // namespace doorbuster::sale
