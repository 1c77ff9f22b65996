#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "links/api/link_calls.h"
#include "net/text.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using platform::Call;

constexpr size_t kTopReferrers = 20;
constexpr size_t kZoneBytesMax = 64;

struct Question {
  // Days of the time zone's clocks, both among them.
  Day from = INT32_MIN;
  Day to = INT32_MAX;
  NamedZone zone = {};
  bool is_by_hour = false;
};

std::optional<Question> refuse(const Call& call, std::string_view detail) {
  platform::respond_invalid(call.exchange, call.request.path(), std::string(detail));
  return std::nullopt;
}

// The answers return nothing, once they have answered 400.
std::optional<Question> with_days(const Call& call, Question question) {
  for (const auto& [name, day] : {std::pair<std::string_view, Day*>{"from", &question.from}, {"to", &question.to}}) {
    const auto text = call.request.query_parameter(name);
    if (!text) continue;
    const auto named = day_named(*text);
    if (!named) return refuse(call, std::string(name) + " is a day, such as 2026-11-27.");
    *day = *named;
  }
  return question;
}

std::optional<Question> with_zone(const Call& call, Question question) {
  auto asked = zone_asked(call);
  if (!asked) return std::nullopt;
  question.zone = std::move(*asked);
  return question;
}

std::optional<Question> with_unit(const Call& call, Question question) {
  const auto unit = call.request.query_parameter("unit").value_or("day");
  if (unit != "day" && unit != "hour") return refuse(call, "unit is day or hour.");
  question.is_by_hour = unit == "hour";
  return question;
}

std::optional<Question> question_in(const Call& call) {
  auto question = with_days(call, {});
  if (question) question = with_zone(call, std::move(*question));
  if (question) question = with_unit(call, std::move(*question));
  return question;
}

void write_clicks(JsonWriter& json, const Tally& tally) {
  json.member("clicks", tally.all()).member("people", tally.by_visitor[static_cast<size_t>(Visitor::kPerson)]);
  json.member("bots", tally.by_visitor[static_cast<size_t>(Visitor::kBot)]);
}

// A row of `clicks_by_date`. There may be thousands in one answer, so each is put together before it is appended.
class DayRow {
 public:
  std::string_view of(const DayTally& day) {
    end_ = row_.data();
    add("{\"date\":\"").add(text_of(day.day)).add("\",\"clicks\":").add(day.clicks.all());
    add(",\"people\":").add(day.clicks.by_visitor[static_cast<size_t>(Visitor::kPerson)]);
    add(",\"bots\":").add(day.clicks.by_visitor[static_cast<size_t>(Visitor::kBot)]).add("}");
    return {row_.data(), end_};
  }

 private:
  DayRow& add(std::string_view text) {
    end_ = std::ranges::copy(text, end_).out;
    return *this;
  }
  DayRow& add(uint64_t number) {
    end_ = std::to_chars(end_, row_.data() + row_.size(), number).ptr;
    return *this;
  }
  std::array<char, 128> row_;  // more than names, a day and three numbers of 20 digits take
  char* end_ = nullptr;
};

void write_days(JsonWriter& json, const LinkCounts& counts, const Question& question) {
  const std::vector<DayTally> days = counts.by_time.days_in(question.zone.zone);
  json.key("clicks_by_date").begin_array();
  const auto first = std::ranges::lower_bound(days, question.from, {}, &DayTally::day);
  DayRow row;
  for (auto at = first; at != days.end() && at->day <= question.to; ++at) json.raw(row.of(*at));
  json.end_array();
}

// "2026-11-27T10:00:00+01:00": what a clock there showed, and how far it was from UTC (RFC 3339 section 5.6).
std::string clock_text(const HourTally& hour) {
  constexpr size_t kWithoutFraction = 19;
  std::string text = format_rfc3339(hour.begins + hour.offset).substr(0, kWithoutFraction);
  const int64_t minutes = std::abs(hour.offset.whole_seconds()) / 60;
  const auto add = [&](char before, int64_t number) {
    text.push_back(before);
    text.push_back(static_cast<char>('0' + number / 10));
    text.push_back(static_cast<char>('0' + number % 10));
  };
  add(hour.offset < Duration() ? '-' : '+', minutes / 60);
  add(':', minutes % 60);
  return text;
}

void write_hours(JsonWriter& json, const LinkCounts& counts, const Question& question) {
  json.key("clicks_by_hour").begin_array();
  for (const HourTally& hour : counts.by_time.hours_in(question.zone.zone)) {
    if (hour.day < question.from || hour.day > question.to) continue;
    json.begin_object().member("hour", clock_text(hour));
    write_clicks(json, hour.clicks);
    json.end_object();
  }
  json.end_array();
}

// The most frequent, with bounds, and how many came from all others.
void write_referrers(JsonWriter& json, const LinkCounts& counts) {
  const auto all = counts.referrers.counters();
  const auto top = all.first(std::min(all.size(), kTopReferrers));
  json.key("top_referrers").begin_array();
  for (const auto& [referrer, count, taken_over] : top) {
    json.begin_object().member("referrer", referrer).member("clicks", count);
    json.member("clicks_min", count - taken_over).end_object();
  }
  uint64_t others = 0;
  for (const auto& counter : all.subspan(top.size())) others += counter.count;
  json.end_array().member("other_referrers", others);
  json.member("no_referrer", counts.without_referrer);
}

