// The methods and status codes this server speaks (RFC 9110 sections 9 and 15, RFC 6585, RFC 5789).
#pragma once

#include <cstdint>
#include <string_view>

namespace doorbuster::net {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

[[nodiscard]] std::string_view name_of(Method method);
[[nodiscard]] Method method_from(std::string_view name);  // case matters; kOther if it is none of them

enum class Status : uint16_t {
  kOk = 200,
  kCreated = 201,
  kAccepted = 202,
  kNoContent = 204,
  kMovedPermanently = 301,
  kFound = 302,
  kSeeOther = 303,
  kNotModified = 304,
  kTemporaryRedirect = 307,
  kPermanentRedirect = 308,
  kBadRequest = 400,
  kUnauthorized = 401,
  kForbidden = 403,
  kNotFound = 404,
  kMethodNotAllowed = 405,
  kNotAcceptable = 406,
  kRequestTimeout = 408,
  kConflict = 409,
  kGone = 410,
  kPreconditionFailed = 412,
  kContentTooLarge = 413,
  kUriTooLong = 414,
  kUnsupportedMediaType = 415,
  kExpectationFailed = 417,
  kUnprocessableContent = 422,
  kTooEarly = 425,
  kPreconditionRequired = 428,
  kTooManyRequests = 429,
  kHeaderFieldsTooLarge = 431,
  kUnavailableForLegalReasons = 451,
  kInternalServerError = 500,
  kNotImplemented = 501,
  kBadGateway = 502,
  kServiceUnavailable = 503,
  kGatewayTimeout = 504,
};

[[nodiscard]] constexpr unsigned code_of(Status status) { return static_cast<unsigned>(status); }

// "HTTP/1.1 200 OK\r\n"
[[nodiscard]] std::string_view status_line(Status status);

// "OK"
[[nodiscard]] std::string_view reason_of(Status status);

// False for the statuses that never carry content (RFC 9110 section 6.4.1).
[[nodiscard]] constexpr bool may_have_body(Status status) {
  return status != Status::kNoContent && status != Status::kNotModified;
}

}  // namespace doorbuster::net
