#include "app/limits.h"

#include <algorithm>
#include <string_view>

#include "base/assert.h"

namespace doorbuster::app {

net::Limits http_limits(const Config& config) {
  const HttpConfig& http = config.http;
  net::Limits limits;
  limits.connections = http.max_connections;
  limits.connections_per_address = http.connections_per_address;
  limits.header_bytes = http.header_bytes;
  limits.body_bytes = http.body_bytes;
  limits.buffer_bytes = http.buffer_bytes;
  limits.header_time = Duration::seconds(http.header_deadline_seconds);
  limits.receive_bytes_per_second_min = http.min_receive_bytes_per_second;
  limits.idle_time = Duration::seconds(http.idle_seconds);
  limits.deferred_time = Duration::seconds(http.answer_deadline_seconds);
  return limits;
}

Limits limits_of(const Config& config, uint32_t cores) {
  ASSERT(cores > 0);
  const LimitsConfig& limits = config.limits;
  return {.reactors = config.threads.reactors > 0 ? config.threads.reactors : cores,
          .http = http_limits(config),
          .sale = {.sales = limits.sales,
                   .holds = limits.holds,
                   .entries = limits.entries,
                   .operator_keys = limits.operator_keys},
          .ring_commands = limits.ring_commands,
          .batch_commands = limits.batch_commands,
          .webhook_queue = limits.webhook_queue};
}

std::string describe(const Limits& limits) {
  std::string text;
  const auto line = [&](std::string_view name, uint64_t value, std::string_view unit = "") {
    text += name;
    text.append(28 - std::min<size_t>(27, name.size()), ' ');
    text += std::to_string(value);
    text += unit;
    text += '\n';
  };
  line("reactors", limits.reactors);
  line("connections", limits.http.connections);
  line("connections an address", limits.http.connections_per_address);
  line("header of a request", limits.http.header_bytes, " bytes");
  line("body of a request", limits.http.body_bytes, " bytes");
  line("buffers of connections", limits.http.buffer_bytes, " bytes");
  line("sales", limits.sale.sales);
  line("holds and orders", limits.sale.holds);
  line("entries in queues", limits.sale.entries);
  line("commands waiting a reactor", limits.ring_commands);
  line("commands a batch", limits.batch_commands);
  line("events waiting a webhook", limits.webhook_queue);
  return text;
}

}  // namespace doorbuster::app
