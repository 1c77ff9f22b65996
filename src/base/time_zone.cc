#include "base/time_zone.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <filesystem>
#include <optional>

#include "base/file.h"

namespace doorbuster {
namespace {

constexpr std::string_view kDatabase = "/usr/share/zoneinfo";
constexpr size_t kFileBytesMax = 1 << 20;
constexpr int64_t kDaySeconds = 86'400;

// --- A TZif file: RFC 8536 section 3. ---

struct Header {
  uint8_t version = 0;
  uint32_t ut_flags, standard_flags, leap_seconds, changes, types, letters;
  [[nodiscard]] size_t bytes_with(size_t time_bytes) const {
    constexpr size_t kTypeBytes = 6;
    return changes * (time_bytes + 1) + types * kTypeBytes + letters + leap_seconds * (time_bytes + 4) +
           standard_flags + ut_flags;
  }
};

uint32_t read_u32(ByteReader& reader) { return __builtin_bswap32(reader.integer<uint32_t>()); }
int64_t read_i64(ByteReader& reader) { return std::bit_cast<int64_t>(__builtin_bswap64(reader.integer<uint64_t>())); }

std::optional<Header> read_header(ByteReader& reader) {
  constexpr size_t kReserved = 15;
  if (as_text(reader.raw(4)) != "TZif") return std::nullopt;
  Header header;
  header.version = reader.integer<uint8_t>();
  reader.raw(kReserved);
  header.ut_flags = read_u32(reader);
  header.standard_flags = read_u32(reader);
  header.leap_seconds = read_u32(reader);
  header.changes = read_u32(reader);
  header.types = read_u32(reader);
  header.letters = read_u32(reader);
  return reader.ok() ? std::optional(header) : std::nullopt;
}

tl::unexpected<Error> corrupt() { return fail(ErrorCode::kCorrupt, "this is not a time zone (RFC 8536)"); }

// --- The rule at its end: POSIX.1-2017 section 8.3, as RFC 8536 section 3.3 extends it. ---

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : left_(text) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return left_.empty(); }
  [[nodiscard]] bool next_is(char c) const { return left_.starts_with(c); }
  bool take(char c) {
    if (!next_is(c)) return false;
    left_.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok_ = take(c) && ok_; }

  // Three letters or more, or anything within < and >.
  void skip_name() {
    const bool is_quoted = take('<');
    const size_t size =
        is_quoted ? left_.find('>') : static_cast<size_t>(std::ranges::find_if_not(left_, is_letter) - left_.begin());
    ok_ = ok_ && size != std::string_view::npos && size >= 3;
    left_.remove_prefix(std::min(size, left_.size()));
    if (is_quoted) expect('>');
  }
  int64_t number(int64_t min, int64_t max) {
    int64_t value = 0;
    size_t digits = 0;
    for (; !left_.empty() && left_[0] >= '0' && left_[0] <= '9' && value <= max; left_.remove_prefix(1), ++digits)
      value = value * 10 + (left_[0] - '0');
    ok_ = ok_ && digits > 0 && value >= min && value <= max;
    return ok_ ? value : min;
  }
  // [+-]hh[:mm[:ss]]
  int64_t seconds() {
    constexpr int64_t kHoursMax = 167;
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    int64_t sum = number(0, kHoursMax) * 3'600;
    if (take(':')) sum += number(0, 59) * 60;
    if (take(':')) sum += number(0, 59);
    return is_negative ? -sum : sum;
  }
  YearlyChange change() {
    YearlyChange change;
    expect(',');
    if (take('M')) {
      change.month = static_cast<int>(number(1, 12));
      expect('.');
      change.week = static_cast<int>(number(1, 5));
      expect('.');
      change.day = static_cast<int>(number(0, 6));
    } else {
      const bool is_without_leap_day = take('J');
      change.kind = is_without_leap_day ? YearlyChange::Kind::kDayWithoutLeapDay : YearlyChange::Kind::kDayOfYear;
      change.day = static_cast<int>(number(is_without_leap_day ? 1 : 0, 365));
    }
    if (take('/')) change.second = seconds();
    return change;
  }

 private:
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  std::string_view left_;
  bool ok_ = true;
};

// --- Days. ---

std::chrono::sys_days day_of(const YearlyChange& change, std::chrono::year year) {
  using namespace std::chrono;
  const sys_days new_year = year / January / 1;
  switch (change.kind) {
    case YearlyChange::Kind::kDayOfYear:
      return new_year + days(change.day);
    case YearlyChange::Kind::kDayWithoutLeapDay: {
      constexpr int kLastOfFebruary = 59;
      const int leap_day = year.is_leap() && change.day > kLastOfFebruary ? 1 : 0;
      return new_year + days(change.day - 1 + leap_day);
    }
    case YearlyChange::Kind::kWeekday:
      break;
  }
  const auto month_of_year = month(static_cast<unsigned>(change.month));
  const auto day_of_week = weekday(static_cast<unsigned>(change.day));
  if (change.week == 5) return sys_days(year / month_of_year / day_of_week[last]);
  return sys_days(year / month_of_year / day_of_week[static_cast<unsigned>(change.week)]);
}

