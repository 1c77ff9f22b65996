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

}  // namespace

Result<std::string> measure_decisions(const std::filesystem::path& folder, uint64_t count, uint32_t clients) {
  auto world = TRY(World::start(folder, clients, open_sale_of(static_cast<uint32_t>(count), 86'400)));
  const uint64_t batches = world->probe().batches.value();
  const uint64_t append_micros = world->probe().append_micros.sum();
  const double wall = wall_seconds(), cpu = process_cpu_seconds();
  const std::vector<Share> shares = reserve_in_parallel(*world, count, clients);
  const double seconds = wall_seconds() - wall, cpu_seconds = process_cpu_seconds() - cpu;
  uint64_t held = 0;
  double client_seconds = 0;
  for (const Share& share : shares) {
    held += share.held;
    client_seconds += share.cpu_seconds;
  }
  const auto decided = static_cast<double>(held);
  const auto written = static_cast<double>(world->probe().batches.value() - batches);
  std::string text;
  JsonWriter(text)
      .begin_object()
      .member("ok", held == count / clients * clients)
      .member("held", held)
      .member("seconds", seconds)
      .member("per_second", decided / seconds)
      .member("batches", written)
      .member("events_a_batch", decided / written)
      .member("append_us", static_cast<double>(world->probe().append_micros.sum() - append_micros) / written)
      .member("cpu_us", cpu_seconds / decided * 1e6)
      .member("client_cpu_us", client_seconds / decided * 1e6)
      .end_object();
  return text;
}

}  // namespace doorbuster::bench
