// Answers that are the same for many, rendered once until their numbers change. One a reactor.
#pragma once

#include <string>
#include <string_view>

#include "auth/sealed_id.h"
#include "net/response.h"
#include "sale/api/by_slot.h"
#include "sale/api/catalog.h"

namespace doorbuster::sale {

// The answer to GET of a sale.
struct SalePage {
  uint64_t status_version = 0;
  uint64_t listing_version = 0;
  std::string etag;  // of the content, so that it means the same after a restart and on every reactor
  std::string_view cache_control;
  std::string body;
  net::PreparedResponse response;
};

class SalePages {
 public:
  SalePages(const SaleCatalog& catalog, const auth::IdSealer& ids) : catalog_(catalog), ids_(ids) {}

  // As fresh as the sale's numbers. Valid until the next call for the same sale, or for another that is archived.
  [[nodiscard]] const SalePage& page_of(const Listing& listing);

  // The refusal of a reserve that the published numbers alone decide. Valid as long as page_of's.
  [[nodiscard]] const net::PreparedResponse& refusal_of(const Listing& listing, const LiveStatus::Read& read,
                                                        Outcome outcome);

 private:
  struct PreparedRefusal {
    uint64_t status_version = 0;
    uint64_t listing_version = 0;
    net::PreparedResponse response;
  };

  const SaleCatalog& catalog_;
  const auth::IdSealer& ids_;
  BySlot<SalePage> pages_;
  BySlot<PreparedRefusal> refusals_;
};

}  // namespace doorbuster::sale
