#include "platform/api/routes.h"

#include <limits>

#include "base/assert.h"

namespace doorbuster::platform {

void Routes::add(net::Method method, std::string_view pattern, Take take) {
  ASSERT(take != nullptr && calls_.size() < std::numeric_limits<uint16_t>::max());
  router_.add(method, pattern, static_cast<uint16_t>(calls_.size()));
  calls_.push_back(std::move(take));
}

void Routes::handle(const net::Request& request, net::Exchange& exchange, Timestamp now) const {
  const net::Router::Match match = router_.match(request.method(), request.path());
  if (match.outcome != net::Router::Outcome::kFound) return net::respond_unmatched(match, request, exchange);
  calls_[match.id](Call{request, exchange, match, now});
}

}  // namespace doorbuster::platform
