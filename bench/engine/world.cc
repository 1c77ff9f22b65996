#include "engine/world.h"

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/prng.h"

namespace doorbuster::bench {
WorldCell::WorldCell(CellId id, log::Log& log, cell::Host& host, const Clock& clock, const WorldOptions& options)
    : cell(
          id, log, [capacity = options.capacity] { return std::make_unique<sale::Machine>(capacity); },
          [this](sale::Machine::Publication&& publication) {
            is_open.store(publication.status.state == sale::SaleState::kOpen, std::memory_order_release);
          },
          cell::CellOptions{.events_a_snapshot = options.snapshot_every_events}),
      runner(host, cell, probe,
             {.on_durable =
                  [this, &clock](Sequence tail) {
                    commits.push_back({tail, clock.now()});
                  },
              .on_trouble =
                  [](const std::string& trouble) {
                    std::fprintf(stderr, "%s\n", trouble.c_str());
                    std::abort();
                  }}) {}

World::World(std::unique_ptr<log::RocksdbLog> log, const WorldOptions& options)
    : log_(std::move(log)), host_(*log_, clock_) {
  for (size_t i = 0; i < options.clients; ++i) clients_.push_back(std::make_unique<Client>());
  for (uint32_t id = 0; id < options.cells; ++id) {
    auto& each = *cells_.emplace_back(std::make_unique<WorldCell>(CellId(id), *log_, host_, clock_, options));
    for (const auto& client : clients_) {
      auto wake = [bell = &client->bell] { bell->ring(); };
      each.cell.attach(*client->ports.emplace_back(std::make_unique<SalePort>(Client::kUnderWayMax, wake)));
    }
  }
}

Result<std::unique_ptr<World>> World::start(const std::filesystem::path& folder, const WorldOptions& options,
                                            const sale::Settings& settings) {
  auto log = TRY(log::RocksdbLog::start({.directory = folder}));
  std::unique_ptr<World> world(new World(std::move(log), options));
  for (const auto& cell : world->cells_) TRY(cell->runner.claim());
  world->host_.start();
  for (size_t cell = 0; cell < world->cells_.size(); ++cell) world->open_sale(cell, settings);
  return world;
}

void World::open_sale(size_t cell, const sale::Settings& settings) {
  SalePort& port = *client(0).ports[cell];
  ASSERT(port.submit(0, sale::CreateSale{std::make_unique<sale::Settings>(settings), false, {}}));
  port.flush();
  size_t answers = 0;
  while (answers == 0 || !cells_[cell]->is_open.load(std::memory_order_acquire)) {
    answers += port.drain([](SalePort::Answer&& answer) { ASSERT(answer.reply.outcome == sale::Outcome::kDone); });
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

sale::Settings open_sale_of(uint32_t units, uint32_t hold_seconds) {
  sale::Settings settings;
  settings.id = "drop";
  settings.title = "Bench";
  settings.units = units;
  settings.queue = sale::QueueKind::kNone;
  settings.opens_at = Timestamp::from_micros(1);
  settings.hold_seconds = hold_seconds;
  return settings;
}

CustomerHash customer_at(uint64_t index) {
  uint64_t state = index * 2;
  const uint64_t high = splitmix64(state);
  return {high, splitmix64(state)};
}

uint64_t reserve_all(World& world, Client& client, uint64_t first, uint64_t count, double a_second) {
  const Timestamp start = world.clock().now();
  uint64_t asked = 0, answered = 0, held = 0;
  const auto ask_next = [&] {
    SalePort& port = *client.ports[asked % client.ports.size()];
    return port.submit(asked, sale::Reserve{sale::SaleNumber(0), customer_at(first + asked), {}});
  };
  while (answered < count) {
    uint64_t allowed = count;
    if (a_second > 0) {
      const auto elapsed = static_cast<double>((world.clock().now() - start).micros()) / 1e6;
      allowed = std::min(count, static_cast<uint64_t>(elapsed * a_second));
    }
    while (asked < allowed && ask_next()) ++asked;
    size_t drained = 0;
    for (const auto& port : client.ports) {
      port->flush();
      drained += port->drain([&](SalePort::Answer&& answer) {
        held += answer.status == cell::ReplyStatus::kDecided && answer.reply.outcome == sale::Outcome::kDone ? 1 : 0;
      });
    }
    answered += drained;
    if (drained == 0) client.bell.wait(std::chrono::milliseconds(a_second > 0 ? 1 : 100));
  }
  return held;
}

}  // namespace doorbuster::bench
