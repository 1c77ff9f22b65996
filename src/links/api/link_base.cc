#include "links/api/link_base.h"

#include <utility>

#include "links/abuse/take_downs.h"
#include "links/api/long_url.h"
#include "net/authority.h"
#include "net/small_letters.h"

namespace doorbuster::links {
namespace {

// "https://go.example" with or without a slash, as the settings have it; as all else here has it.
std::string tidy_base(const std::string& base_url) {
  auto address = parse_long_url(base_url + (base_url.ends_with('/') ? "" : "/"));
  if (!address) return base_url;
  address->pop_back();
  return *std::move(address);
}

// Of "Go.Example:8443", as a request names whom it asks.
std::string host_asked(std::string_view authority) { return net::in_small_letters(net::host_in(authority)); }

}  // namespace

LinkBase::LinkBase(LinkDomain default_domain, std::vector<LinkDomain> others, std::string report_abuse)
    : default_(std::move(default_domain)), configured_(std::move(others)), report_abuse_(std::move(report_abuse)) {
  default_.base_url = tidy_base(default_.base_url);
  default_host_ = host_of(default_.base_url);
  for (LinkDomain& domain : configured_) {
    domain.base_url = tidy_base(domain.base_url);
    by_host_.emplace(host_of(domain.base_url), domain);
  }
}

Result<void> LinkBase::check() const {
  if (by_host_.size() < configured_.size())
    return fail(ErrorCode::kInvalid, "two of links.domains have the same host: a domain stands there once");
  if (by_host_.contains(default_host_)) {
    return fail(ErrorCode::kInvalid,
                "links.domains names " + default_host_ +
                    ", which is the host of links.base_url: leave it out, or set another base_url");
  }
  const auto check_one = [this](const LinkDomain& domain) -> Result<void> {
    if (!leads_to_code(domain.not_found_url)) return {};
    return fail(ErrorCode::kInvalid, "the not_found_url of " + domain.base_url +
                                         " is a short link of this server, which may be nobody's as well: name a page");
  };
  TRY(check_one(default_));
  for (const LinkDomain& domain : configured_) TRY(check_one(domain));
  return {};
}

const LinkDomain* LinkBase::find(std::string_view host) const {
  const auto found = by_host_.find(host);
  return found == by_host_.end() ? nullptr : &found->second;
}

std::string_view LinkBase::asked_by(const net::Request& request) const {
  if (by_host_.empty()) return {};
  const auto found = by_host_.find(host_asked(request.authority()));
  return found == by_host_.end() ? std::string_view() : found->first;
}

std::optional<std::string> LinkBase::served(std::string_view host) const {
  std::string domain = named(host);
  if (domain.empty() || by_host_.contains(domain)) return domain;
  return std::nullopt;
}

std::string LinkBase::named(std::string_view host) const {
  const auto url = parse_long_url("https://" + std::string(host) + "/");
  std::string domain = url ? std::string(links::host_of(*url)) : net::in_small_letters(host);
  return domain == default_host_ ? std::string() : domain;
}

std::string LinkBase::base_of(std::string_view domain) const {
  if (domain.empty()) return default_.base_url;
  const LinkDomain* const found = find(domain);
  return found != nullptr ? found->base_url : "https://" + std::string(domain);
}

const std::string& LinkBase::not_found_url(std::string_view domain) const {
  const LinkDomain* const found = domain.empty() ? nullptr : find(domain);
  return (found != nullptr ? *found : default_).not_found_url;
}

std::string LinkBase::short_url(const Link& link) const {
  return base_of(domain_in(link.code)).append(1, '/').append(code_in(link.code));
}

bool LinkBase::leads_to_code(std::string_view long_url) const {
  if (links::leads_to_code(long_url, default_.base_url)) return true;
  const LinkDomain* const found = by_host_.empty() ? nullptr : find(host_of(long_url));
  return found != nullptr && links::leads_to_code(long_url, found->base_url);
}

}  // namespace doorbuster::links
