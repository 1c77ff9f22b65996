#include "links/views/link_counts.h"

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
  if (total.all() == 0) first_at = at;
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
  if (click.visitor != Visitor::kPerson) return;
  if (click.visitor_hash == kNoVisitorHash) {
    ++without_visitor_hash;
  } else {
    visitors.add(click.visitor_hash);
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
  return in.ok();
}

}  // namespace doorbuster::links
