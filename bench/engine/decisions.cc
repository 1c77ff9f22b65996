#include <thread>

#include "base/json_writer.h"
#include "engine/benches.h"
#include "engine/measure.h"
#include "engine/world.h"

namespace doorbuster::bench {
namespace {

struct Share {
  uint64_t held = 0;
  double cpu_seconds = 0;
};

// Every client reserves its own part of the customers, on a thread of its own.
std::vector<Share> reserve_in_parallel(World& world, uint64_t count, uint32_t clients) {
  std::vector<Share> shares(clients);
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      shares[i].held = reserve_all(world, world.client(i), i * (count / clients), count / clients);
      shares[i].cpu_seconds = thread_cpu_seconds();
    });
  }
  for (std::thread& thread : threads) thread.join();
  return shares;
}

// Of all cells together.
struct Written {
  uint64_t batches = 0;
  uint64_t append_micros = 0;
  uint64_t snapshots = 0;
};

Written written_by(const World& world) {
  Written all;
  for (size_t i = 0; i < world.cells(); ++i) {
    all.batches += world.cell(i).probe.batches.value();
    all.append_micros += world.cell(i).probe.append_micros.sum();
    all.snapshots += world.cell(i).probe.snapshots.value();
  }
  return all;
}

}  // namespace

Result<std::string> measure_decisions(const std::filesystem::path& folder, uint64_t count, uint32_t clients,
                                      uint32_t cells) {
  const WorldOptions options{.clients = clients, .cells = cells};
  auto world = TRY(World::start(folder, options, open_sale_of(static_cast<uint32_t>(count), 86'400)));
  const Written before = written_by(*world);
  const double wall = wall_seconds(), cpu = process_cpu_seconds();
  const std::vector<Share> shares = reserve_in_parallel(*world, count, clients);
  const double seconds = wall_seconds() - wall, cpu_seconds = process_cpu_seconds() - cpu;
  const Written after = written_by(*world);
  uint64_t held = 0;
  double client_seconds = 0;
  for (const Share& share : shares) {
    held += share.held;
    client_seconds += share.cpu_seconds;
  }
  const auto decided = static_cast<double>(held);
  const auto batches = static_cast<double>(after.batches - before.batches);
  std::string text;
  JsonWriter(text)
      .begin_object()
      .member("ok", held == count / clients * clients)
      .member("held", held)
      .member("cells", cells)
      .member("seconds", seconds)
      .member("per_second", decided / seconds)
      .member("batches", batches)
      .member("events_a_batch", decided / batches)
      .member("append_us", static_cast<double>(after.append_micros - before.append_micros) / batches)
      .member("cpu_us", cpu_seconds / decided * 1e6)
      .member("client_cpu_us", client_seconds / decided * 1e6)
      .member("snapshots", after.snapshots)
      .end_object();
  return text;
}

}  // namespace doorbuster::bench
