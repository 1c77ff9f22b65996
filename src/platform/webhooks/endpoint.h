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

struct WebhookEndpoint {
  std::string id;                         // 1 to 64 letters, digits, '-', '_'; its position is kept under this name
  std::string url;                        // http or https
  std::vector<std::string> secrets;       // whsec_...; all of them sign, so that one can be changed without a gap
  std::vector<std::string> types = {};    // "hold.created", ...; all if empty
  uint32_t in_flight = kInFlightDefault;  // requests at once
  uint32_t batch = 1;                     // events a request; more than 1: requests are batches
  std::string former_id = {};             // whose position it takes over where it has none of its own
};

// 1 to 64 letters, digits, '-' and '_'.
[[nodiscard]] bool is_endpoint_id(std::string_view text);

enum class EndpointState { kHealthy, kFailing, kDisabled };
inline constexpr std::array<std::string_view, 3> kEndpointStateNames = {"healthy", "failing", "disabled"};

struct EndpointStatus {
  std::string id;
  std::string url;
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
