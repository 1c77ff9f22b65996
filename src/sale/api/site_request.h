// A request to a site, as the proxy before that site tells of it.
//
//   X-Original-URI: /checkout?sku=1     as the browser sent it
//   X-Forwarded-Proto: https            and X-Forwarded-Host: shop.example: whose it is
//
// Authorization and Cookie are the browser's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/request.h"
#include "sale/api/admissions.h"

namespace doorbuster::sale {

struct SiteRequest {
  std::string_view uri;
  std::string_view host;
  SiteTransport transport = SiteTransport::kHttps;
  // What may be an admission, the newest first: in the address, as a bearer's token, in the cookie.
  std::vector<std::string_view> tokens;
};

// Views into the request.
[[nodiscard]] SiteRequest read_site_request(const net::Request& request);

// The address without its admission, if it is one to go back to.
[[nodiscard]] std::optional<platform::PlainAddress> back_to(const AdmissionOptions& options, const SiteRequest& site);

// The same, or, where it is not listed, the path alone: at the site that was asked, whatever the path looks like.
[[nodiscard]] std::string clean_address(const AdmissionOptions& options, const SiteRequest& site);

}  // namespace doorbuster::sale
