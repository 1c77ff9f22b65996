#include "app/http_load_sampler.h"

#include <gtest/gtest.h>

namespace doorbuster::app {
namespace {

Timestamp at(int64_t seconds) { return Timestamp() + Duration::seconds(1'000 + seconds); }

TEST(HttpLoadSampler, tells_how_requests_of_all_reactors_have_fared_lately) {
  net::ReactorMetrics one;
  net::ReactorMetrics two;
  HttpLoadSampler sampler;
  sampler.add(one);
  sampler.add(two);
  one.latency_immediate.record(1'000'000, 500);  // before anybody looked
  EXPECT_EQ(sampler.look(at(0)).requests_per_second, 0);
  one.latency_immediate.record(100, 90);
  two.latency_deferred.record(10'000, 10);
  const sale::HttpLoad load = sampler.look(at(4));
  EXPECT_EQ(load.requests_per_second, 25);
  EXPECT_GE(load.p50_micros, 100U);
  EXPECT_LE(load.p50_micros, 125U);
  EXPECT_GE(load.p99_micros, 10'000U);
  EXPECT_LE(load.p99_micros, 12'500U);
}

TEST(HttpLoadSampler, forgets_what_is_older_than_some_seconds) {
  net::ReactorMetrics reactor;
  HttpLoadSampler sampler;
  sampler.add(reactor);
  for (int64_t second = 0; second <= 30; ++second) {
    reactor.latency_immediate.record(second < 15 ? 50'000 : 50, 10);
    (void)sampler.look(at(second));
  }
  const sale::HttpLoad load = sampler.look(at(31));
  EXPECT_LE(load.p99_micros, 60U);
  EXPECT_NEAR(load.requests_per_second, 10, 2);
}

}  // namespace
}  // namespace doorbuster::app
