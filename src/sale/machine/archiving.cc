#include <utility>

#include "sale/machine/archiving.h"
#include "sale/machine/step.h"

namespace doorbuster::sale {

// A slice at a time, so that nobody waits for a sale of a million entries to be forgotten: of all sales together so
// many records are looked at, and so many of them forgotten, at one time of the clock. What is forgotten is an event,
// so a replay need not know of slices; after a restart the search begins at the first slot again. Holds go before
// entries, so no hold ever names an entry that is gone.
void archive_some(SaleNumber number, Step& step) {
  Archiving& archiving = step.archiving;
  Slice& slice = archiving.slice;
  if (step.now != std::exchange(archiving.swept_at, step.now)) slice = Slice();
  const Sale& sale = step.state.sale_at(number.value());
  Archiving::Sweep& sweep = archiving.sweeps[number];
  const Archiving::Sweep from = sweep;
  uint32_t found = 0;
  const auto pass = [&](uint32_t& slot, uint32_t slots, const auto& is_of_sale) {
    for (; slot < slots && !slice.is_done() && found < sale.used.records(); ++slot, --slice.looks_left) {
      if (!is_of_sale(slot)) continue;
      ++found;
      --slice.records_left;
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
