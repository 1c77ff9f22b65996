#include "sale/api/site_request.h"

#include <algorithm>

#include "auth/cookie_header.h"
#include "net/text.h"
#include "platform/api/problems.h"

namespace doorbuster::sale {
namespace {

std::string_view query_of(std::string_view uri) {
  const size_t mark = uri.find('?');
  return mark == std::string_view::npos ? std::string_view() : uri.substr(mark + 1);
}

std::optional<platform::PlainAddress> address_of(const SiteRequest& site) {
  const std::string_view scheme = site.transport == SiteTransport::kHttps ? "https://" : "http://";
  return platform::parse_address(std::string(scheme) + std::string(site.host) + std::string(site.uri));
}

}  // namespace

SiteRequest read_site_request(const net::Request& request) {
  constexpr size_t kTokensMax = 4;  // each may cost the check of a signature
  SiteRequest site;
  site.uri = request.header("X-Original-URI").value_or("");
  site.host = request.header("X-Forwarded-Host").value_or("");
  if (request.header("X-Forwarded-Proto").value_or("") == "http") site.transport = SiteTransport::kHttp;
  if (const auto token = net::query_value(query_of(site.uri), "admission")) site.tokens.push_back(*token);
  if (const std::string_view token = platform::bearer_of(request); !token.empty()) site.tokens.push_back(token);
  auth::take_cookie(request.header(net::Known::kCookie), kAdmissionCookie, [&](std::string_view token) {
    site.tokens.push_back(token);
    return false;  // all of them
  });
  if (site.tokens.size() > kTokensMax) site.tokens.resize(kTokensMax);
  return site;
}

std::optional<platform::PlainAddress> back_to(const AdmissionOptions& options, const SiteRequest& site) {
  const auto address = address_of(site);
  if (!address || !options.return_to.find(address->text())) return std::nullopt;
  return platform::without_admission(*address);
}

std::string clean_address(const AdmissionOptions& options, const SiteRequest& site) {
  if (const auto back = back_to(options, site)) return back->text();
  const auto address = address_of(site);
  if (!address) return "/";
  const platform::PlainAddress clean = platform::without_admission(*address);
  const size_t begin = std::min(clean.path.find_first_not_of('/'), clean.path.size());  // "//host" is another site
  return "/" + clean.path.substr(begin) + clean.query;
}

}  // namespace doorbuster::sale
