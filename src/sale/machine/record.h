// How the machine's decisions become events: only the files that decide include this.
#pragma once

#include <type_traits>

#include "sale/machine/machine.h"

namespace doorbuster::sale {

template <class E>
void Machine::record(E&& event, Step& step) {
  encode(event, step.events.payload);
  ++step.events.count;
  const Sale* sale = state_.find_sale(event.sale);  // null only while it is being created
  const bool all_held_before = sale == nullptr || sale->all_held_at;
  const bool all_sold_before = sale == nullptr || sale->all_sold_at;
  std::vector<uint32_t> passed;  // who had left while others before them waited
  if constexpr (requires { event.entry.slot; }) {
    ASSERT(sale != nullptr);
    if (forgets_soon(*sale)) passed = state_.gone_behind(event.entry.slot);
  }
  state_.apply(event, step.now);
  if constexpr (requires { event.hold.slot; }) {
    rearm_hold(event.hold.slot);
    const Hold& hold = state_.hold_at(event.hold.slot);
    if (hold.state != HoldState::kFree && hold.entry != kNoSlot) rearm_entry(hold.entry);
  }
  if constexpr (requires { event.entry.slot; }) rearm_entry(event.entry.slot);
  for (const uint32_t slot : passed) rearm_entry(slot);
  using Kind = std::remove_cvref_t<E>;
  if constexpr (std::is_same_v<Kind, HoldReleased> || std::is_same_v<Kind, HoldExpired>) ended_.push_back(event.hold);
  if constexpr (std::is_same_v<Kind, Held> || std::is_same_v<Kind, Joined> || std::is_same_v<Kind, Enrolled>) {
    newcomers_[event.sale.value()].push_back(event.customer);
  }
  constexpr bool kNewSettings = requires { event.settings; } || std::is_same_v<Kind, SaleAnnounced>;
  mark_changed(event.sale, kNewSettings ? Change::kSettings : Change::kStatus);
  if (!all_held_before && sale->all_held_at) record(AllHeld{event.sale}, step);
  if (!all_sold_before && sale->all_sold_at) record(AllSold{event.sale}, step);
}

}  // namespace doorbuster::sale
