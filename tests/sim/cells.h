// The cells of a server, for the world outside: there a hold and an entry have one number among all cells, which says
// by itself whose it is; within a cell they have the machine's.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/assert.h"
#include "sale/machine/state.h"

namespace doorbuster::sim {

// The upper bits of an outside number's slot are the cell.
inline constexpr uint32_t kSlotBits = 24;

template <class Tag>
[[nodiscard]] constexpr sale::SlotNumber<Tag> outside(CellId cell, sale::SlotNumber<Tag> inside) {
  return {cell.value() << kSlotBits | inside.slot, inside.generation};
}
template <class Tag>
[[nodiscard]] constexpr sale::SlotNumber<Tag> inside(sale::SlotNumber<Tag> outside) {
  return {outside.slot & ((1U << kSlotBits) - 1), outside.generation};
}
template <class Tag>
[[nodiscard]] constexpr CellId cell_of(sale::SlotNumber<Tag> outside) {
  return CellId(outside.slot >> kSlotBits);
}

// What all cells of a server have decided.
class CellStates {
 public:
  struct OfCell {
    const sale::State* state;
    Timestamp now;
  };

  void add(const sale::State& state, Timestamp now) { cells_.push_back({&state, now}); }

  [[nodiscard]] const std::vector<OfCell>& all() const { return cells_; }
  [[nodiscard]] const OfCell& of(CellId cell) const { return cells_.at(cell.value()); }
  [[nodiscard]] const sale::Hold* find(sale::HoldNumber number) const {
    return of(cell_of(number)).state->find_hold(inside(number));
  }
  [[nodiscard]] const sale::Entry* find(sale::EntryNumber number) const {
    return of(cell_of(number)).state->find_entry(inside(number));
  }
  // One that no sale has, if there is none of that id.
  [[nodiscard]] sale::SaleNumber number_of(const std::string& id) const {
    for (const OfCell& cell : cells_) {
      if (const auto number = cell.state->sale_named(id)) return *number;
    }
    return sale::SaleNumber(UINT32_MAX);
  }
  // Null if there is no such sale.
  [[nodiscard]] const sale::State* find_cell_of(sale::SaleNumber number) const {
    const CellId cell = sale::cell_of(number);
    return cell.value() < cells_.size() ? of(cell).state : nullptr;
  }
  [[nodiscard]] size_t sale_count() const {
    size_t count = 0;
    for (const OfCell& cell : cells_) count += cell.state->sale_count();
    return count;
  }
  template <class Visit>
  void for_each_sale(Visit&& visit) const {
    for (const OfCell& cell : cells_) cell.state->for_each_sale(visit);
  }

 private:
  std::vector<OfCell> cells_;
};

}  // namespace doorbuster::sim
