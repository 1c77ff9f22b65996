#include "links/views/clicks_by_time.h"

#include <algorithm>
#include <chrono>

#include "base/varint.h"

namespace doorbuster::links {
namespace {

constexpr int64_t kDayMicros = int64_t{86'400} * 1'000'000;
constexpr int64_t kHourMicros = int64_t{3'600} * 1'000'000;
constexpr int64_t kQuarterMicros = kHourMicros / 4;
// What lies between two days or quarters: more is none that was written, and must not overflow.
constexpr int64_t kStepMin = int64_t{INT32_MIN} - INT32_MAX;
constexpr int64_t kStepMax = int64_t{INT32_MAX} - INT32_MIN;
constexpr int64_t kDayMax = 100'000'000;  // a Timestamp goes as far
constexpr int64_t kQuarterMin = int64_t{INT32_MIN} + ClicksByTime::kQuartersKept;
constexpr size_t kDayText = 10;  // "2026-11-27"

// Towards the past, before 1970 as well.
constexpr int64_t floor_of(int64_t value, int64_t unit) { return value / unit - (value % unit < 0 ? 1 : 0); }

}  // namespace

Day day_of(Timestamp at) { return static_cast<Day>(floor_of(at.micros(), kDayMicros)); }

// Years 1970 to 9999, as format_rfc3339() has them; it is asked for thousands of days in one answer.
std::string text_of(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  std::string text = "0000-00-00";
  const auto put = [&](size_t end, uint32_t number) {
    for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
  };
  put(4, static_cast<uint32_t>(static_cast<int>(date.year())) % 10'000);
  put(7, static_cast<uint32_t>(date.month()));
  put(10, static_cast<uint32_t>(date.day()));
  return text;
}

std::optional<Day> day_named(std::string_view text) {
  if (text.size() != kDayText) return std::nullopt;
  const auto at = parse_rfc3339(std::string(text) + "T00:00:00Z");
  return at ? std::optional(day_of(*at)) : std::nullopt;
}

Tally& Tally::operator+=(const Tally& more) {
  for (size_t i = 0; i < by_visitor.size(); ++i) by_visitor[i] += more.by_visitor[i];
  return *this;
}

void write_tally(ByteWriter& out, const Tally& tally) {
  for (const uint64_t count : tally.by_visitor) write_varint(out, count);
}

Tally read_tally(ByteReader& in) {
  Tally tally;
  for (uint64_t& count : tally.by_visitor) count = read_varint(in);
  return tally;
}

Timestamp ClicksByTime::Quarter::begins() const { return Timestamp::from_micros(number * kQuarterMicros); }

// A log's times hardly ever go back, so the place is nearly always the last.
Tally& ClicksByTime::at_day(std::vector<DayTally>& days, Day day) {
  if (days.empty() || days.back().day < day) return days.emplace_back(DayTally{.day = day, .clicks = {}}).clicks;
  if (days.back().day == day) return days.back().clicks;
  auto found = std::ranges::lower_bound(days, day, {}, &DayTally::day);
  if (found == days.end() || found->day != day) found = days.insert(found, {.day = day, .clicks = {}});
  return found->clicks;
}

ClicksByTime::Quarter& ClicksByTime::at_quarter(int32_t number) {
  auto found = std::ranges::lower_bound(quarters_, number, {}, &Quarter::number);
  if (found == quarters_.end() || found->number != number) found = quarters_.insert(found, {.number = number});
  return *found;
}

void ClicksByTime::drop_old_quarters() {
  if (quarters_.empty()) return;
  const int32_t newest = quarters_.back().number;
  std::erase_if(quarters_, [&](const Quarter& old) { return old.number <= newest - kQuartersKept; });
}

void ClicksByTime::note(Timestamp at, Visitor visitor) {
  const auto which = static_cast<size_t>(visitor);
  ++at_day(days_, day_of(at)).by_visitor[which];
  const auto number = static_cast<int32_t>(floor_of(at.micros(), kQuarterMicros));
  const bool is_newest = quarters_.empty() || quarters_.back().number < number;
  if (!is_newest && number <= quarters_.back().number - kQuartersKept) return;
  ++at_quarter(number).by_visitor[which];
  if (is_newest) drop_old_quarters();
}

ClicksByTime& ClicksByTime::operator+=(const ClicksByTime& more) {
  for (const auto& [day, clicks] : more.days_) at_day(days_, day) += clicks;
  for (const Quarter& quarter : more.quarters_) {
    Quarter& there = at_quarter(quarter.number);
    for (size_t i = 0; i < there.by_visitor.size(); ++i) there.by_visitor[i] += quarter.by_visitor[i];
  }
  drop_old_quarters();
  return *this;
}

// What the quarters hold is moved from its day in UTC to its day there.
std::vector<DayTally> ClicksByTime::days_in(const TimeZone& zone) const {
  std::vector<DayTally> days = days_;
  for (auto at = quarters_.begin(); at != quarters_.end();) {
    const auto day_there = [&](const Quarter& quarter) {
      return day_of(quarter.begins() + zone.offset_at(quarter.begins()));
    };
    const Day here = day_of(at->begins());
    const Day there = day_there(*at);
    Tally moved;
    do {
      moved += at->tally();
    } while (++at != quarters_.end() && day_of(at->begins()) == here && day_there(*at) == there);
    if (there == here) continue;
    Tally& left = at_day(days, here);
    for (size_t i = 0; i < left.by_visitor.size(); ++i) left.by_visitor[i] -= moved.by_visitor[i];
    at_day(days, there) += moved;
  }
  std::erase_if(days, [](const DayTally& day) { return day.clicks.all() == 0; });
  return days;
}

std::vector<HourTally> ClicksByTime::hours_in(const TimeZone& zone) const {
  std::vector<HourTally> hours;
  for (const Quarter& quarter : quarters_) {
    const Duration offset = zone.offset_at(quarter.begins());
    const int64_t clock = (quarter.begins() + offset).micros();
    const Timestamp hour = Timestamp::from_micros(floor_of(clock, kHourMicros) * kHourMicros);
    const Timestamp begins = hour - offset;
    if (hours.empty() || hours.back().begins != begins || hours.back().offset != offset)
      hours.push_back({.begins = begins, .offset = offset, .day = day_of(hour), .clicks = {}});
    hours.back().clicks += quarter.tally();
  }
  return hours;
}

// Of each day and quarter how far it is behind the one before; the first from 1970.
void ClicksByTime::write(ByteWriter& out) const {
  write_varint(out, days_.size());
  Day day_before = 0;
  for (const auto& [day, clicks] : days_) {
    write_signed_varint(out, int64_t{day} - day_before);
    write_tally(out, clicks);
    day_before = day;
  }
  write_varint(out, quarters_.size());
  int32_t quarter_before = 0;
  for (const Quarter& quarter : quarters_) {
    write_signed_varint(out, int64_t{quarter.number} - quarter_before);
    write_tally(out, quarter.tally());
    quarter_before = quarter.number;
  }
}

bool ClicksByTime::read(ByteReader& in) {
  const uint64_t days = read_varint(in);
  if (days > in.left()) return false;
  days_.resize(days);
  int64_t before = 0;
  for (size_t i = 0; i < days_.size(); ++i) {
    const int64_t day = before + std::clamp(read_signed_varint(in), kStepMin, kStepMax);
    if (day < -kDayMax || day > kDayMax || (i > 0 && day <= before)) return false;
    days_[i] = {.day = static_cast<Day>(day), .clicks = read_tally(in)};
    before = day;
  }
  const uint64_t quarters = read_varint(in);
  if (quarters > kQuartersKept) return false;
  quarters_.resize(quarters);
  before = 0;
  for (size_t i = 0; i < quarters_.size(); ++i) {
    const int64_t number = before + std::clamp(read_signed_varint(in), kStepMin, kStepMax);
    if (number < kQuarterMin || number > INT32_MAX || (i > 0 && number <= before)) return false;
    const Tally tally = read_tally(in);
    if (std::ranges::any_of(tally.by_visitor, [](uint64_t clicks) { return clicks > UINT32_MAX; })) return false;
    quarters_[i] = {
        .number = static_cast<int32_t>(number),
        .by_visitor = {static_cast<uint32_t>(tally.by_visitor[0]), static_cast<uint32_t>(tally.by_visitor[1])}};
    before = number;
  }
  return in.ok();
}

}  // namespace doorbuster::links
