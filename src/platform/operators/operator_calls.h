// The calls by which operators log in and out of the pages and look after keys: the same for every service.
//
// Keys are rare and their changes slow (argon2, fsync): they are made on the reactor's thread, at the price of a pause
// of some tens of milliseconds for this reactor's connections.
#pragma once

#include <span>

#include "platform/api/parts.h"
#include "platform/api/routes.h"
#include "platform/operators/operator_authenticator.h"

namespace doorbuster::platform {

// /api/v1/session (session_calls.cc)
void open_session(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator);
void show_session(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator);
void close_session(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator);

// /api/v1/keys (key_calls.cc)
void list_keys(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator);
void create_key(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator);
void revoke_key(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator);

// /api/v1/audit (audit_calls.cc)
void show_server_audit(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator);

using OperatorParts = Parts<OperatorAccess, OperatorAuthenticator>;
using OperatorRoute = Route<OperatorParts>;
[[nodiscard]] std::span<const OperatorRoute> operator_routes();

// Adds all of them to one reactor's routes. The access outlives the routes.
void add_operator_routes(Routes& routes, OperatorAccess& access, Operators operators);

}  // namespace doorbuster::platform
