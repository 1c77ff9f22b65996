#include "app/limits.h"

#include <algorithm>
#include <string_view>
#include <thread>

#include "base/assert.h"
#include "net/server.h"

namespace doorbuster::app {
namespace {

// A machine of many cores would promise more connections by default than a process may have files open.
net::Limits fitted(net::Limits limits, const Means& means, uint32_t reactors) {
  if (limits.connections != HttpConfig().max_connections) return limits;
  limits.connections = std::min(limits.connections, net::connections_a_reactor(means.open_files, reactors));
  limits.connections_per_address = std::min(limits.connections_per_address, limits.connections);
  return limits;
}

}  // namespace

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

Means means_of_this_process() {
  return {.cores = std::max(1U, std::thread::hardware_concurrency()), .open_files = net::open_files_max()};
}

Limits limits_of(const Config& config, const Means& means) {
  ASSERT(means.cores > 0);
  const LimitsConfig& limits = config.limits;
  const uint32_t used = std::min(means.cores, net::kReactorsMax);
  const uint32_t reactors = config.threads.reactors > 0 ? config.threads.reactors : used;
  return {.reactors = reactors,
          .idle_cores = config.threads.reactors > 0 ? 0 : means.cores - used,
          .http = fitted(http_limits(config), means, reactors + (config.admin_listen.empty() ? 0 : 1)),
          .sale = {.sales = limits.sales,
                   .holds = limits.holds,
                   .entries = limits.entries,
                   .operator_keys = limits.operator_keys},
          .ring_commands = limits.ring_commands,
          .batch_commands = limits.batch_commands};
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
  if (limits.idle_cores > 0) line("cores without a reactor", limits.idle_cores);
  line("connections a reactor", limits.http.connections);
  line("connections an address", limits.http.connections_per_address);
  line("header of a request", limits.http.header_bytes, " bytes");
  line("body of a request", limits.http.body_bytes, " bytes");
  line("buffers of connections", limits.http.buffer_bytes, " bytes");
  line("sales", limits.sale.sales);
  line("holds and orders", limits.sale.holds);
  line("entries in queues", limits.sale.entries);
  line("commands waiting a reactor", limits.ring_commands);
  line("commands a batch", limits.batch_commands);
  return text;
}

}  // namespace doorbuster::app
