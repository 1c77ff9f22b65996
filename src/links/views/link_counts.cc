#include "links/views/link_counts.h"

#include <algorithm>

#include "base/varint.h"

namespace doorbuster::links {
namespace {

constexpr size_t kCountryNodeBytes = 64;  // of a map, with its heap

// Which of the counts are not zero, a bit each, and then those.
template <size_t N>
void write_sums(ByteWriter& out, const std::array<uint64_t, N>& counts) {
  static_assert(N <= 64);
  uint64_t present = 0;
  for (size_t i = 0; i < N; ++i) present |= uint64_t{counts[i] > 0} << i;
  write_varint(out, present);
  for (const uint64_t count : counts) {
    if (count > 0) write_varint(out, count);
  }
}

template <size_t N>
bool read_sums(ByteReader& in, std::array<uint64_t, N>& counts) {
  const uint64_t present = read_varint(in);
  if (N < 64 && present >> N != 0) return false;
  for (size_t i = 0; i < N; ++i) counts[i] = (present >> i & 1) != 0 ? read_varint(in) : 0;
  return true;
}

// A time, or how long behind it: the two can be added.
bool is_a_time(int64_t micros) { return micros > INT64_MIN / 2 && micros < INT64_MAX / 2; }

template <size_t N>
void add_sums(std::array<uint64_t, N>& counts, const std::array<uint64_t, N>& more) {
  for (size_t i = 0; i < N; ++i) counts[i] += more[i];
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
  if (click.variant != kNoVariant) {
    Tally one;
    one.by_visitor[static_cast<size_t>(click.visitor)] = 1;
    add_variant(click.variant, one);
  }
  if (click.visitor != Visitor::kPerson) return;
  if (click.visitor_hash == kNoVisitorHash) {
    ++without_visitor_hash;
  } else {
    visitors.add(click.visitor_hash);
  }
}

void LinkCounts::add_variant(uint32_t variant, const Tally& clicks) {
  const auto place = [this](uint32_t key) { return std::ranges::lower_bound(by_variant, key, {}, &OfVariant::key); };
  auto found = place(variant);
  if (found == by_variant.end() || found->key != variant) {
    const uint32_t key = by_variant.size() < kVariantsCountedMax ? variant : kOtherVariants;
    found = place(key);
    if (found == by_variant.end() || found->key != key) found = by_variant.insert(found, {.key = key, .clicks = {}});
  }
  found->clicks += clicks;
}

bool LinkCounts::can_note(const Click& click) const {
  return click.referrer.empty() || referrers.has_room_for(click.referrer);
}

LinkCounts& LinkCounts::operator+=(const LinkCounts& more) {
  if (more.total.all() == 0) return *this;
  if (more.was_followed_here()) {
    if (!was_followed_here()) first_at = more.first_at;
    last_at = more.last_at;
  }
  total += more.total;
  imported += more.imported;
  imported_without_day += more.imported_without_day;
  by_time += more.by_time;
  for (const auto& [country, count] : more.by_country) by_country[country] += count;
  add_sums(by_browser, more.by_browser);
  add_sums(by_system, more.by_system);
  add_sums(by_device, more.by_device);
  referrers += more.referrers;
  without_referrer += more.without_referrer;
  visitors += more.visitors;
  without_visitor_hash += more.without_visitor_hash;
  for (const auto& [variant, clicks] : more.by_variant) add_variant(variant, clicks);
  return *this;
}

size_t LinkCounts::heap_bytes() const {
  return by_time.heap_bytes() + by_country.size() * kCountryNodeBytes + referrers.heap_bytes() + visitors.heap_bytes() +
         by_variant.capacity() * sizeof(OfVariant);
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

void LinkCounts::write_head(ByteWriter& out) const {
  write_tally(out, total);
  write_signed_varint(out, first_at.micros());
  write_signed_varint(out, (last_at - first_at).micros());
}

bool LinkCounts::read_head(ByteReader& in) {
  total = read_tally(in);
  const int64_t first = read_signed_varint(in);
  const int64_t until_last = read_signed_varint(in);
  if (!in.ok() || !is_a_time(first) || !is_a_time(until_last)) return false;
  first_at = Timestamp::from_micros(first);
  last_at = Timestamp::from_micros(first + until_last);
  return true;
}

void LinkCounts::write(ByteWriter& out) const {
  write_head(out);
  by_time.write(out);
  write_varint(out, by_country.size());
  for (const auto& [country, count] : by_country) {
    out.integer(country[0]);
    out.integer(country[1]);
    write_varint(out, count);
  }
  write_sums(out, by_browser);
  write_sums(out, by_system);
  write_sums(out, by_device);
  referrers.write(out);
  write_varint(out, without_referrer);
  visitors.write(out);
  write_varint(out, without_visitor_hash);
  write_varint(out, by_variant.size());
  for (const OfVariant& variant : by_variant) {
    out.integer(variant.key);
    write_tally(out, variant.clicks);
  }
  write_tally(out, imported);
  write_tally(out, imported_without_day);
}

bool LinkCounts::read(ByteReader& in) {
  if (!read_head(in) || !by_time.read(in)) return false;
  by_country.clear();
  for (uint64_t left = read_varint(in); left > 0 && in.ok(); --left) {
    const Country country = {in.integer<char>(), in.integer<char>()};
    by_country[country] = read_varint(in);
  }
  if (!read_sums(in, by_browser) || !read_sums(in, by_system) || !read_sums(in, by_device)) return false;
  if (!referrers.read(in)) return false;
  without_referrer = read_varint(in);
  if (!visitors.read(in)) return false;
  without_visitor_hash = read_varint(in);
  const uint64_t variants = read_varint(in);
  if (variants > kVariantsCountedMax + 1) return false;
  by_variant.resize(variants);
  for (OfVariant& variant : by_variant) {
    variant.key = in.integer<uint32_t>();
    variant.clicks = read_tally(in);
  }
  imported = read_tally(in);
  imported_without_day = read_tally(in);
  return in.ok() &&
         std::ranges::adjacent_find(by_variant, std::ranges::greater_equal(), &OfVariant::key) == by_variant.end();
}

}  // namespace doorbuster::links
