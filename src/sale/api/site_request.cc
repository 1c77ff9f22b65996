#include "sale/api/site_request.h"

#include <algorithm>

#include "net/text.h"

namespace doorbuster::sale {
namespace {

// Every value of that name in a Cookie header (RFC 6265 section 5.4: a browser may send several).
void add_cookies(std::string_view header, std::string_view name, std::vector<std::string_view>& values) {
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(pair.size() + 1, header.size()));
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) values.push_back(pair.substr(equals + 1));
  }
}

std::string_view query_of(std::string_view uri) {
  const size_t mark = uri.find('?');
  return mark == std::string_view::npos ? std::string_view() : uri.substr(mark + 1);
}

std::optional<PlainAddress> address_of(const SiteRequest& site) {
  const std::string_view scheme = site.transport == SiteTransport::kHttps ? "https://" : "http://";
  return parse_address(std::string(scheme) + std::string(site.host) + std::string(site.uri));
}

}  // namespace

SiteRequest read_site_request(const net::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  constexpr size_t kTokensMax = 4;  // each may cost the check of a signature
  SiteRequest site;
  site.uri = request.header("X-Original-URI").value_or("");
  site.host = request.header("X-Forwarded-Host").value_or("");
  if (request.header("X-Forwarded-Proto").value_or("") == "http") site.transport = SiteTransport::kHttp;
  if (const auto token = net::query_value(query_of(site.uri), "admission")) site.tokens.push_back(*token);
  const std::string_view authorization = request.header(net::Known::kAuthorization);
  if (net::equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme))
    site.tokens.push_back(authorization.substr(kScheme.size()));
  add_cookies(request.header(net::Known::kCookie), kAdmissionCookie, site.tokens);
  if (site.tokens.size() > kTokensMax) site.tokens.resize(kTokensMax);
  return site;
}

std::optional<PlainAddress> back_to(const AdmissionOptions& options, const SiteRequest& site) {
  const auto address = address_of(site);
  if (!address || !options.return_to.find(address->text())) return std::nullopt;
  return without_admission(*address);
}

std::string clean_address(const AdmissionOptions& options, const SiteRequest& site) {
  if (const auto back = back_to(options, site)) return back->text();
  const auto address = address_of(site);
  if (!address) return "/";
  const PlainAddress clean = without_admission(*address);
  const size_t begin = std::min(clean.path.find_first_not_of('/'), clean.path.size());  // "//host" is another site
  return "/" + clean.path.substr(begin) + clean.query;
}

}  // namespace doorbuster::sale
