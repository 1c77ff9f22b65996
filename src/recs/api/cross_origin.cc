#include "recs/api/cross_origin.h"

#include "net/exchange.h"
#include "recs/api/recs_calls.h"

namespace doorbuster::recs {
namespace {

// Cookies are not let through: whoever comes from elsewhere is who their token says, or nobody.
void allow(const platform::Call& call) {
  call.exchange.respond(
      net::Response{.status = net::Status::kNoContent,
                    .headers = {{"Allow", call.match.allow},
                                {"Access-Control-Allow-Origin", "*"},
                                {"Access-Control-Allow-Methods", "GET, POST"},
                                {"Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key"},
                                {"Access-Control-Max-Age", "86400"}}});
}

}  // namespace

void add_preflights(platform::Routes& routes) {
  for (const std::string_view path : paths_of_pages()) routes.add(net::Method::kOptions, path, allow);
}

}  // namespace doorbuster::recs
