// What it costs to count a click, and to tell what was counted of a link that is followed all the time.
#include "links/views/count_record.h"

#include <benchmark/benchmark.h>

#include <string>

#include "base/prng.h"
#include "base/siphash.h"

namespace doorbuster::links {
namespace {

constexpr Timestamp kNewYear = Timestamp::from_micros(1'640'995'200'000'000);  // 2022-01-01T00:00:00Z
constexpr Duration kQuarter = Duration::seconds(900);
constexpr int64_t kQuartersADay = 96;

// Half of the referrers are few, and so on up to 16,384 of them.
Click any_click(Prng& random) {
  const std::string referrer = "site" + std::to_string(random.below(uint64_t{1} << random.below(15))) + ".example";
  return {.link = 1,
          .country = {'A', static_cast<char>('A' + random.below(26))},
          .referrer = std::string_view(referrer),
          .browser = Browser::kChrome,
          .system = System::kAndroid,
          .visitor_hash = SipHash(1, 2)(random.next())};
}

LinkCounts followed_for(int64_t days, int clicks_a_quarter) {
  LinkCounts counts;
  Prng random(5);
  for (int64_t quarter = 0; quarter < days * kQuartersADay; ++quarter) {
    for (int i = 0; i < clicks_a_quarter; ++i) counts.note(any_click(random), kNewYear + kQuarter * quarter);
  }
  return counts;
}

void count_a_click(benchmark::State& state) {
  constexpr size_t kClicks = 4'096;
  LinkCounts counts = followed_for(40, 10);
  Prng random(7);
  std::vector<Click> clicks;
  while (clicks.size() < kClicks) clicks.push_back(any_click(random));
  size_t next = 0;
  for (auto _ : state) counts.note(clicks[next++ % kClicks], counts.last_at);
}
BENCHMARK(count_a_click);

void tell_five_years_of_days(benchmark::State& state) {
  const LinkCounts counts = followed_for(5 * 365, 1);
  const TimeZone zone = TimeZone::load("Europe/Berlin").value();
  for (auto _ : state) benchmark::DoNotOptimize(counts.by_time.days_in(zone));
}
BENCHMARK(tell_five_years_of_days)->Unit(benchmark::kMicrosecond);

void tell_five_weeks_of_hours(benchmark::State& state) {
  const LinkCounts counts = followed_for(40, 1);
  const TimeZone zone = TimeZone::load("Europe/Berlin").value();
  for (auto _ : state) benchmark::DoNotOptimize(counts.by_time.hours_in(zone));
}
BENCHMARK(tell_five_weeks_of_hours)->Unit(benchmark::kMicrosecond);

void tell_unique_visitors(benchmark::State& state) {
  const LinkCounts counts = followed_for(40, 10);
  for (auto _ : state) benchmark::DoNotOptimize(counts.visitors.estimate());
}
BENCHMARK(tell_unique_visitors)->Unit(benchmark::kMicrosecond);

// As an answer about a link reads it from the store.
void read_what_was_counted(benchmark::State& state) {
  const std::vector<std::byte> stored = encode_record({.heard = Sequence(1), .counts = followed_for(5 * 365, 1)});
  for (auto _ : state) benchmark::DoNotOptimize(decode_record(stored));
}
BENCHMARK(read_what_was_counted)->Unit(benchmark::kMicrosecond);

void write_what_was_counted(benchmark::State& state) {
  const CountRecord record{.heard = Sequence(1), .counts = followed_for(5 * 365, 1)};
  for (auto _ : state) benchmark::DoNotOptimize(encode_record(record));
}
BENCHMARK(write_what_was_counted)->Unit(benchmark::kMicrosecond);

void read_a_time_zone(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TimeZone::load("Europe/Berlin"));
}
BENCHMARK(read_a_time_zone)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace doorbuster::links
