#include "app/clock_watch.h"

#include <array>
#include <cstdio>

namespace doorbuster::app {
namespace {

double seconds_ahead(const ServerClock::State& state) { return static_cast<double>(state.ahead.micros()) / 1e6; }

std::string in_words(const ServerClock::State& state) {
  std::array<char, 64> text{};
  const double seconds = seconds_ahead(state);
  std::snprintf(text.data(), text.size(), "%.1f s %s", seconds < 0 ? -seconds : seconds,
                seconds < 0 ? "behind" : "ahead of");
  return text.data();
}

}  // namespace

void log_clock(const ops::Logger& logger, const ServerClock::State& state) {
  if (!state.is_apart()) return logger.info("the machine's clock and the server's time agree again");
  logger.error("the machine's clock was set: the server goes on by its own time",
               {{"seconds_ahead", seconds_ahead(state)}, {"jumps", state.jumps}});
}

Result<void> check_clock(const ServerClock::State& state) {
  if (!state.is_apart()) return {};
  return fail(ErrorCode::kUnavailable,
              "the server's time is " + in_words(state) +
                  " the machine's clock, which was set while the server ran or before it was started: sales open and "
                  "holds end by the server's time, which comes nearer by a twentieth of the time that passes. See that "
                  "the machine's clock is right; if the server is behind it, a restart takes it over at once");
}

void register_clock_metrics(ops::Metrics& metrics, const ServerClock& clock) {
  metrics.gauge("doorbuster_clock_ahead_seconds", "How far the server's time is ahead of the machine's clock.",
                [&clock] { return seconds_ahead(clock.state()); });
  metrics.counter("doorbuster_clock_jumps_total",
                  "How often the machine's clock was set by more than a second against the server's time.",
                  [&clock] { return static_cast<double>(clock.state().jumps); });
}

}  // namespace doorbuster::app
