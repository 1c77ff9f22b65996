#include "base/time.h"

#include <chrono>
#include <ctime>

#include "base/assert.h"

namespace doorbuster {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsTo10000 = 253'402'300'800;  // from 1970-01-01 to 10000-01-01

void put_digits(char* out, size_t count, unsigned value) {
  for (size_t i = count; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

// Reads digits one field at a time; any mismatch sticks.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int digits(size_t count) {
    int value = 0;
    for (size_t i = 0; i < count; ++i) value = value * 10 + digit();
    return value;
  }

  void expect(std::string_view any_of) {
    if (peek() == '\0' || any_of.find(peek()) == std::string_view::npos) ok_ = false;
    ++at_;
  }

  // Up to six decimals, scaled to microseconds; further ones are refused rather than dropped in silence.
  int64_t fraction() {
    if (peek() != '.') return 0;
    ++at_;
    int64_t value = 0;
    int seen = 0;
    for (; is_digit(peek()) && seen < 6; ++seen) value = value * 10 + digit();
    if (seen == 0) ok_ = false;
    for (; seen < 6; ++seen) value *= 10;
    return value;
  }

  // Seconds east of UTC.
  int64_t offset() {
    const char sign = peek();
    expect("Zz+-");
    if (sign == 'Z' || sign == 'z') return 0;
    const int hours = digits(2);
    expect(":");
    const int minutes = digits(2);
    if (hours > 23 || minutes > 59) ok_ = false;
    const int64_t seconds = hours * 3600 + minutes * 60;
    return sign == '-' ? -seconds : seconds;
  }

  [[nodiscard]] bool finished() const { return ok_ && at_ == text_.size(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  int digit() {
    const char c = peek();
    if (!is_digit(c)) ok_ = false;
    ++at_;
    return is_digit(c) ? c - '0' : 0;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace

Result<Timestamp> parse_rfc3339(std::string_view text) {
  Scanner scan(text);
  const int year = scan.digits(4);
  scan.expect("-");
  const int month = scan.digits(2);
  scan.expect("-");
  const int day = scan.digits(2);
  scan.expect("Tt ");
  const int hour = scan.digits(2);
  scan.expect(":");
  const int minute = scan.digits(2);
  scan.expect(":");
  const int second = scan.digits(2);
  const int64_t micros = scan.fraction();
  const int64_t offset = scan.offset();

  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool is_time = scan.finished() && date.ok() && hour <= 23 && minute <= 59 && second <= 59;
  const int64_t days = is_time ? std::chrono::sys_days(date).time_since_epoch().count() : 0;
  const int64_t seconds = days * 86'400 + hour * 3600 + minute * 60 + second - offset;
  if (!is_time || seconds < 0 || seconds >= kSecondsTo10000) {
    return fail(ErrorCode::kInvalid, "'" + std::string(text.substr(0, 64)) +
                                         "' is not a time: write it as RFC 3339, for example 2026-11-27T10:00:00Z");
  }
  return Timestamp::from_micros(seconds * kMicrosPerSecond + micros);
}

std::string format_rfc3339(Timestamp at) {
  ASSERT(at.micros() >= 0);
  const std::chrono::sys_time<std::chrono::microseconds> point{std::chrono::microseconds(at.micros())};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(point - day));
  ASSERT(int(date.year()) <= 9999);
  std::string text = "YYYY-MM-DDThh:mm:ss.mmmZ";
  put_digits(text.data(), 4, static_cast<unsigned>(int(date.year())));
  put_digits(text.data() + 5, 2, unsigned(date.month()));
  put_digits(text.data() + 8, 2, unsigned(date.day()));
  put_digits(text.data() + 11, 2, static_cast<unsigned>(clock.hours().count()));
  put_digits(text.data() + 14, 2, static_cast<unsigned>(clock.minutes().count()));
  put_digits(text.data() + 17, 2, static_cast<unsigned>(clock.seconds().count()));
  put_digits(text.data() + 20, 3, static_cast<unsigned>(clock.subseconds().count()));
  return text;
}

Timestamp SystemClock::now() const {
  timespec spec{};
  clock_gettime(CLOCK_REALTIME, &spec);
  return Timestamp::from_micros(spec.tv_sec * kMicrosPerSecond + spec.tv_nsec / 1'000);
}

}  // namespace doorbuster
