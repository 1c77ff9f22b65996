#include "recs/api/personalize_answers.h"

#include "base/json_writer.h"

namespace doorbuster::recs {
namespace {

struct Exception {
  net::Status status;
  std::string_view name;
};

Exception exception_of(CompatRefusal refusal) {
  switch (refusal) {
    case CompatRefusal::kMissing:
      return {net::Status::kForbidden, "MissingAuthenticationTokenException"};
    case CompatRefusal::kElsewhere:
      return {net::Status::kForbidden, "AccessDeniedException"};
    case CompatRefusal::kUnknown:
      return {net::Status::kForbidden, "UnrecognizedClientException"};
    case CompatRefusal::kTooOften:
      return {net::Status::kTooManyRequests, "ThrottlingException"};
    case CompatRefusal::kSignature:
    case CompatRefusal::kTime:
      return {net::Status::kForbidden, "InvalidSignatureException"};
  }
  return {net::Status::kForbidden, "AccessDeniedException"};
}

}  // namespace

void respond_personalize(net::Exchange& exchange, std::string_view json) {
  exchange.respond(
      net::Response{.content_type = "application/json", .body = json, .headers = {{"Cache-Control", "no-store"}}});
}

void respond_personalize_error(net::Exchange& exchange, net::Status status, std::string_view exception,
                               std::string_view message) {
  std::string& body = exchange.scratch();
  JsonWriter(body).begin_object().member("__type", exception).member("message", message).end_object();
  exchange.respond(net::Response{.status = status,
                                 .content_type = "application/json",
                                 .body = body,
                                 .headers = {{"x-amzn-errortype", exception}, {"Cache-Control", "no-store"}}});
}

void respond_invalid_input(net::Exchange& exchange, std::string_view message) {
  respond_personalize_error(exchange, net::Status::kBadRequest, "InvalidInputException", message);
}

void respond_resource_missing(net::Exchange& exchange, std::string_view message) {
  respond_personalize_error(exchange, net::Status::kNotFound, "ResourceNotFoundException", message);
}

void respond_personalize_busy(net::Exchange& exchange, std::string_view message) {
  respond_personalize_error(exchange, net::Status::kServiceUnavailable, "ServiceUnavailableException", message);
}

std::optional<std::string> personalize_caller(const platform::Call& call, CompatCallers& callers,
                                              const Freshness& freshness) {
  auto actor = callers.by_signature(call);
  if (!actor) {
    const Exception exception = exception_of(actor.error());
    respond_personalize_error(call.exchange, exception.status, exception.name, explain(actor.error()));
    return std::nullopt;
  }
  if (freshness.follower.caught_up()) return *std::move(actor);
  respond_personalize_busy(call.exchange, "What has happened is being read from the log after a start.");
  return std::nullopt;
}

}  // namespace doorbuster::recs
