#include "links/api/registrable_domain.h"

#include <libpsl.h>

#include "base/assert.h"

namespace doorbuster::links {

void RegistrableDomains::Free::operator()(psl_ctx_st* list) const { psl_free(list); }

RegistrableDomains::RegistrableDomains() : list_(psl_latest(nullptr)) { ASSERT(list_ != nullptr); }

std::string_view RegistrableDomains::of(const std::string& host) const {
  // No top-level domain is a number (RFC 3696 section 2).
  const std::string_view last = std::string_view(host).substr(host.rfind('.') + 1);
  if (last.find_first_not_of("0123456789") == std::string_view::npos) return host;
  const char* domain = psl_registrable_domain(list_.get(), host.c_str());
  return domain == nullptr ? std::string_view(host) : domain;
}

bool RegistrableDomains::is_public_suffix(const std::string& host) const {
  return psl_is_public_suffix2(list_.get(), host.c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 1;
}

}  // namespace doorbuster::links
