// Points in time and spans of it, in whole microseconds.
//
// A Timestamp counts from 1970-01-01T00:00:00Z without leap seconds, as RFC 3339 and POSIX do. Machines never ask for
// the time: it comes in with each command. Clock is the one place where the server does ask.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace doorbuster {

class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration micros(int64_t count) { return Duration(count); }
  static constexpr Duration millis(int64_t count) { return Duration(count * 1'000); }
  static constexpr Duration seconds(int64_t count) { return Duration(count * 1'000'000); }
  [[nodiscard]] constexpr int64_t micros() const { return micros_; }
  [[nodiscard]] constexpr int64_t whole_seconds() const { return micros_ / 1'000'000; }
  constexpr auto operator<=>(const Duration&) const = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration(a.micros_ + b.micros_); }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration(a.micros_ - b.micros_); }
  friend constexpr Duration operator*(Duration a, int64_t times) { return Duration(a.micros_ * times); }

 private:
  constexpr explicit Duration(int64_t count) : micros_(count) {}
  int64_t micros_ = 0;
};

class Timestamp {
 public:
  constexpr Timestamp() = default;
  static constexpr Timestamp from_micros(int64_t count) { return Timestamp(count); }
  [[nodiscard]] constexpr int64_t micros() const { return micros_; }
  constexpr auto operator<=>(const Timestamp&) const = default;
  friend constexpr Timestamp operator+(Timestamp at, Duration by) { return Timestamp(at.micros_ + by.micros()); }
  friend constexpr Timestamp operator-(Timestamp at, Duration by) { return Timestamp(at.micros_ - by.micros()); }
  friend constexpr Duration operator-(Timestamp a, Timestamp b) { return Duration::micros(a.micros_ - b.micros_); }

 private:
  constexpr explicit Timestamp(int64_t count) : micros_(count) {}
  int64_t micros_ = 0;
};

// "2026-11-27T10:00:00Z" or with up to six decimals and any offset (RFC 3339 section 5.6). Years 1970 to 9999.
[[nodiscard]] Result<Timestamp> parse_rfc3339(std::string_view text);

// In UTC, with milliseconds: "2026-11-27T10:00:00.000Z".
[[nodiscard]] std::string format_rfc3339(Timestamp at);

// Where the server's time comes from: the wall clock, or a simulation's.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
};

}  // namespace doorbuster
