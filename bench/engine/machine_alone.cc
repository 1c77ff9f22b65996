#include <algorithm>

#include "base/json_writer.h"
#include "engine/benches.h"
#include "engine/measure.h"
#include "engine/world.h"

namespace doorbuster::bench {
namespace {

using sale::Machine;

constexpr size_t kTurn = 256;          // commands that a cell prefetches before it decides the first
constexpr uint32_t kMeasured = 1'000;  // holds whose cost is taken at one time
constexpr sale::SaleNumber kSale(0);

// A machine with one open sale, driven as a cell drives it, and nothing behind it.
class Alone {
 public:
  explicit Alone(const sale::Capacity& capacity, sale::Settings settings) : machine_(capacity) {
    machine_.go_live(now_);
    ask(sale::CreateSale{std::make_unique<sale::Settings>(std::move(settings)), false, {}});
    while (!machine_.tick(now_, 1'024, sink())) {
    }
    sink_.count = 0;
  }

  template <class Make>
  void ask_many(uint64_t first, uint64_t count, Make&& make) {
    for (uint64_t done = 0; done < count; done += kTurn) {
      now_ = now_ + Duration::micros(100);
      commands_.clear();
      for (uint64_t i = done; i < std::min<uint64_t>(count, done + kTurn); ++i) {
        commands_.push_back(make(first + i));
        machine_.prefetch(commands_.back());
      }
      for (const sale::Command& command : commands_) (void)machine_.decide(command, now_, sink());
      machine_.take_publications([](Machine::Publication&&) {});
    }
  }

  void hold(uint64_t first, uint64_t count) {
    ask_many(first, count, [](uint64_t i) { return sale::Reserve{kSale, customer_at(i), {}}; });
  }
  void join(uint64_t first, uint64_t count) {
    ask_many(first, count, [](uint64_t i) { return sale::Join{kSale, customer_at(i), {}}; });
  }
  [[nodiscard]] sale::PublicStatus status() const { return machine_.state().status_of(kSale); }

 private:
  void ask(sale::Command&& command) { ASSERT(machine_.decide(command, now_, sink()).outcome == sale::Outcome::kDone); }
  // The bytes of events are the log's business: thrown away, as a cell does after each batch.
  EventSink& sink() {
    if (payload_.size() > 100'000) payload_.clear();
    return sink_;
  }

  Timestamp now_ = Timestamp::from_micros(1'700'000'000'000'000);
  std::vector<std::byte> payload_;
  EventSink sink_{payload_};
  Machine machine_;
  std::vector<sale::Command> commands_;
};

double nanoseconds_of_a_hold(Alone& alone, uint64_t first) {
  const double start = thread_cpu_seconds();
  alone.hold(first, kMeasured);
  return (thread_cpu_seconds() - start) / kMeasured * 1e9;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// With `customers` in the sale already: the median of several thousand holds, each thousand on a fresh machine if the
// population must not grow meanwhile.
double cost_on_fresh_machines(uint32_t customers, const sale::Capacity& capacity, uint32_t times) {
  std::vector<double> costs;
  for (uint32_t i = 0; i < times; ++i) {
    Alone alone(capacity, open_sale_of(2 * customers + kMeasured, 86'400));
    alone.hold(0, customers);
    costs.push_back(nanoseconds_of_a_hold(alone, customers));
    ASSERT(alone.status().held == customers + kMeasured);
  }
  return median(costs);
}

double cost_on_one_machine(uint32_t customers, uint32_t times) {
  Alone alone({}, open_sale_of(2 * customers, 86'400));
  alone.hold(0, customers);
  std::vector<double> costs;
  for (uint32_t i = 0; i < times; ++i) costs.push_back(nanoseconds_of_a_hold(alone, customers + i * kMeasured));
  ASSERT(alone.status().held == customers + times * kMeasured);
  return median(costs);
}

}  // namespace

Result<std::string> measure_growth(uint32_t few, uint32_t many) {
  constexpr uint32_t kTimes = 50;
  // The same server with few customers: nearly every hold is the first to touch its pages of the tables.
  const double cold = cost_on_fresh_machines(few, {}, kTimes);
  // Few customers in tables made for few: all of it is in the caches. The hardest comparison there is.
  const double small = cost_on_fresh_machines(few, {.holds = 4 * few, .entries = 4 * few}, kTimes);
  const double large = cost_on_one_machine(many, kTimes);
  std::string text;
  JsonWriter(text)
      .begin_object()
      .member("ok", true)
      .member("few_ns", cold)
      .member("few_in_small_tables_ns", small)
      .member("many_ns", large)
      .end_object();
  return text;
}

Result<std::string> measure_memory(uint32_t count) {
  const uint64_t before = resident_bytes();
  Alone holds({}, open_sale_of(count, 86'400));
  const uint64_t with_machine = resident_bytes();
  holds.hold(0, count);
  const uint64_t with_holds = resident_bytes();
  sale::Settings settings = open_sale_of(1, 86'400);
  settings.queue = sale::QueueKind::kFifo;
  Alone entries({}, std::move(settings));
  const uint64_t with_second = resident_bytes();
  entries.join(0, count);
  const uint64_t with_entries = resident_bytes();
  const auto each = [&](uint64_t from, uint64_t to) { return static_cast<double>(to - from) / count; };
  std::string text;
  JsonWriter(text)
      .begin_object()
      .member("ok", holds.status().held == count && entries.status().waiting + entries.status().offered == count)
      .member("empty_machine_bytes", with_machine - before)
      .member("bytes_a_hold", each(with_machine, with_holds))
      .member("bytes_an_entry", each(with_second, with_entries))
      .end_object();
  return text;
}

}  // namespace doorbuster::bench
