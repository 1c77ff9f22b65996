// The sales that are kept, by number and by id, and the ids of those that are archived: no id and no number is ever
// given twice. As in table.h, a sale is constant but for mutate(), which keeps what a snapshot still needs of it.
//
// A sale has a slot while it is kept, which another gets once it is archived: what is there for each kept sale (a
// timer, what has to be published) goes by slot, so memory follows what is kept and not what there ever was.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sale/machine/records.h"
#include "sale/machine/snapshot_pieces.h"

namespace doorbuster::sale {

class SaleTable {
 public:
  SaleTable(CellId cell, SnapshotPieces::Write write) : cell_(cell), pieces_(std::move(write)) {}

  // Every sale there ever was has a lower index.
  [[nodiscard]] uint32_t end() const { return static_cast<uint32_t>(sales_.size()); }
  [[nodiscard]] uint32_t kept() const { return static_cast<uint32_t>(by_slot_.size() - free_slots_.size()); }
  // Of the sale with that index.
  [[nodiscard]] SaleNumber number(uint32_t index) const { return sale_number(cell_, index); }

  // Null for what there never was or is archived, and for another cell's.
  [[nodiscard]] const Sale* find(SaleNumber number) const {
    return has(number) ? sales_[index_of(number)].sale.get() : nullptr;
  }
  // Null for what is kept, or never was.
  [[nodiscard]] const std::string* archived_id(SaleNumber number) const {
    return has(number) && find(number) == nullptr ? sales_[index_of(number)].id : nullptr;
  }
  // Archived ones, too.
  [[nodiscard]] bool has(SaleNumber number) const { return cell_of(number) == cell_ && index_of(number) < end(); }
  [[nodiscard]] std::optional<SaleNumber> named(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional(found->second);
  }
  // Every slot that was ever used is below; as many as sales were ever kept at once.
  [[nodiscard]] uint32_t slots() const { return static_cast<uint32_t>(by_slot_.size()); }
  // Of a slot that is in use.
  [[nodiscard]] SaleNumber number_at_slot(uint32_t slot) const { return by_slot_[slot]; }

  Sale& mutate(SaleNumber number) {
    ASSERT(find(number) != nullptr);
    pieces_.before_change(index_of(number));
    return *sales_[index_of(number)].sale;
  }

  // It gets the index end(), and a slot. False if its id is taken.
  bool add(std::unique_ptr<Sale> sale) {
    sale->slot = take_slot(number(end()));
    const std::string id = sale->settings.id;
    return append(std::move(sale), id);
  }
  // The same, for one of which nothing else is known any more.
  bool add_archived(const std::string& id) { return append(nullptr, id); }

  // Forgets all of it but its id and its number.
  void archive(SaleNumber number) {
    const uint32_t slot = mutate(number).slot;
    free_slots_.push_back(slot);
    sales_[index_of(number)].sale.reset();
  }

  void begin_snapshot() { pieces_.begin(end()); }
  [[nodiscard]] SnapshotPieces& pieces() { return pieces_; }

 private:
  struct Place {
    std::unique_ptr<Sale> sale;  // null: archived
    const std::string* id;       // in by_id_
  };

  [[nodiscard]] uint32_t take_slot(SaleNumber number) {
    if (free_slots_.empty()) {
      by_slot_.push_back(number);
      return static_cast<uint32_t>(by_slot_.size() - 1);
    }
    const uint32_t slot = free_slots_.back();
    free_slots_.pop_back();
    by_slot_[slot] = number;
    return slot;
  }
  bool append(std::unique_ptr<Sale> sale, const std::string& id) {
    const auto [place, is_new] = by_id_.emplace(id, number(end()));
    sales_.push_back({std::move(sale), &place->first});
    return is_new;
  }

  const CellId cell_;
  std::vector<Place> sales_;  // by index
  std::map<std::string, SaleNumber, std::less<>> by_id_;
  std::vector<SaleNumber> by_slot_;
  std::vector<uint32_t> free_slots_;
  SnapshotPieces pieces_;
};

}  // namespace doorbuster::sale
