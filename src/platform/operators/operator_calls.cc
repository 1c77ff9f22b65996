#include "platform/operators/operator_calls.h"

#include <array>

namespace doorbuster::platform {
namespace {

using net::Method;

constexpr std::array kRoutes = {
    OperatorRoute{Method::kGet, "/api/v1/session", show_session},
    OperatorRoute{Method::kPost, "/api/v1/session", open_session},
    OperatorRoute{Method::kDelete, "/api/v1/session", close_session},
    OperatorRoute{Method::kGet, "/api/v1/keys", list_keys},
    OperatorRoute{Method::kPost, "/api/v1/keys", create_key},
    OperatorRoute{Method::kDelete, "/api/v1/keys/{key}", revoke_key},
};

}  // namespace

std::span<const OperatorRoute> operator_routes() { return kRoutes; }

void add_operator_routes(Routes& routes, OperatorAccess& access, Operators operators) {
  auto& authenticator = routes.keep(std::make_unique<OperatorAuthenticator>(access, operators));
  for (const OperatorRoute& route : kRoutes) {
    routes.add(route.method, route.pattern,
               [&, take = route.take](const Call& call) { take(call, access, authenticator); });
  }
}

}  // namespace doorbuster::platform
