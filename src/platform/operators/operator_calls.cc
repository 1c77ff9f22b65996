#include "platform/operators/operator_calls.h"

#include <array>

namespace doorbuster::platform {
namespace {

using net::Method;

constexpr std::array kRoutes = {
    OperatorRoute{Method::kGet, "/api/v1/session", take_by<show_session, OperatorParts>},
    OperatorRoute{Method::kPost, "/api/v1/session", take_by<open_session, OperatorParts>},
    OperatorRoute{Method::kDelete, "/api/v1/session", take_by<close_session, OperatorParts>},
    OperatorRoute{Method::kGet, "/api/v1/keys", take_by<list_keys, OperatorParts>},
    OperatorRoute{Method::kPost, "/api/v1/keys", take_by<create_key, OperatorParts>},
    OperatorRoute{Method::kDelete, "/api/v1/keys/{key}", take_by<revoke_key, OperatorParts>},
    OperatorRoute{Method::kGet, "/api/v1/audit", take_by<show_server_audit, OperatorParts>},
};

}  // namespace

std::span<const OperatorRoute> operator_routes() { return kRoutes; }

void add_operator_routes(Routes& routes, OperatorAccess& access, Operators operators) {
  auto& authenticator = routes.keep(std::make_unique<OperatorAuthenticator>(access, operators));
  routes.add(operator_routes(), OperatorParts(access, authenticator));
}

}  // namespace doorbuster::platform
