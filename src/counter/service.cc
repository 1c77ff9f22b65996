#include "counter/service.h"

#include <utility>

namespace doorbuster::counter {
namespace {

constexpr CellId kCell{0};

}  // namespace

CounterService::CounterService(const CounterSettings& settings, CounterPorts ports)
    : settings_(settings),
      ports_(std::move(ports)),
      follower_(ports_.log, {kCell}, totals_,
                {.store = ports_.views, .name = "counter", .on_trouble = ports_.on_trouble}),
      feed_(ports_.log, kCell, follower_),
      cell_(
          kCell, ports_.log, [] { return std::make_unique<CounterMachine>(); },
          [this](uint64_t&& counters) { counters_.store(counters, std::memory_order_relaxed); }),
      host_(ports_.log, ports_.clock),
      runner_(host_, cell_, probe_,
              {.on_durable = [this](Sequence tail) { follower_.note_durable(kCell, tail); },
               .on_trouble = ports_.on_trouble}) {
  cell_.on_traced([this](Sequence first, uint32_t count, const TraceContext& trace) {
    follower_.traces(kCell).note(first, count, trace);
  });
}

void CounterService::add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators) {
  using net::Method;
  Reactor& reactor = *reactors_.emplace_back(std::make_unique<Reactor>(loop, settings_.limit));
  cell_.attach(reactor.cell.port(kCell));
  routes.add(Method::kPost, "/api/v1/counters/{counter}",
             [&reactor, this](const platform::Call& call) { add_to_counter(call, reactor.asker, ports_.gate); });
  routes.add(Method::kGet, "/api/v1/counters/{counter}",
             [this](const platform::Call& call) { show_counter(call, follower_, totals_); });
  routes.add(Method::kGet, "/counters", [this](const platform::Call& call) { show_page(call, follower_, totals_); });
}

Result<platform::Started> CounterService::start() {
  const cell::Recovered recovered = TRY(runner_.claim());
  follower_.start({recovered.lease.tail});
  host_.start();
  is_started_ = true;
  return platform::Started{.events = recovered.lease.tail.value(), .replayed = recovered.replayed};
}

void CounterService::stop() {
  if (!std::exchange(is_started_, false)) return;
  host_.stop();
  follower_.stop();
}

Result<void> CounterService::ready() const {
  if (probe_.ownership.load(std::memory_order_acquire) == cell::Ownership::kOwner) return {};
  return fail(ErrorCode::kUnavailable, "the counters' log is not ours, or still being replayed: wait");
}

void CounterService::add_metrics(ops::Metrics& metrics) {
  metrics.gauge("doorbuster_counters", "Counters to which something was added.",
                [this] { return static_cast<double>(counters_.load(std::memory_order_relaxed)); });
  metrics.counter("doorbuster_counter_refusals_total", "Additions that would have passed the limit.", [this] {
    uint64_t sum = 0;
    for (const auto& reactor : reactors_) sum += reactor->refused.value();
    return static_cast<double>(sum);
  });
}

}  // namespace doorbuster::counter
