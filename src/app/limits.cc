#include "app/limits.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <string_view>

#include "base/assert.h"
#include "base/cpu_share.h"
#include "net/server.h"
#include "platform/api/cell_client.h"
#include "sale/machine/machine.h"

namespace doorbuster::app {
namespace {

// A machine of many cores would promise more connections by default than a process may have files open.
net::Limits fitted(net::Limits limits, const Means& means, uint32_t reactors) {
  if (limits.connections != net::Limits().connections) return limits;
  limits.connections = std::min(limits.connections, net::connections_a_reactor(means.open_files, reactors));
  limits.connections_per_address = std::min(limits.connections_per_address, limits.connections);
  return limits;
}

// What the machine has, or this process may map (ulimit -v).
uint64_t memory_bytes() {
  const uint64_t physical =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  rlimit space{};
  const bool is_limited = getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY;
  return is_limited ? std::min<uint64_t>(physical, space.rlim_cur) : physical;
}

}  // namespace

Means means_of_this_process() {
  return {.cores = usable_cores(), .open_files = net::open_files_max(), .memory_bytes = memory_bytes()};
}

Limits limits_of(const Config& config, const Means& means) {
  ASSERT(means.cores > 0);
  const uint32_t used = std::min(means.cores, net::kReactorsMax);
  const uint32_t reactors = config.reactors > 0 ? config.reactors : used;
  return {.reactors = reactors,
          .idle_cores = config.reactors > 0 ? 0 : means.cores - used,
          .http = fitted(config.http, means, reactors + (config.admin_listen.empty() ? 0 : 1)),
          .cells = config.sale.cells,
          .sale = config.sale.capacity,
          .ring_commands = config.sale.ring_commands,
          .batch_commands = config.sale.cell.commands_a_turn};
}

uint64_t ring_bytes(const Limits& limits) {
  using Client = platform::CellClient<sale::Machine>;
  constexpr uint64_t kBytesACommand = sizeof(Client::Port::Request) + sizeof(Client::Port::Answer);
  const uint64_t in_ports =
      uint64_t{std::bit_ceil(Client::port_capacity(limits.ring_commands, limits.cells))} * limits.cells;
  const uint64_t waiting = limits.cells > 1 ? limits.ring_commands : 0;  // for room in a port
  return kBytesACommand * (in_ports + waiting) * (limits.reactors + 1);  // one may be for operators
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
  line("cells", limits.cells);
  line("sales a cell", limits.sale.sales);
  line("holds and orders a cell", limits.sale.holds);
  line("entries in queues a cell", limits.sale.entries);
  line("attached to them a cell", limits.sale.annotation_bytes, " bytes");
  line("share of a sale", limits.sale.sale_share_percent, " % of what other sales leave of these three");
  line("share of guests", limits.sale.guest_share_percent, " % of these three, and of each sale's part");
  line("commands waiting a reactor", limits.ring_commands);
  line("commands a batch", limits.batch_commands);
  return text;
}

}  // namespace doorbuster::app
