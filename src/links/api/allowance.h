// What a user may still make this month, as answers say it.
#pragma once

#include <string>

#include "links/store/link_store.h"
#include "net/exchange.h"
#include "net/response.h"

namespace doorbuster::links {

// RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10); good while these strings are.
class AllowanceFields {
 public:
  AllowanceFields(const Allowance& allowance, Timestamp now);
  void add_to(net::HeaderList& headers) const;
  // Until the next month begins, when there is more: seconds.
  [[nodiscard]] const std::string& retry_after() const { return retry_after_; }

 private:
  std::string policy_;
  std::string left_;
  std::string retry_after_;
};

// 429: as many links were made this month as may be.
void respond_over_limit(net::Exchange& exchange, std::string_view instance, const Allowance& allowance, Timestamp now);
// 403: the user who asks was suspended, or is leaving, while they asked.
void respond_no_owner(net::Exchange& exchange, std::string_view instance);

}  // namespace doorbuster::links