void write_countries(JsonWriter& json, const LinkCounts& counts) {
  json.key("geographic_distribution").begin_object();
  for (const auto& [country, count] : counts.by_country)
    json.dynamic_key({country.data(), country.size()}).value(count);
  json.end_object();
}

// Those that there were.
template <size_t N>
void write_named(JsonWriter& json, JsonKey key, const std::array<std::string_view, N>& names,
                 const std::array<uint64_t, N>& counts) {
  json.key(key).begin_object();
  for (size_t i = 0; i < N; ++i) {
    if (counts[i] > 0) json.dynamic_key(names[i]).value(counts[i]);
  }
  json.end_object();
}

void write_visitors(JsonWriter& json, const LinkCounts& counts) {
  json.key("unique_clicks").begin_object().member("visitors", counts.visitors.estimate());
  json.member("error", counts.visitors.error());
  json.member("clicks_not_told_apart", counts.without_visitor_hash).end_object();
}

// Of the variants that the link has now; the clicks of others that it had, and those that were led to none.
void write_variant_clicks(JsonWriter& json, const LinkCounts& counts, const Link& link) {
  uint64_t left = counts.total.all();
  uint64_t others = 0;
  for (const auto& [key, clicks] : counts.by_variant) others += clicks.all();
  left -= others;
  json.key("variants").begin_array();
  for (const Variant& variant : link.variants) {
    const auto found = std::ranges::find(counts.by_variant, variant_key(variant.name), &LinkCounts::OfVariant::key);
    const Tally clicks = found == counts.by_variant.end() ? Tally() : found->clicks;
    others -= clicks.all();
    json.begin_object().member("name", variant.name);
    write_clicks(json, clicks);
    json.end_object();
  }
  json.end_array().member("other_variants", others).member("no_variant", left);
}

// Of those from before the link came here.
void write_imported_clicks(JsonWriter& json, const LinkCounts& counts) {
  json.key("imported").begin_object();
  write_clicks(json, counts.imported);
  json.member("without_date", counts.imported_without_day.all()).end_object();
}

void write_counts(JsonWriter& json, const LinkCounts& counts, const Question& question, const Link& link) {
  const bool is_followed = counts.was_followed_here();
  json.member("total_clicks", counts.total.all());
  json.member("people", counts.total.by_visitor[static_cast<size_t>(Visitor::kPerson)]);
  json.member("bots", counts.total.by_visitor[static_cast<size_t>(Visitor::kBot)]);
  write_imported_clicks(json, counts);
  write_visitors(json, counts);
  json.member("first_at", is_followed ? std::optional(counts.first_at) : std::nullopt);
  json.member("last_at", is_followed ? std::optional(counts.last_at) : std::nullopt);
  write_days(json, counts, question);
  if (question.is_by_hour) write_hours(json, counts, question);
  write_referrers(json, counts);
  write_countries(json, counts);
  write_named(json, "browsers", kBrowserNames, counts.by_browser);
  write_named(json, "systems", kSystemNames, counts.by_system);
  write_named(json, "devices", kDeviceClassNames, counts.by_device);
  write_variant_clicks(json, counts, link);
}

}  // namespace

std::optional<NamedZone> zone_asked(const Call& call) {
  const auto text = call.request.query_parameter("tz");
  if (!text) return NamedZone();
  std::array<char, kZoneBytesMax> decoded;
  const auto name = net::percent_decode(*text, decoded, net::PlusSign::kLiteral);
  auto zone = name ? TimeZone::load(*name) : tl::unexpected(Error{ErrorCode::kNotFound, {}});
  if (zone) return NamedZone{.name = std::string(*name), .zone = std::move(*zone)};
  platform::respond_invalid(call.exchange, call.request.path(),
                            "tz is a name of the IANA time zone database, such as Europe/Berlin.");
  return std::nullopt;
}

bool has_caught_up(const Call& call, const platform::Follower& follower) {
  if (follower.caught_up()) return true;
  platform::respond_busy(call.exchange, call.request.path(), "catching-up",
                         "The clicks are being read from the log, after a start.");
  return false;
}

void watch_clicks(const Call& call, LinkCallers& callers, const LinkStore& store, const platform::Follower& follower,
                  LiveClicks& live, const LinkBase& base) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto link = link_in_path(call, *caller, store, base);
  if (link && has_caught_up(call, follower)) live.begin(call.exchange, call.request.path(), *link);
}

void show_analytics(const Call& call, LinkCallers& callers, const LinkStore& store, const platform::Follower& follower,
                    const ClickCounts& counts, const LinkBase& base) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto question = question_in(call);
  if (!question) return;
  const auto link = link_in_path(call, *caller, store, base);
  if (!link) return;
  if (!has_caught_up(call, follower)) return;
  const auto counted = counts.of(link->number);
  if (!counted) return respond_store_failed(call, counted.error());
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_name(json, link->code);
  json.member("time_zone", question->zone.name);
  write_counts(json, counted->value_or(LinkCounts()), *question, *link);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::links
