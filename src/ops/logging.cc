#include "ops/logging.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace doorbuster::ops {
namespace {

spdlog::level::level_enum as_spdlog(LogLevel level) {
  constexpr std::array kLevels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  return kLevels.at(static_cast<size_t>(level));
}

}  // namespace

std::optional<uint64_t> RepeatGate::pass(Timestamp now) {
  int64_t next = next_micros_.load(std::memory_order_relaxed);
  if (now.micros() < next || !next_micros_.compare_exchange_strong(next, (now + interval_).micros())) {
    held_back_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  return held_back_.exchange(0, std::memory_order_relaxed);
}

Logger Logger::to_stderr(LogOptions options) {
  static const SystemClock clock;
  return {options, std::make_shared<spdlog::sinks::stderr_sink_mt>(), clock};
}

// The lines are complete when spdlog gets them: it filters by level, writes under its lock and flushes.
Logger::Logger(LogOptions options, std::shared_ptr<spdlog::sinks::sink> sink, const Clock& clock)
    : options_(options), out_(std::make_shared<spdlog::logger>("doorbuster", std::move(sink))), clock_(&clock) {
  out_->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, "\n"));
  out_->set_level(as_spdlog(options.level));
  out_->flush_on(spdlog::level::debug);
}

void Logger::write(LogLevel level, std::string_view message, FieldList fields) const {
  if (level < options_.level) return;
  const Fields all(fields.begin(), fields.size());
  const std::string line = render_line(options_.format, clock_->now(), level, message, bound_, all);
  out_->log(as_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

void Logger::warning(RepeatGate& gate, std::string_view message, FieldList fields) const {
  const std::optional<uint64_t> held_back = gate.pass(clock_->now());
  if (!held_back) return;
  if (*held_back == 0) return warning(message, fields);
  with({{"repeated", *held_back}}).warning(message, fields);
}

Logger Logger::with(FieldList fields) const {
  Logger bound = *this;
  bound.bound_ += render_fields(options_.format, Fields(fields.begin(), fields.size()));
  return bound;
}

Logger Logger::under(const TraceContext& trace) const { return with({{"trace_id", trace.trace_id_text()}}); }

}  // namespace doorbuster::ops
