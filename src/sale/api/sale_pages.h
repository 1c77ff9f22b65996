// Answers that are the same for many, rendered once until their numbers change. One a reactor.
#pragma once

#include <optional>
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
  TermsTag terms = 0;
  std::string etag;  // see sale_etag
  std::string_view cache_control;
  std::string body;
  net::PreparedResponse response;
};

// "TERMS-CONTENT", in 16 hexadecimal digits each, so that it means the same after a restart and on every reactor. The
// content is another one with every unit that goes: what an operator changes is kept by its terms alone.
[[nodiscard]] std::string sale_etag(TermsTag terms, std::string_view content);

// What an If-Match field asks for: that the sale has these terms. `present`, if they are named among others; 0, which
// no sale has, for a tag that is no sale's; nothing if any will do.
[[nodiscard]] std::optional<TermsTag> terms_asked(std::string_view if_match, TermsTag present);

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
