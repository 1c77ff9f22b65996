// Tables of what views know of the machine's entries and holds, by their slots: as long as the highest slot heard of.
#pragma once

#include <cstdint>
#include <vector>

namespace doorbuster::sale {

// What is known of a slot; `fresh` until something was.
template <class T>
T& at_slot(std::vector<T>& table, uint32_t slot, const T& fresh = {}) {
  if (table.size() <= slot) table.resize(slot + size_t{1}, fresh);
  return table[slot];
}

}  // namespace doorbuster::sale
