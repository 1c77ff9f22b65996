#include "links/views/link_counts.h"

#include <algorithm>

namespace doorbuster::links {
namespace {

template <size_t N>
void write_sums(ByteWriter& out, const std::array<uint64_t, N>& counts) {
  for (const uint64_t count : counts) out.integer(count);
}

template <size_t N>
void read_sums(ByteReader& in, std::array<uint64_t, N>& counts) {
  for (uint64_t& count : counts) count = in.integer<uint64_t>();
}

}  // namespace

void LinkCounts::note(const Click& click, Timestamp at) {
  if (!was_followed_here()) first_at = at;
  last_at = at;
  ++total.by_visitor[static_cast<size_t>(click.visitor)];
  by_time.note(at, click.visitor);
  ++by_country[click.country];
  ++by_browser[static_cast<size_t>(click.browser)];
  ++by_system[static_cast<size_t>(click.system)];
  ++by_device[static_cast<size_t>(click.device)];
  if (click.referrer.empty()) {
    ++without_referrer;
  } else {
    referrers.note(click.referrer);
  }
  if (click.variant != kNoVariant) note_variant(click);
  if (click.visitor != Visitor::kPerson) return;
  if (click.visitor_hash == kNoVisitorHash) {
    ++without_visitor_hash;
  } else {
    visitors.add(click.visitor_hash);
  }
}

void LinkCounts::note_variant(const Click& click) {
  const auto place = [this](uint32_t key) { return std::ranges::lower_bound(by_variant, key, {}, &OfVariant::key); };
  auto found = place(click.variant);
  if (found == by_variant.end() || found->key != click.variant) {
    const uint32_t key = by_variant.size() < kVariantsCountedMax ? click.variant : kOtherVariants;
    found = place(key);
    if (found == by_variant.end() || found->key != key) found = by_variant.insert(found, {.key = key, .clicks = {}});
  }
  ++found->clicks.by_visitor[static_cast<size_t>(click.visitor)];
}

void LinkCounts::note(const ImportedClicks& clicks) {
  for (const ImportedDay& day : clicks.days) {
    const Tally tally{.by_visitor = day.by_visitor};
    if (tally.all() == 0) continue;
    total += tally;
    imported += tally;
    if (day.day == ImportedDay::kNoDay) {
      imported_without_day += tally;
    } else {
      by_time.note(day.day, tally);
    }
    by_country[kUnknownCountry] += tally.all();
    by_browser[static_cast<size_t>(Browser::kUnknown)] += tally.all();
    by_system[static_cast<size_t>(System::kUnknown)] += tally.all();
    by_device[static_cast<size_t>(DeviceClass::kUnknown)] += tally.all();
    without_referrer += tally.all();
    without_visitor_hash += tally.by_visitor[static_cast<size_t>(Visitor::kPerson)];
  }
}

void LinkCounts::write(ByteWriter& out) const {
  write_tally(out, total);
  out.integer(first_at.micros());
  out.integer(last_at.micros());
  by_time.write(out);
  out.integer(static_cast<uint32_t>(by_country.size()));
  for (const auto& [country, count] : by_country) {
    out.integer(country[0]);
    out.integer(country[1]);
    out.integer(count);
  }
  write_sums(out, by_browser);
  write_sums(out, by_system);
  write_sums(out, by_device);
  referrers.write(out);
  out.integer(without_referrer);
  visitors.write(out);
  out.integer(without_visitor_hash);
  out.integer(static_cast<uint32_t>(by_variant.size()));
  for (const OfVariant& variant : by_variant) {
    out.integer(variant.key);
    write_tally(out, variant.clicks);
  }
  write_tally(out, imported);
  write_tally(out, imported_without_day);
}

bool LinkCounts::read(ByteReader& in) {
  total = read_tally(in);
  first_at = Timestamp::from_micros(in.integer<int64_t>());
  last_at = Timestamp::from_micros(in.integer<int64_t>());
  if (!by_time.read(in)) return false;
  for (auto left = in.integer<uint32_t>(); left > 0 && in.ok(); --left) {
    const Country country = {in.integer<char>(), in.integer<char>()};
    by_country[country] = in.integer<uint64_t>();
  }
  read_sums(in, by_browser);
  read_sums(in, by_system);
  read_sums(in, by_device);
  if (!referrers.read(in)) return false;
  without_referrer = in.integer<uint64_t>();
  if (!visitors.read(in)) return false;
  without_visitor_hash = in.integer<uint64_t>();
  for (auto left = in.integer<uint32_t>(); left > 0 && in.ok(); --left) {
    const auto key = in.integer<uint32_t>();
    by_variant.push_back({.key = key, .clicks = read_tally(in)});
  }
  imported = read_tally(in);
  imported_without_day = read_tally(in);
  return in.ok() && std::ranges::is_sorted(by_variant, {}, &OfVariant::key);
}

}  // namespace doorbuster::links
