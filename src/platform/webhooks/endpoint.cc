#include "platform/webhooks/endpoint.h"

#include <algorithm>

namespace doorbuster::platform {
namespace {

// http or https, with a host, without a user, a fragment, or anything that has to be encoded in a URL (RFC 3986).
bool is_web_url(std::string_view text) {
  const size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  const std::string_view rest = text.substr(scheme);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const auto is_allowed = [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("\"#<>\\^`{|}").find(c) == std::string_view::npos;
  };
  return scheme != 0 && !authority.empty() && authority.front() != ':' &&
         authority.find('@') == std::string_view::npos && std::all_of(rest.begin(), rest.end(), is_allowed);
}

// "order.paid"; "webhook.test" is none: it goes to everybody who asks for it.
bool is_event_type(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz_";
  const size_t dot = text.find('.');
  const auto is_part = [&](std::string_view part) {
    return !part.empty() && part.find_first_not_of(kLetters) == std::string_view::npos;
  };
  return dot != std::string_view::npos && is_part(text.substr(0, dot)) && is_part(text.substr(dot + 1));
}

}  // namespace

bool is_endpoint_id(std::string_view text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return !text.empty() && text.size() <= 64 && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

void apply(const EndpointChange& change, WebhookEndpoint& endpoint) {
  endpoint.name = change.name.value_or(endpoint.name);
  endpoint.url = change.url.value_or(endpoint.url);
  endpoint.types = change.types.value_or(endpoint.types);
  endpoint.in_flight = change.in_flight.value_or(endpoint.in_flight);
  endpoint.batch = change.batch.value_or(endpoint.batch);
}

Result<void> check_endpoint(const WebhookEndpoint& endpoint) {
  const std::string name = "the webhook endpoint '" + endpoint.id + "'";
  if (!is_endpoint_id(endpoint.id))
    return fail(ErrorCode::kInvalid, name + " needs an id of 1 to 64 letters, digits, '-' and '_'");
  if (!is_web_url(endpoint.url)) {
    return fail(ErrorCode::kInvalid, name +
                                         " needs a url that begins with https:// or http://, names a host, and has "
                                         "neither a user nor a '#'");
  }
  if (endpoint.secrets.empty()) return fail(ErrorCode::kInvalid, name + " needs a secret (whsec_...)");
  const auto wrong = std::find_if_not(endpoint.types.begin(), endpoint.types.end(), is_event_type);
  if (wrong != endpoint.types.end())
    return fail(ErrorCode::kInvalid, name + ": '" + *wrong + "' is not an event such as \"order.paid\"");
  if (endpoint.in_flight == 0 || endpoint.in_flight > kInFlightMax)
    return fail(ErrorCode::kInvalid, name + " may have 1 to " + std::to_string(kInFlightMax) + " requests in flight");
  if (endpoint.batch == 0 || endpoint.batch > kBatchMax)
    return fail(ErrorCode::kInvalid, name + " may have batches of 1 to " + std::to_string(kBatchMax) + " events");
  return {};
}

}  // namespace doorbuster::platform
