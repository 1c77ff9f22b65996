// Every bound of the running server, worked out from its configuration and the machine under it, and shown at the
// start.
#pragma once

#include <string>

#include "app/config.h"
#include "net/limits.h"
#include "sale/machine/state.h"

namespace doorbuster::app {

struct Limits {
  uint32_t reactors = 1;
  net::Limits http;
  sale::Capacity sale;
  uint32_t ring_commands = 0;  // of each reactor
  uint32_t batch_commands = 0;
  uint32_t webhook_queue = 0;  // of each webhook
};

[[nodiscard]] net::Limits http_limits(const Config& config);

// `cores` is what the process may use. The configuration is free of contradictions.
[[nodiscard]] Limits limits_of(const Config& config, uint32_t cores);

// One bound a line, for people: "connections              8192".
[[nodiscard]] std::string describe(const Limits& limits);

}  // namespace doorbuster::app
