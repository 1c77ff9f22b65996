#include <algorithm>
#include <functional>

#include "base/json_writer.h"
#include "engine/benches.h"
#include "engine/measure.h"
#include "engine/world.h"

namespace doorbuster::bench {
namespace {

constexpr uint32_t kSecondsBefore = 10;
constexpr uint32_t kSecondsMax = 120;

// Asks for one hold after another at an even pace, for as long as `goes_on` says, and measures each.
class PacedHolds {
 public:
  PacedHolds(World& world, Client& client, uint64_t first, uint32_t a_second)
      : world_(world), client_(client), next_(first), a_second_(a_second) {}

  std::vector<int64_t> measure(const std::function<bool()>& goes_on) {
    std::vector<int64_t> micros;
    std::vector<Timestamp> asked;
    SalePort& port = *client_.ports[0];
    const Timestamp start = world_.clock().now();
    const Timestamp end = start + Duration::seconds(kSecondsMax);
    for (bool asks = true; asks || micros.size() < asked.size();) {
      const Timestamp now = world_.clock().now();
      asks = asks && now < end && goes_on();
      const auto allowed = static_cast<double>((now - start).micros()) / 1e6 * a_second_;
      while (asks && static_cast<double>(asked.size()) < allowed &&
             port.submit(asked.size(), sale::Reserve{sale::SaleNumber(0), customer_at(next_), {}})) {
        ++next_;
        asked.push_back(now);
      }
      port.flush();
      port.drain([&](SalePort::Answer&& answer) {
        ASSERT(answer.reply.outcome == sale::Outcome::kDone);
        micros.push_back((world_.clock().now() - asked[answer.ticket.value]).micros());
      });
      client_.bell.wait(std::chrono::microseconds(200));
    }
    return micros;
  }

 private:
  World& world_;
  Client& client_;
  uint64_t next_;
  const uint32_t a_second_;
};

void tell(JsonWriter& json, const std::string& name, std::vector<int64_t> micros) {
  json.dynamic_key(name + "_holds").value(micros.size());
  json.dynamic_key(name + "_p50_us").value(percentile(micros, 0.5));
  json.dynamic_key(name + "_p99_us").value(percentile(micros, 0.99));
  json.dynamic_key(name + "_max_us").value(percentile(micros, 1));
}

}  // namespace

Result<std::string> measure_snapshot(const std::filesystem::path& folder, uint64_t count, uint32_t a_second) {
  const uint64_t before_it = uint64_t{a_second} * kSecondsBefore;
  const uint64_t all = count + before_it + uint64_t{a_second} * kSecondsMax;
  // Due a little after the measurement without one has ended.
  const WorldOptions options{.snapshot_every_events = count + before_it + a_second,
                             .capacity = {.holds = static_cast<uint32_t>(all), .sale_share_percent = 100}};
  auto world = TRY(World::start(folder, options, open_sale_of(static_cast<uint32_t>(all), 86'400)));
  const uint64_t held = reserve_all(*world, world->client(0), 0, count);
  PacedHolds holds(*world, world->client(0), count, a_second);
  const cell::CellProbe& probe = world->cell().probe;
  const Timestamp start = world->clock().now();
  const std::vector<int64_t> without =
      holds.measure([&] { return (world->clock().now() - start).micros() < int64_t{kSecondsBefore} * 1'000'000; });
  // Up to where it begins.
  (void)holds.measure([&] { return probe.durable_tail.load() + a_second / 100 < options.snapshot_every_events; });
  const double wall = wall_seconds();
  const std::vector<int64_t> during = holds.measure([&] { return probe.snapshots.value() == 0; });
  const double seconds = wall_seconds() - wall;
  const auto bytes = std::filesystem::file_size(folder / "cell-0.snapshot");
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .member("ok", held == count && probe.snapshots.value() == 1)
      .member("records", count)
      .member("snapshot_seconds", seconds)
      .member("snapshot_mib", static_cast<double>(bytes) / (1 << 20));
  tell(json, "without", without);
  tell(json, "during", during);
  json.end_object();
  return text;
}

}  // namespace doorbuster::bench
