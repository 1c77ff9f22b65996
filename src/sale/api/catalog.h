// The sales that there are, as one reactor sees them: what was said of each, and its newest numbers.
//
// Whatever begins on the reactor (a request, an answer of the cell, a tick) sees one page of the directory to its end:
// a listing that it has found stays, whatever is published meanwhile. What an answer speaks of has been published
// before. A sale that is archived is found like any other: its listing is made of what the views and the archive know.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "sale/api/by_slot.h"
#include "sale/api/forecast.h"
#include "sale/views/all_views.h"
#include "sale/views/directory.h"

namespace doorbuster::sale {

class SaleCatalog {
 public:
  SaleCatalog(const Directory& directory, const AllViews& views) : directory_(directory), views_(views) {}

  // Whenever something begins: what was found before may be gone.
  void refresh() {
    directory_.refresh();
    archived_.clear();
  }

  // Without those that are archived.
  [[nodiscard]] const Directory::Page& page() const { return directory_.page(); }
  // Null if there is no such sale, or if it is archived and can't be shown at this moment.
  [[nodiscard]] const Listing* find(std::string_view id) const {
    const auto number = page().by_id.find(id);
    return number ? find(*number) : nullptr;
  }
  [[nodiscard]] const Listing* find(SaleNumber sale) const {
    const Listing* listing = page().find(sale);
    return listing != nullptr || !page().knows(sale) ? listing : find_archived(sale);
  }
  // There is such a sale, but it is archived and can't be shown at this moment: not found, and yet no mistake in the
  // id.
  [[nodiscard]] bool is_unreadable(std::string_view id) const {
    return page().by_id.find(id).has_value() && find(id) == nullptr;
  }
  // Null if there is none, or none but for operators.
  [[nodiscard]] const Listing* find_published(std::string_view id) const {
    const Listing* listing = find(id);
    return listing != nullptr && listing->status().published ? listing : nullptr;
  }
  // A sale that an answer of the cell speaks of. If it is archived and can't be shown at this moment: a closed sale of
  // which nothing is known.
  [[nodiscard]] const Listing& at(SaleNumber sale) const;
  [[nodiscard]] PublicStatus status(SaleNumber sale) const { return at(sale).status(); }
  // How the line of a sale that is kept will move: made at most once a second, from what was asked before. Null where
  // there is nothing to foresee.
  [[nodiscard]] const Forecast* forecast(const Listing& listing, const PublicStatus& status, Timestamp now) const;

 private:
  [[nodiscard]] const Listing* find_archived(SaleNumber sale) const;
  const Listing& keep(Listing&& listing) const;

  // Of one sale; another one may have the slot later.
  struct Outlook {
    SaleNumber sale;
    OfferHistory history;
    Timestamp made_at;
    std::optional<Forecast> forecast;
  };

  DirectoryReader directory_;
  mutable BySlot<Outlook> outlooks_;
  const AllViews& views_;
  mutable std::vector<std::shared_ptr<const Listing>> archived_;  // found since refresh()
};

}  // namespace doorbuster::sale
