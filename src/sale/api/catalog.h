// The sales that there are, as one reactor sees them: what was said of each, and its newest numbers.
//
// Whatever begins on the reactor (a request, an answer of the cell, a tick) sees one page of the directory to its end:
// a listing that it has found stays, whatever is published meanwhile. What an answer speaks of has been published
// before.
#pragma once

#include <string_view>

#include "base/assert.h"
#include "sale/views/directory.h"
#include "sale/views/status_board.h"

namespace doorbuster::sale {

class SaleCatalog {
 public:
  SaleCatalog(const Directory& directory, const StatusBoard& board) : directory_(directory), board_(board) {}

  // Whenever something begins: what was found before may be gone.
  void refresh() { directory_.refresh(); }

  [[nodiscard]] const Directory::Page& page() const { return directory_.page(); }
  // Null if there is no such sale.
  [[nodiscard]] const Listing* find(std::string_view id) const { return page().find(id); }
  [[nodiscard]] const Listing* find(SaleNumber sale) const { return page().find(sale); }
  // Null if there is none, or none but for operators.
  [[nodiscard]] const Listing* find_published(std::string_view id) const {
    const Listing* listing = find(id);
    return listing != nullptr && status(listing->number).published ? listing : nullptr;
  }
  // A sale that an answer of the cell speaks of.
  [[nodiscard]] const Listing& at(SaleNumber sale) const {
    const Listing* listing = find(sale);
    ASSERT(listing != nullptr);
    return *listing;
  }

  [[nodiscard]] StatusBoard::Read read(SaleNumber sale) const { return board_.read(sale); }
  [[nodiscard]] PublicStatus status(SaleNumber sale) const { return board_.read(sale).status; }

 private:
  DirectoryReader directory_;
  const StatusBoard& board_;
};

}  // namespace doorbuster::sale
