// One line of the log: what happened, and named values beside it, as logfmt or as JSON.
//
// Whatever a value holds, the line stays one line: control characters, quotes and broken UTF-8 are escaped or replaced,
// so nobody can forge a line by what they send.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"

namespace doorbuster::ops {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kLogfmt, kJson };

[[nodiscard]] std::string_view name_of(LogLevel level);

// A name, in snake case with its unit last, and a value that lives as long as the call.
struct Field {
  using Value = std::variant<std::string_view, int64_t, uint64_t, double, bool>;

  Field(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
  Field(std::string_view field_name, const char* text) : name(field_name), value(std::string_view(text)) {}
  Field(std::string_view field_name, bool truth) : name(field_name), value(truth) {}
  Field(std::string_view field_name, double number) : name(field_name), value(number) {}
  template <std::signed_integral T>
  Field(std::string_view field_name, T number) : name(field_name), value(int64_t{number}) {}
  template <std::unsigned_integral T>
  Field(std::string_view field_name, T number) : name(field_name), value(uint64_t{number}) {}

  std::string_view name;
  Value value;
};

using Fields = std::span<const Field>;

// ts, level and msg first, then the fields, those of `bound` before those of `fields`. No end of line.
[[nodiscard]] std::string render_line(LogFormat format, Timestamp at, LogLevel level, std::string_view message,
                                      std::string_view bound, Fields fields);

// Fields as they stand within a line, to be bound to every line of a logger.
[[nodiscard]] std::string render_fields(LogFormat format, Fields fields);

}  // namespace doorbuster::ops
