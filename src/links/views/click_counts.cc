#include "links/views/click_counts.h"

#include <algorithm>

namespace doorbuster::links {
namespace {

constexpr int64_t kDayMicros = int64_t{86'400} * 1'000'000;
constexpr size_t kDayText = 10;  // what of "2026-11-27T10:00:00.000Z" is the day

void write_tally(ByteWriter& out, const Tally& tally) {
  for (const uint64_t count : tally.by_visitor) out.integer(count);
}

Tally read_tally(ByteReader& in) {
  Tally tally;
  for (uint64_t& count : tally.by_visitor) count = in.integer<uint64_t>();
  return tally;
}

void write_counts(ByteWriter& out, uint64_t link, const LinkCounts& counts) {
  out.integer(link);
  write_tally(out, counts.total);
  out.integer(counts.first_at.micros());
  out.integer(counts.last_at.micros());
  out.integer(static_cast<uint32_t>(counts.by_day.size()));
  for (const auto& [day, tally] : counts.by_day) {
    out.integer(day);
    write_tally(out, tally);
  }
  out.integer(static_cast<uint32_t>(counts.by_country.size()));
  for (const auto& [country, count] : counts.by_country) {
    out.integer(country[0]);
    out.integer(country[1]);
    out.integer(count);
  }
  out.integer(static_cast<uint32_t>(counts.by_referrer.size()));
  for (const auto& [referrer, count] : counts.by_referrer) {
    out.text(referrer);
    out.integer(count);
  }
  out.integer(counts.other_referrers);
}

LinkCounts read_counts(ByteReader& in) {
  LinkCounts counts;
  counts.total = read_tally(in);
  counts.first_at = Timestamp::from_micros(in.integer<int64_t>());
  counts.last_at = Timestamp::from_micros(in.integer<int64_t>());
  for (auto left = in.integer<uint32_t>(); left > 0 && in.ok(); --left) {
    const auto day = in.integer<Day>();
    counts.by_day[day] = read_tally(in);
  }
  for (auto left = in.integer<uint32_t>(); left > 0 && in.ok(); --left) {
    const Country country = {in.integer<char>(), in.integer<char>()};
    counts.by_country[country] = in.integer<uint64_t>();
  }
  for (auto left = in.integer<uint32_t>(); left > 0 && in.ok(); --left) {
    const std::string referrer(in.text());
    counts.by_referrer[referrer] = in.integer<uint64_t>();
  }
  counts.other_referrers = in.integer<uint64_t>();
  return counts;
}

}  // namespace

Day day_of(Timestamp at) { return static_cast<Day>(at.micros() / kDayMicros); }

std::string text_of(Day day) {
  const auto text = format_rfc3339(Timestamp::from_micros(day * kDayMicros));
  return std::string(std::string_view(text).substr(0, kDayText));
}

std::optional<Day> day_named(std::string_view text) {
  if (text.size() != kDayText) return std::nullopt;
  const auto at = parse_rfc3339(std::string(text) + "T00:00:00Z");
  return at ? std::optional(day_of(*at)) : std::nullopt;
}

void LinkCounts::note(const Click& click, Timestamp at) {
  const auto visitor = static_cast<size_t>(click.visitor);
  if (total.all() == 0) first_at = at;
  last_at = at;
  ++total.by_visitor[visitor];
  ++by_day[day_of(at)].by_visitor[visitor];
  ++by_country[click.country];
  const std::string_view referrer = click.referrer;
  auto found = by_referrer.find(referrer);
  if (found == by_referrer.end() && by_referrer.size() < kReferrersMax)
    found = by_referrer.emplace(std::string(referrer), 0).first;
  ++(found == by_referrer.end() ? other_referrers : found->second);
}

Result<uint64_t> ClickCounts::hear(Bytes events, const platform::EventPlace& first) {
  return for_each_event(events, [&](const Event& event) {
    const auto* clicked = std::get_if<Clicked>(&event);
    if (clicked == nullptr) return;
    ++total_.by_visitor[static_cast<size_t>(clicked->click.visitor)];
    links_[clicked->click.link].note(clicked->click, first.at);
  });
}

const LinkCounts* ClickCounts::of(uint64_t link) const {
  const auto found = links_.find(link);
  return found == links_.end() ? nullptr : &found->second;
}

Result<void> ClickCounts::save(platform::StateWriter& out) const {
  std::vector<std::byte> part;
  ByteWriter head(part);
  write_tally(head, total_);
  TRY(out.add(part));
  for (const auto& [link, counts] : links_) {
    part.clear();
    ByteWriter writer(part);
    write_counts(writer, link, counts);
    TRY(out.add(part));
  }
  return {};
}

Result<void> ClickCounts::load(platform::StateReader& in) {
  std::vector<std::byte> part;
  if (!TRY(in.next(part))) return fail(ErrorCode::kCorrupt, "the saved counts of clicks have no beginning");
  ByteReader head(part);
  total_ = read_tally(head);
  while (TRY(in.next(part))) {
    ByteReader reader(part);
    const auto link = reader.integer<uint64_t>();
    links_[link] = read_counts(reader);
    if (!reader.finished()) return fail(ErrorCode::kCorrupt, "the saved counts of a link's clicks can't be read");
  }
  return {};
}

void ClickCounts::clear() {
  links_.clear();
  total_ = {};
}

}  // namespace doorbuster::links
