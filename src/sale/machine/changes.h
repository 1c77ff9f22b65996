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
  explicit Changes(size_t sales) : changes_(sales), newcomers_(sales) {}

  void mark(SaleNumber sale, Change change) {
    Change& known = changes_[sale.value()];
    if (known == Change::kNone) changed_.push_back(sale);
    known = std::max(known, change);
  }
  void add_newcomer(SaleNumber sale, const CustomerHash& customer) { newcomers_[sale.value()].push_back(customer); }

  // Calls take(Publication&&) for each sale that has changed since the last call.
  template <class Take>
  void take(const State& state, Take&& take) {
    for (const SaleNumber sale : changed_) take(publication_of(state, sale));
    changed_.clear();
  }

 private:
  [[nodiscard]] Publication publication_of(const State& state, SaleNumber sale);

  std::vector<Change> changes_;                       // by sale
  std::vector<std::vector<CustomerHash>> newcomers_;  // by sale
  std::vector<SaleNumber> changed_;
};

}  // namespace doorbuster::sale
