#include "engine/world.h"

#include <thread>

#include "base/prng.h"

namespace doorbuster::bench {
namespace {

constexpr CellId kCell{0};

}  // namespace

World::World(std::unique_ptr<log::RocksdbLog> log, size_t clients)
    : log_(std::move(log)),
      cell_(
          kCell, *log_, [] { return std::make_unique<sale::Machine>(sale::Capacity{}); },
          [this](sale::Machine::Publication&& publication) {
            open_.store(publication.status.state == sale::SaleState::kOpen, std::memory_order_release);
          },
          // No snapshot: one would stop the decisions in the middle.
          cell::CellOptions{.events_a_snapshot = UINT64_MAX}),
      host_(*log_, clock_),
      runner_(host_, cell_, probe_,
              {.on_durable = [this](Sequence tail) { commits_.push_back({tail, clock_.now()}); },
               .on_trouble =
                   [](const std::string& trouble) {
                     std::fprintf(stderr, "%s\n", trouble.c_str());
                     std::abort();
                   }}) {
  for (size_t i = 0; i < clients; ++i) cell_.attach(clients_.emplace_back(std::make_unique<Client>())->port);
}

Result<std::unique_ptr<World>> World::start(const std::filesystem::path& folder, size_t clients,
                                            sale::Settings settings) {
  auto log = TRY(log::RocksdbLog::start({.directory = folder}));
  std::unique_ptr<World> world(new World(std::move(log), clients));
  TRY(world->runner_.claim());
  world->host_.start();
  world->open_sale(std::move(settings));
  return world;
}

void World::open_sale(sale::Settings settings) {
  SalePort& port = client(0).port;
  ASSERT(port.submit(0, sale::CreateSale{std::make_unique<sale::Settings>(std::move(settings)), false, {}}));
  port.flush();
  size_t answers = 0;
  while (answers == 0 || !open_.load(std::memory_order_acquire)) {
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
  while (answered < count) {
    uint64_t allowed = count;
    if (a_second > 0) {
      const auto elapsed = static_cast<double>((world.clock().now() - start).micros()) / 1e6;
      allowed = std::min(count, static_cast<uint64_t>(elapsed * a_second));
    }
    while (asked < allowed &&
           client.port.submit(asked, sale::Reserve{sale::SaleNumber(0), customer_at(first + asked), {}})) {
      ++asked;
    }
    client.port.flush();
    const size_t drained = client.port.drain([&](SalePort::Answer&& answer) {
      held += answer.status == cell::ReplyStatus::kDecided && answer.reply.outcome == sale::Outcome::kDone ? 1 : 0;
    });
    answered += drained;
    if (drained == 0) client.bell.wait(std::chrono::milliseconds(a_second > 0 ? 1 : 100));
  }
  return held;
}

}  // namespace doorbuster::bench
