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
  uint32_t idle_cores = 0;  // more than there can be reactors
  net::Limits http;
  uint32_t cells = 1;
  sale::Capacity sale;         // of each cell
  uint32_t ring_commands = 0;  // of each reactor, to all cells
  size_t batch_commands = 0;
};

// What the machine gives to this process.
struct Means {
  uint32_t cores = 1;
  uint64_t open_files = UINT64_MAX;
  uint64_t memory_bytes = UINT64_MAX;
};
[[nodiscard]] Means means_of_this_process();

// The configuration is free of contradictions. What it leaves to us (reactors, and connections if they are as many as
// they are by default) is fitted to the means; what it sets stands, and the server does not start if it cannot be.
[[nodiscard]] Limits limits_of(const Config& config, const Means& means);

// Memory for the commands that wait for their decision; it is taken at the start.
[[nodiscard]] uint64_t ring_bytes(const Limits& limits);

// One bound a line, for people: "connections              8192".
[[nodiscard]] std::string describe(const Limits& limits);

}  // namespace doorbuster::app
