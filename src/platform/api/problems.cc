#include "platform/api/problems.h"

#include <algorithm>

#include "base/assert.h"
#include "net/problem.h"
#include "net/text.h"

namespace doorbuster::platform {

using net::Status;

void respond_problem(net::Exchange& exchange, std::string_view instance, Status status, std::string_view slug,
                     std::string_view title, std::string_view detail) {
  net::respond(exchange,
               {.status = status, .slug = slug, .title = title, .detail = detail, .instance = instance, .members = {}},
               {{"Cache-Control", "no-store"}});
}

void respond_invalid(net::Exchange& exchange, std::string_view instance, std::string_view detail) {
  respond_problem(exchange, instance, Status::kBadRequest, "invalid-request", "The request can't be understood",
                  detail);
}

void respond_busy(net::Exchange& exchange, std::string_view instance, std::string_view slug, std::string_view detail,
                  std::string_view set_cookie) {
  net::HeaderList headers{{"Cache-Control", "no-store"}};
  if (!set_cookie.empty()) headers.add({"Set-Cookie", set_cookie});
  net::respond(exchange,
               {.status = Status::kServiceUnavailable,
                .slug = slug,
                .title = "Try again in a moment",
                .detail = detail,
                .instance = instance,
                .members = {}},
               headers);
}

void respond_undecided(net::Exchange& exchange, std::string_view instance, cell::ReplyStatus status,
                       std::string_view set_cookie) {
  ASSERT(status != cell::ReplyStatus::kDecided);
  if (status == cell::ReplyStatus::kUnknown) {
    return respond_busy(
        exchange, instance, "outcome-unknown",
        "The store could not say whether this took effect. Ask again with the same Idempotency-Key, or look it up.",
        set_cookie);
  }
  respond_busy(exchange, instance, "unavailable",
               "This server does not own what is asked for at the moment: nothing was done.", set_cookie);
}

void respond_unauthorized(const Call& call, std::string_view slug, std::string_view detail) {
  net::respond(
      call.exchange,
      {.status = Status::kUnauthorized,
       .slug = slug,
       .title = "Authentication required",
       .detail = detail,
       .instance = call.request.path(),
       .members = {}},
      {{"WWW-Authenticate", bearer_of(call.request).empty() ? "Bearer realm=\"doorbuster\""
                                                            : "Bearer realm=\"doorbuster\", error=\"invalid_token\""},
       {"Cache-Control", "no-store"}});
}

std::string_view bearer_of(const net::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view authorization = request.header(net::Known::kAuthorization);
  if (!net::equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return {};
  const std::string_view token = authorization.substr(kScheme.size());
  return token.substr(std::min(token.find_first_not_of(' '), token.size()));
}

}  // namespace doorbuster::platform