int64_t second_of(const YearlyChange& change, std::chrono::year year) {
  return day_of(change, year).time_since_epoch().count() * kDaySeconds + change.second;
}

int64_t offset_by(const YearlyRule& rule, int64_t at) {
  using namespace std::chrono;
  if (!rule.has_summer_time) return rule.standard_seconds;
  const year this_year = year_month_day(floor<days>(sys_seconds(seconds(at + rule.standard_seconds)))).year();
  const int64_t begins = second_of(rule.begins, this_year) - rule.standard_seconds;
  const int64_t ends = second_of(rule.ends, this_year) - rule.summer_seconds;
  const bool is_summer = begins < ends ? begins <= at && at < ends : at < ends || begins <= at;
  return is_summer ? rule.summer_seconds : rule.standard_seconds;
}

bool is_zone_name(std::string_view name) {
  constexpr size_t kNameMax = 64;
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '+' || c == '-';
  };
  return !name.empty() && name.size() <= kNameMax && name[0] != '/' && std::ranges::all_of(name, is_allowed);
}

}  // namespace

Result<YearlyRule> parse_yearly_rule(std::string_view text) {
  constexpr int64_t kSummerTime = 3'600;  // unless it is said
  RuleReader reader(text);
  YearlyRule rule;
  reader.skip_name();
  rule.standard_seconds = -reader.seconds();  // POSIX counts to the west
  if (!reader.at_end()) {
    rule.has_summer_time = true;
    reader.skip_name();
    rule.summer_seconds = reader.next_is(',') ? rule.standard_seconds + kSummerTime : -reader.seconds();
    rule.begins = reader.change();
    rule.ends = reader.change();
  }
  if (!reader.ok() || !reader.at_end()) return corrupt();
  return rule;
}

Result<TimeZone> TimeZone::load(std::string_view name) {
  const auto unknown = [&] {
    return fail(ErrorCode::kNotFound, "there is no time zone " + std::string(name) + "; write it as Europe/Berlin");
  };
  if (!is_zone_name(name)) return unknown();
  const auto file = read_file(std::filesystem::path(kDatabase) / name, kFileBytesMax);
  return file ? parse(as_bytes(*file)) : unknown();
}

// The first block is for readers of 32 bits, and passed over.
Result<TimeZone> TimeZone::parse(Bytes file) {
  ByteReader reader(file);
  const auto first = read_header(reader);
  if (!first || first->version < '2') return corrupt();
  reader.raw(first->bytes_with(sizeof(uint32_t)));
  TimeZone zone;
  TRY(zone.read_changes(reader));
  std::string_view rule = as_text(reader.raw(reader.left()));
  if (rule.size() < 2 || !rule.starts_with('\n') || !rule.ends_with('\n')) return corrupt();
  rule = rule.substr(1, rule.size() - 2);
  zone.has_rule_ = !rule.empty();
  if (zone.has_rule_) zone.rule_ = TRY(parse_yearly_rule(rule));
  return zone;
}

Result<void> TimeZone::read_changes(ByteReader& reader) {
  const auto header = read_header(reader);
  if (!header || header->types == 0 || header->leap_seconds > 0) return corrupt();
  if (header->bytes_with(sizeof(uint64_t)) > reader.left()) return corrupt();
  changes_.resize(header->changes);
  for (Change& change : changes_) change.at = read_i64(reader);
  std::vector<uint8_t> types(header->changes);
  for (uint8_t& type : types) type = reader.integer<uint8_t>();
  std::vector<int64_t> offsets(header->types);
  for (int64_t& offset : offsets) {
    offset = static_cast<int32_t>(read_u32(reader));
    reader.raw(2);  // whether it is summer time, and its name
  }
  reader.raw(header->letters + header->standard_flags + header->ut_flags);
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] >= offsets.size()) return corrupt();
    changes_[i].offset = offsets[types[i]];
  }
  first_offset_ = offsets[0];
  return std::ranges::is_sorted(changes_, {}, &Change::at) && reader.ok() ? Result<void>() : corrupt();
}

Duration TimeZone::offset_at(Timestamp at) const {
  const int64_t second = std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds(at.micros())).count();
  const auto next = std::ranges::upper_bound(changes_, second, {}, &Change::at);
  if (next == changes_.end() && has_rule_) return Duration::seconds(offset_by(rule_, second));
  return Duration::seconds(next == changes_.begin() ? first_offset_ : std::prev(next)->offset);
}

}  // namespace doorbuster
