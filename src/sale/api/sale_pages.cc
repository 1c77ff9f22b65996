#include "sale/api/sale_pages.h"

#include <array>
#include <bit>
#include <charconv>

#include "base/json_writer.h"
#include "platform/api/etag.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

// Rendered of this very listing, with these numbers. Versions of listings are of all sales together, but an archived
// sale has none.
template <class Rendered>
bool is_current(const Rendered& rendered, const Listing& listing, const LiveStatus::Read& read) {
  return listing.slot != kNoSlot && rendered.status_version == read.version &&
         rendered.listing_version == listing.version;
}

constexpr size_t kTermsDigits = 2 * sizeof(TermsTag);

// Of a tag in its quotes.
TermsTag terms_in(std::string_view tag) {
  TermsTag terms = 0;
  if (tag.size() <= 1 + kTermsDigits || tag[1 + kTermsDigits] != '-') return 0;
  const char* const begin = tag.data() + 1;
  const auto [end, error] = std::from_chars(begin, begin + kTermsDigits, terms, 16);
  return error == std::errc() && end == begin + kTermsDigits ? terms : 0;
}

}  // namespace

std::string sale_etag(TermsTag terms, std::string_view content) {
  std::array<char, kTermsDigits> digits;
  digits.fill('0');
  const size_t leading = static_cast<size_t>(std::countl_zero(terms | 1)) / 4;
  std::to_chars(digits.data() + leading, digits.data() + digits.size(), terms, 16);
  return '"' + std::string(digits.data(), digits.size()) + '-' + platform::etag_of(content).substr(1);
}

std::optional<TermsTag> terms_asked(std::string_view if_match, TermsTag present) {
  std::optional<TermsTag> asked;
  for (std::string_view tag = platform::next_etag(if_match); !tag.empty(); tag = platform::next_etag(if_match)) {
    if (tag == "*") return std::nullopt;
    if (const TermsTag terms = terms_in(tag); !asked || terms == present) asked = terms;
  }
  return asked;
}

const SalePage& SalePages::page_of(const Listing& listing) {
  SalePage& page = pages_[listing];
  const LiveStatus::Read read = listing.live->read();
  if (is_current(page, listing, read)) return page;
  const bool has_other_terms = listing.slot == kNoSlot || page.listing_version != listing.version;
  if (has_other_terms) page.terms = terms_tag(listing.settings, listing.message);
  page.status_version = read.version;
  page.listing_version = listing.version;
  page.body.clear();
  JsonWriter json(page.body);
  write_sale(json, listing, read.status);
  page.etag = sale_etag(page.terms, page.body);
  page.cache_control = read.status.published ? "public, max-age=1" : "no-store";
  page.response.render({.content_type = "application/json",
                        .body = page.body,
                        .headers = {{"Cache-Control", page.cache_control}, {"ETag", page.etag}}});
  return page;
}

const net::PreparedResponse& SalePages::refusal_of(const Listing& listing, const LiveStatus::Read& read,
                                                   Outcome outcome) {
  PreparedRefusal& refusal = refusals_[listing];
  if (is_current(refusal, listing, read)) return refusal.response;
  refusal.status_version = read.version;
  refusal.listing_version = listing.version;
  const Reply reply{.outcome = outcome,
                    .sale_state = read.status.state,
                    .sale = listing.number,
                    .hold = {},
                    .entry = {},
                    .units = read.status.held + read.status.paying};
  refusal.response = prepare_refused("/api/v1/sales/" + listing.settings.id + "/holds", reply, catalog_, ids_);
  return refusal.response;
}

}  // namespace doorbuster::sale
