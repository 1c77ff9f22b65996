// What one thread keeps of each sale, of any cell: made when it is first asked for, and stays where it is.
#pragma once

#include <memory>
#include <vector>

#include "sale/machine/types.h"

namespace doorbuster::sale {

template <class T>
class BySale {
 public:
  [[nodiscard]] T& operator[](SaleNumber sale) {
    const uint32_t cell = cell_of(sale).value();
    if (cell >= cells_.size()) cells_.resize(cell + size_t{1});
    auto& sales = cells_[cell];
    if (index_of(sale) >= sales.size()) sales.resize(index_of(sale) + size_t{1});
    auto& kept = sales[index_of(sale)];
    if (kept == nullptr) kept = std::make_unique<T>();
    return *kept;
  }

 private:
  std::vector<std::vector<std::unique_ptr<T>>> cells_;
};

}  // namespace doorbuster::sale
