// The sales that are kept, by number and by id. As in table.h, a sale is constant but for mutate(), which keeps what a
// snapshot still needs of it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sale/machine/records.h"
#include "sale/machine/snapshot_pieces.h"

namespace doorbuster::sale {

class SaleTable {
 public:
  SaleTable(CellId cell, SnapshotPieces::Write write) : cell_(cell), pieces_(std::move(write)) {}

  // Every sale there ever was has a lower index.
  [[nodiscard]] uint32_t end() const { return static_cast<uint32_t>(sales_.size()); }
  // Of the sale with that index.
  [[nodiscard]] SaleNumber number(uint32_t index) const { return sale_number(cell_, index); }

  // Null for what there never was, and for another cell's.
  [[nodiscard]] const Sale* find(SaleNumber number) const {
    return cell_of(number) == cell_ && index_of(number) < end() ? sales_[index_of(number)].get() : nullptr;
  }
  [[nodiscard]] std::optional<SaleNumber> named(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional(found->second);
  }

  Sale& mutate(SaleNumber number) {
    ASSERT(cell_of(number) == cell_ && index_of(number) < end());
    pieces_.before_change(index_of(number));
    return *sales_[index_of(number)];
  }

  // It gets the index end(). False if its id is taken.
  bool add(std::unique_ptr<Sale> sale) {
    const bool is_new = by_id_.emplace(sale->settings.id, number(end())).second;
    sales_.push_back(std::move(sale));
    return is_new;
  }

  void begin_snapshot() { pieces_.begin(end()); }
  [[nodiscard]] SnapshotPieces& pieces() { return pieces_; }

 private:
  const CellId cell_;
  std::vector<std::unique_ptr<Sale>> sales_;
  std::map<std::string, SaleNumber, std::less<>> by_id_;
  SnapshotPieces pieces_;
};

}  // namespace doorbuster::sale
