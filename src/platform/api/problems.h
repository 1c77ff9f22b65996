// The answers that say no (RFC 9457), as every service gives them.
#pragma once

#include <string_view>

#include "cell/port.h"
#include "net/exchange.h"
#include "net/status.h"
#include "platform/api/call.h"

namespace doorbuster::platform {

// A problem that no cache keeps; `slug` is the last part of its type.
void respond_problem(net::Exchange& exchange, std::string_view instance, net::Status status, std::string_view slug,
                     std::string_view title, std::string_view detail);

// 400: the request is not understood.
void respond_invalid(net::Exchange& exchange, std::string_view instance, std::string_view detail);

// 503 with Retry-After. A cookie may go with it.
void respond_busy(net::Exchange& exchange, std::string_view instance, std::string_view slug, std::string_view detail,
                  std::string_view set_cookie = {});

// 503 for a command of which a cell can't say that it was decided. Asserts that it was not.
void respond_undecided(net::Exchange& exchange, std::string_view instance, cell::ReplyStatus status,
                       std::string_view set_cookie = {});

// 401, with the challenge of RFC 6750 section 3.
void respond_unauthorized(const Call& call, std::string_view slug, std::string_view detail);

// The token of "Bearer <token>" (RFC 6750 section 2.1; the scheme's case does not matter); empty if there is none.
[[nodiscard]] std::string_view bearer_of(const net::Request& request);

}  // namespace doorbuster::platform
