#include <algorithm>
#include <thread>

#include "base/json_writer.h"
#include "engine/benches.h"
#include "engine/measure.h"
#include "engine/world.h"

namespace doorbuster::bench {
namespace {

constexpr CellId kCell{0};
constexpr uint32_t kHeadStartSeconds = 5;  // between the last hold and the first end
constexpr uint32_t kPatienceSeconds = 30;  // after the last end

// Reads the log of a run and works out how late each hold expired.
class Lateness {
 public:
  explicit Lateness(const std::vector<WorldCell::Commit>& commits) : commits_(commits) {}

  [[nodiscard]] Result<void> read(log::Log& log) {
    Result<void> visited;
    TRY(log.read(kCell, Sequence(1), [&](const log::Batch& batch) {
      sequence_ = batch.first;
      visited = cell::for_each_frame(batch.payload, [&](Timestamp at, uint32_t, Bytes events) {
        return sale::for_each_event(events, [&](const auto& event) {
          note(event, at);
          sequence_ = sequence_ + 1;
        });
      });
      return visited.has_value();
    }));
    return visited;
  }

  std::vector<int64_t> decided;   // the event's own time - the hold's end, in microseconds
  std::vector<int64_t> durable;   // until the log had it on the disk
  uint64_t before_last_hold = 0;  // expired while others were not live yet

 private:
  template <class E>
  void note(const E&, Timestamp) {}
  void note(const sale::Held& event, Timestamp) {
    if (ends_.size() <= event.hold.slot) ends_.resize(event.hold.slot + 1);
    ends_[event.hold.slot] = event.expires_at;
    before_last_hold = decided.size();
  }
  void note(const sale::HoldExpired& event, Timestamp at) {
    const Timestamp end = ends_[event.hold.slot];
    decided.push_back((at - end).micros());
    const auto commit = std::partition_point(commits_.begin(), commits_.end(),
                                             [&](const WorldCell::Commit& c) { return c.tail < sequence_; });
    ASSERT(commit != commits_.end());
    durable.push_back((commit->at - end).micros());
  }

  const std::vector<WorldCell::Commit>& commits_;
  std::vector<Timestamp> ends_;  // by slot; none is used twice in a run
  Sequence sequence_;
};

// One unit more than customers, so that nothing but holds and expiries comes after the sale's creation and opening.
bool wait_for_all(const World& world, uint64_t count, uint32_t seconds) {
  for (uint32_t i = 0; i < seconds * 10; ++i) {
    if (world.cell().probe.durable_tail.load() >= 2 * count + 2) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

}  // namespace

Result<std::string> measure_expiry(const std::filesystem::path& folder, uint64_t count, uint32_t seconds) {
  const uint32_t hold_seconds = seconds + kHeadStartSeconds;
  auto world = TRY(World::start(folder, {}, open_sale_of(static_cast<uint32_t>(count) + 1, hold_seconds)));
  const double a_second = static_cast<double>(count) / seconds;
  const uint64_t held = reserve_all(*world, world->client(0), 0, count, a_second);
  const double cpu = process_cpu_seconds();
  const bool done = wait_for_all(*world, count, hold_seconds + kPatienceSeconds);
  const double expiry_cpu = process_cpu_seconds() - cpu;
  world->stop();
  Lateness lateness(world->cell().commits);
  TRY(lateness.read(world->log()));
  std::string text;
  JsonWriter json(text);
  const bool ok = done && held == count && lateness.before_last_hold == 0 && lateness.decided.size() == count;
  json.begin_object().member("ok", ok).member("live", held).member("expired", lateness.decided.size());
  json.member("expired_before_all_were_live", lateness.before_last_hold)
      .member("cpu_us", expiry_cpu / static_cast<double>(count) * 1e6);
  const auto percentiles = [&](const std::string& name, std::vector<int64_t>& values) {
    const auto quantile = [&](const char* suffix, double q) {
      json.dynamic_key(name + suffix).value(percentile(values, q));
    };
    quantile("_min_us", 0);
    quantile("_p50_us", 0.5);
    quantile("_p99_us", 0.99);
    quantile("_p999_us", 0.999);
    quantile("_max_us", 1);
  };
  percentiles("late", lateness.decided);
  percentiles("durable", lateness.durable);
  json.end_object();
  return text;
}

}  // namespace doorbuster::bench
