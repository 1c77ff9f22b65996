#include "sale/api/site_request.h"

#include <algorithm>

#include "auth/cookie_header.h"
#include "net/text.h"
#include "platform/api/problems.h"

namespace doorbuster::sale {
namespace {

// With its '?'.
std::string_view query_of(std::string_view uri) { return uri.substr(std::min(uri.find('?'), uri.size())); }

// Without its admission, with which it may be longer than an address may be.
std::optional<platform::PlainAddress> clean_address_of(const SiteRequest& site) {
  const std::string_view scheme = site.transport == SiteTransport::kHttps ? "https://" : "http://";
  const std::string_view query = query_of(site.uri);
  const std::string_view path = site.uri.substr(0, site.uri.size() - query.size());
  return platform::parse_address(std::string(scheme) + std::string(site.host) + std::string(path) +
                                 platform::query_without_admission(query));
}

}  // namespace

SiteRequest read_site_request(const net::Request& request) {
  constexpr size_t kTokensMax = 4;  // each may cost the check of a signature
  SiteRequest site;
  site.uri = request.header("X-Original-URI").value_or("");
  site.host = request.header("X-Forwarded-Host").value_or("");
  if (request.header("X-Forwarded-Proto").value_or("") == "http") site.transport = SiteTransport::kHttp;
  if (const auto token = platform::admission_in(query_of(site.uri))) site.tokens.push_back(*token);
  if (const std::string_view token = platform::bearer_of(request); !token.empty()) site.tokens.push_back(token);
  auth::take_cookie(request.header(net::Known::kCookie), kAdmissionCookie, [&](std::string_view token) {
    site.tokens.push_back(token);
    return false;  // all of them
  });
  if (site.tokens.size() > kTokensMax) site.tokens.resize(kTokensMax);
  return site;
}

std::optional<platform::PlainAddress> back_to(const AdmissionOptions& options, const SiteRequest& site) {
  const auto address = clean_address_of(site);
  return address ? options.return_to.find(address->text()) : std::nullopt;
}

std::string clean_address(const AdmissionOptions& options, const SiteRequest& site) {
  if (const auto back = back_to(options, site)) return back->text();
  const auto address = clean_address_of(site);
  if (!address) return "/";
  const size_t begin =
      std::min(address->path.find_first_not_of('/'), address->path.size());  // "//host" is another site
  return "/" + address->path.substr(begin) + address->query;
}

}  // namespace doorbuster::sale
