// What everybody may know of the sales that have changed, once it is durable.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sale/machine/state.h"

namespace doorbuster::sale {

// Settings and message come along when one of them is new.
struct Publication {
  PublicStatus status;
  std::unique_ptr<const Settings> settings;
  std::string message;
  std::optional<Beacon> beacon;         // named at its creation
  std::vector<CustomerHash> newcomers;  // who got a hold or an entry in it since
};

enum class Change : uint8_t { kNone, kStatus, kSettings };

class Changes {
 public:
  void mark(SaleNumber sale, Change change) {
    Change& known = of(sale).change;
    if (known == Change::kNone) changed_.push_back(sale);
    known = std::max(known, change);
  }
  void add_newcomer(SaleNumber sale, const CustomerHash& customer) { of(sale).newcomers.push_back(customer); }

  // Calls take(Publication&&) for each sale that has changed since the last call.
  template <class Take>
  void take(const State& state, Take&& take) {
    for (const SaleNumber sale : changed_) take(publication_of(state, sale));
    changed_.clear();
  }

 private:
  struct OfSale {
    Change change = Change::kNone;
    std::vector<CustomerHash> newcomers;
  };

  [[nodiscard]] Publication publication_of(const State& state, SaleNumber sale);
  // Room comes with the sales.
  [[nodiscard]] OfSale& of(SaleNumber sale) {
    if (index_of(sale) >= sales_.size()) sales_.resize(index_of(sale) + size_t{1});
    return sales_[index_of(sale)];
  }

  std::vector<OfSale> sales_;  // by their index in the cell
  std::vector<SaleNumber> changed_;
};

}  // namespace doorbuster::sale
