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

// Of one sale: settings and message come along when one of them is new. Or of some that are archived, and then of those
// only. And with each what its machine's tables hold by then.
struct Publication {
  PublicStatus status;
  std::unique_ptr<const Settings> settings;
  std::string message;
  std::optional<Beacon> beacon;         // named at its creation
  std::vector<CustomerHash> newcomers;  // who got a hold or an entry in it since
  std::vector<ArchivedId> archived;
  Usages used;  // of the tables, by all sales
};

enum class Change : uint8_t { kNone, kStatus, kSettings };

class Changes {
 public:
  void mark(SaleNumber sale, uint32_t slot, Change change) {
    Change& known = of(slot).change;
    if (known == Change::kNone) changed_.push_back(sale);
    known = std::max(known, change);
  }
  void add_newcomer(uint32_t slot, const CustomerHash& customer) { of(slot).newcomers.push_back(customer); }
  // From now on the slot is another sale's, and of this one nothing else is published.
  void archive(SaleNumber sale, uint32_t slot, const std::string& id) {
    of(slot) = {};
    std::erase(changed_, sale);
    add_archived(sale, id);
  }
  void add_archived(SaleNumber sale, const std::string& id) { archived_.push_back({sale, id}); }

  // Calls take(Publication&&) for each sale that has changed since the last call, but before, and once, for all that
  // are archived.
  template <class Take>
  void take(const State& state, Take&& take) {
    if (!archived_.empty()) take(Publication{.archived = std::exchange(archived_, {}), .used = state.used()});
    for (const SaleNumber sale : changed_) take(publication_of(state, sale));
    changed_.clear();
  }

 private:
  struct OfSale {
    Change change = Change::kNone;
    std::vector<CustomerHash> newcomers;
  };

  [[nodiscard]] Publication publication_of(const State& state, SaleNumber number);
  // Room comes with the sales.
  [[nodiscard]] OfSale& of(uint32_t slot) {
    if (slot >= sales_.size()) sales_.resize(slot + size_t{1});
    return sales_[slot];
  }

  std::vector<OfSale> sales_;  // by their slots
  std::vector<SaleNumber> changed_;
  std::vector<ArchivedId> archived_;
};

}  // namespace doorbuster::sale
