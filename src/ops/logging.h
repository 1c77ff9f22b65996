// The log of the system's own state changes: started, recovered, fenced, cannot reach a peer. Not a log of requests.
//
// A Logger is handed to whoever has something to say, and is cheap to copy. It writes lines to standard error, where a
// container or systemd picks them up; see log_line.h for their shape.
#pragma once

#include <atomic>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/trace.h"
#include "ops/log_line.h"

namespace spdlog {
class logger;
namespace sinks {
class sink;
}
}  // namespace spdlog

namespace doorbuster::ops {

struct LogOptions {
  LogFormat format = LogFormat::kLogfmt;
  LogLevel level = LogLevel::kInfo;  // lines below it are not written
};

// Lets one of many equal warnings through in an interval, and counts the others. One for each place that warns; any
// thread.
class RepeatGate {
 public:
  explicit RepeatGate(Duration interval) : interval_(interval) {}
  // How many were held back since the last that passed, if this one passes.
  [[nodiscard]] std::optional<uint64_t> pass(Timestamp now);

 private:
  const Duration interval_;
  std::atomic<int64_t> next_micros_{INT64_MIN};
  std::atomic<uint64_t> held_back_{0};
};

class Logger {
 public:
  using FieldList = std::initializer_list<Field>;

  static Logger to_stderr(LogOptions options);
  // To any sink of spdlog, by any clock; the clock must outlive the logger and its copies.
  Logger(LogOptions options, std::shared_ptr<spdlog::sinks::sink> sink, const Clock& clock);

  void debug(std::string_view message, FieldList fields = {}) const { write(LogLevel::kDebug, message, fields); }
  void info(std::string_view message, FieldList fields = {}) const { write(LogLevel::kInfo, message, fields); }
  void warning(std::string_view message, FieldList fields = {}) const { write(LogLevel::kWarning, message, fields); }
  void error(std::string_view message, FieldList fields = {}) const { write(LogLevel::kError, message, fields); }

  // A warning that may come thousands of times a second: at most one line in the gate's interval, with `repeated`, the
  // number of those that were not written before it.
  void warning(RepeatGate& gate, std::string_view message, FieldList fields = {}) const;

  // The same logger with these fields on every line.
  [[nodiscard]] Logger with(FieldList fields) const;
  // With trace_id on every line.
  [[nodiscard]] Logger under(const TraceContext& trace) const;

 private:
  void write(LogLevel level, std::string_view message, FieldList fields) const;

  LogOptions options_;
  std::shared_ptr<spdlog::logger> out_;
  const Clock* clock_;
  std::string bound_;
};

}  // namespace doorbuster::ops
