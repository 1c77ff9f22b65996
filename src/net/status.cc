#include "net/status.h"

#include <array>

#include "base/assert.h"

namespace doorbuster::net {
namespace {

constexpr std::array<std::string_view, 8> kMethodNames = {"GET",   "HEAD",   "POST",    "PUT",
                                                          "PATCH", "DELETE", "OPTIONS", "other"};

struct StatusLine {
  Status status;
  std::string_view line;
};

constexpr StatusLine kStatusLines[] = {
    {Status::kOk, "HTTP/1.1 200 OK\r\n"},
    {Status::kCreated, "HTTP/1.1 201 Created\r\n"},
    {Status::kAccepted, "HTTP/1.1 202 Accepted\r\n"},
    {Status::kNoContent, "HTTP/1.1 204 No Content\r\n"},
    {Status::kMovedPermanently, "HTTP/1.1 301 Moved Permanently\r\n"},
    {Status::kFound, "HTTP/1.1 302 Found\r\n"},
    {Status::kSeeOther, "HTTP/1.1 303 See Other\r\n"},
    {Status::kNotModified, "HTTP/1.1 304 Not Modified\r\n"},
    {Status::kTemporaryRedirect, "HTTP/1.1 307 Temporary Redirect\r\n"},
    {Status::kPermanentRedirect, "HTTP/1.1 308 Permanent Redirect\r\n"},
    {Status::kBadRequest, "HTTP/1.1 400 Bad Request\r\n"},
    {Status::kUnauthorized, "HTTP/1.1 401 Unauthorized\r\n"},
    {Status::kForbidden, "HTTP/1.1 403 Forbidden\r\n"},
    {Status::kNotFound, "HTTP/1.1 404 Not Found\r\n"},
    {Status::kMethodNotAllowed, "HTTP/1.1 405 Method Not Allowed\r\n"},
    {Status::kNotAcceptable, "HTTP/1.1 406 Not Acceptable\r\n"},
    {Status::kRequestTimeout, "HTTP/1.1 408 Request Timeout\r\n"},
    {Status::kConflict, "HTTP/1.1 409 Conflict\r\n"},
    {Status::kGone, "HTTP/1.1 410 Gone\r\n"},
    {Status::kPreconditionFailed, "HTTP/1.1 412 Precondition Failed\r\n"},
    {Status::kContentTooLarge, "HTTP/1.1 413 Content Too Large\r\n"},
    {Status::kUriTooLong, "HTTP/1.1 414 URI Too Long\r\n"},
    {Status::kUnsupportedMediaType, "HTTP/1.1 415 Unsupported Media Type\r\n"},
    {Status::kExpectationFailed, "HTTP/1.1 417 Expectation Failed\r\n"},
    {Status::kUnprocessableContent, "HTTP/1.1 422 Unprocessable Content\r\n"},
    {Status::kTooEarly, "HTTP/1.1 425 Too Early\r\n"},
    {Status::kPreconditionRequired, "HTTP/1.1 428 Precondition Required\r\n"},
    {Status::kTooManyRequests, "HTTP/1.1 429 Too Many Requests\r\n"},
    {Status::kHeaderFieldsTooLarge, "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
    {Status::kUnavailableForLegalReasons, "HTTP/1.1 451 Unavailable For Legal Reasons\r\n"},
    {Status::kInternalServerError, "HTTP/1.1 500 Internal Server Error\r\n"},
    {Status::kNotImplemented, "HTTP/1.1 501 Not Implemented\r\n"},
    {Status::kBadGateway, "HTTP/1.1 502 Bad Gateway\r\n"},
    {Status::kServiceUnavailable, "HTTP/1.1 503 Service Unavailable\r\n"},
    {Status::kGatewayTimeout, "HTTP/1.1 504 Gateway Timeout\r\n"},
};

// By its code: its place in kStatusLines plus one, or 0.
constexpr auto kPlaceOfCode = [] {
  std::array<uint8_t, 600> places{};
  uint8_t place = 0;
  for (const StatusLine& entry : kStatusLines) places.at(code_of(entry.status)) = ++place;
  return places;
}();

}  // namespace

std::string_view name_of(Method method) { return kMethodNames[static_cast<size_t>(method)]; }

Method method_from(std::string_view name) {
  for (size_t i = 0; i + 1 < kMethodNames.size(); ++i) {
    if (kMethodNames[i] == name) return static_cast<Method>(i);
  }
  return Method::kOther;
}

std::string_view status_line(Status status) {
  const unsigned code = code_of(status);
  ASSERT(code < kPlaceOfCode.size() && kPlaceOfCode[code] > 0);
  return kStatusLines[kPlaceOfCode[code] - 1].line;
}

std::string_view reason_of(Status status) {
  constexpr size_t kBefore = std::string_view("HTTP/1.1 200 ").size();
  const std::string_view line = status_line(status);
  return line.substr(kBefore, line.size() - kBefore - 2);
}

}  // namespace doorbuster::net
