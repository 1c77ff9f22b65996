// Deliveries for tests of what orders them.
#pragma once

#include <string_view>
#include <vector>

#include "platform/webhooks/delivery.h"

namespace doorbuster::platform::testing {

inline const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00Z").value();

inline TracedDelivery traced(uint64_t sequence, std::string_view key) {
  return {std::make_shared<const Delivery>(Delivery{.sequence = sequence,
                                                    .key = std::string(key),
                                                    .id = "evt_" + std::to_string(sequence),
                                                    .resource = "/api/v1/sales/ps5",
                                                    .type = "hold.created",
                                                    .at = kNow,
                                                    .json = "{}"}),
          TraceContext{}};
}

inline std::vector<uint64_t> numbers(const std::vector<TracedDelivery>& deliveries) {
  std::vector<uint64_t> all;
  for (const TracedDelivery& each : deliveries) all.push_back(each.delivery->sequence);
  return all;
}

}  // namespace doorbuster::platform::testing
