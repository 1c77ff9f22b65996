// Whom webhooks tell what, and how that goes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "platform/webhooks/backlog.h"

namespace doorbuster::platform {

inline constexpr size_t kWebhookEndpointsMax = 64;
inline constexpr size_t kEndpointNameBytesMax = 200;
inline constexpr size_t kEndpointUrlBytesMax = 2'000;
inline constexpr size_t kEndpointTypesMax = 64;
inline constexpr size_t kEndpointTypeBytesMax = 64;

struct EndpointSecret {
  std::string text;                     // whsec_...
  std::optional<Timestamp> until = {};  // it signs till then; nothing: for good
};

// Whether the configuration file names it, or an operator made it by a call. The file alone changes what it names.
enum class EndpointOrigin { kConfiguration, kApi };
inline constexpr std::array<std::string_view, 2> kEndpointOriginNames = {"configuration", "api"};

struct WebhookEndpoint {
  std::string id;                            // is_endpoint_id; its position is kept under this name
  std::string url;                           // http or https
  std::vector<EndpointSecret> secrets = {};  // all of them sign, so that one can be changed without a gap
  std::vector<std::string> types = {};       // "hold.created", ...; all if empty
  uint32_t in_flight = kInFlightDefault;     // requests at once
  uint32_t batch = 1;                        // events a request; more than 1: requests are batches
  std::string former_id = {};                // whose position it takes over where it has none of its own
  std::string name = {};                     // for people
  EndpointOrigin origin = EndpointOrigin::kConfiguration;
  Timestamp created_at = {};    // by API
  std::string created_by = {};  // the id of the operator's key
  RequestKey made_by = {};      // the request that made it
  RequestKey rotated_by = {};   // the request that made its newest secret
};

// 1 to 64 letters, digits, '-' and '_'.
[[nodiscard]] bool is_endpoint_id(std::string_view text);

// What an operator changes of an endpoint; the rest stays.
struct EndpointChange {
  std::optional<std::string> name = {};
  std::optional<std::string> url = {};
  std::optional<std::vector<std::string>> types = {};
  std::optional<uint32_t> in_flight = {};
  std::optional<uint32_t> batch = {};
};
void apply(const EndpointChange& change, WebhookEndpoint& endpoint);

// kInvalid says what the endpoint needs.
[[nodiscard]] Result<void> check_endpoint(const WebhookEndpoint& endpoint);

enum class EndpointState { kHealthy, kFailing, kDisabled };
inline constexpr std::array<std::string_view, 3> kEndpointStateNames = {"healthy", "failing", "disabled"};

struct EndpointStatus {
  WebhookEndpoint endpoint;  // without its secrets
  std::optional<Timestamp> old_secret_until = {};
  EndpointState state = EndpointState::kHealthy;
  std::optional<Disabled> disabled = {};
  std::optional<Timestamp> failing_since = {};
  std::vector<SourcePosition> positions = {};  // without the ranges
  uint64_t behind = 0;                         // events of the logs above the positions
  size_t waiting = 0;                          // deliveries that were read and not made
  std::optional<Timestamp> oldest_at = {};     // of them: when it happened
  uint32_t in_flight = 0;                      // requests
  uint64_t delivered = 0;                      // deliveries, since the start of the server
  uint64_t failed = 0;                         // attempts of deliveries, since then
  std::string last_error = {};
  std::string last_error_trace = {};  // the trace id of the request that failed
};

}  // namespace doorbuster::platform
