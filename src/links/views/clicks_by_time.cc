#include "links/views/clicks_by_time.h"

#include <algorithm>

namespace doorbuster::links {
namespace {

constexpr int64_t kDayMicros = int64_t{86'400} * 1'000'000;
constexpr int64_t kHourMicros = int64_t{3'600} * 1'000'000;
constexpr int64_t kQuarterMicros = kHourMicros / 4;
constexpr size_t kDayText = 10;  // what of "2026-11-27T10:00:00.000Z" is the day

// Towards the past, before 1970 as well.
constexpr int64_t floor_of(int64_t value, int64_t unit) { return value / unit - (value % unit < 0 ? 1 : 0); }

}  // namespace

Day day_of(Timestamp at) { return static_cast<Day>(floor_of(at.micros(), kDayMicros)); }

std::string text_of(Day day) {
  const auto text = format_rfc3339(Timestamp::from_micros(day * kDayMicros));
  return std::string(std::string_view(text).substr(0, kDayText));
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
  for (const uint64_t count : tally.by_visitor) out.integer(count);
}

Tally read_tally(ByteReader& in) {
  Tally tally;
  for (uint64_t& count : tally.by_visitor) count = in.integer<uint64_t>();
  return tally;
}

Timestamp ClicksByTime::Quarter::begins() const { return Timestamp::from_micros(number * kQuarterMicros); }

// A log's times hardly ever go back, so its place is nearly always the last.
void ClicksByTime::note(Timestamp at, Visitor visitor) {
  const auto which = static_cast<size_t>(visitor);
  ++days_[day_of(at)].by_visitor[which];
  const auto number = static_cast<int32_t>(floor_of(at.micros(), kQuarterMicros));
  if (quarters_.empty() || quarters_.back().number < number) {
    quarters_.push_back({.number = number});
    std::erase_if(quarters_, [&](const Quarter& old) { return old.number <= number - kQuartersKept; });
  } else if (number <= quarters_.back().number - kQuartersKept) {
    return;
  }
  auto found = std::ranges::lower_bound(quarters_, number, {}, &Quarter::number);
  if (found->number != number) found = quarters_.insert(found, {.number = number});
  ++found->by_visitor[which];
}

// What the quarters hold is moved from its day in UTC to its day there.
std::map<Day, Tally> ClicksByTime::days_in(const TimeZone& zone) const {
  std::map<Day, Tally> days = days_;
  for (const Quarter& quarter : quarters_) {
    const Timestamp begins = quarter.begins();
    const Day there = day_of(begins + zone.offset_at(begins));
    const Day here = day_of(begins);
    if (there == here) continue;
    const Tally moved = quarter.tally();
    Tally& left = days[here];
    for (size_t i = 0; i < left.by_visitor.size(); ++i) left.by_visitor[i] -= moved.by_visitor[i];
    days[there] += moved;
  }
  std::erase_if(days, [](const auto& day) { return day.second.all() == 0; });
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

void ClicksByTime::write(ByteWriter& out) const {
  out.integer(static_cast<uint32_t>(days_.size()));
  for (const auto& [day, tally] : days_) {
    out.integer(day);
    write_tally(out, tally);
  }
  out.integer(static_cast<uint32_t>(quarters_.size()));
  for (const Quarter& quarter : quarters_) {
    out.integer(quarter.number);
    for (const uint32_t count : quarter.by_visitor) out.integer(count);
  }
}

bool ClicksByTime::read(ByteReader& in) {
  for (auto left = in.integer<uint32_t>(); left > 0 && in.ok(); --left) {
    const auto day = in.integer<Day>();
    days_[day] = read_tally(in);
  }
  const auto count = in.integer<uint32_t>();
  if (count > kQuartersKept) return false;
  quarters_.resize(count);
  for (Quarter& quarter : quarters_) {
    quarter.number = in.integer<int32_t>();
    for (uint32_t& clicks : quarter.by_visitor) clicks = in.integer<uint32_t>();
  }
  return in.ok() && std::ranges::is_sorted(quarters_, {}, &Quarter::number);
}

}  // namespace doorbuster::links
