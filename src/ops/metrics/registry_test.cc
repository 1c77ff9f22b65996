#include "ops/metrics/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace doorbuster::ops {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, are_shown_in_the_text_format_of_prometheus) {
  Metrics metrics;
  Counter holds;
  Gauge epoch;
  holds.add(2);
  epoch.set(-5);
  metrics.counter("doorbuster_holds_total", "Holds made.", holds);
  metrics.gauge("doorbuster_log_epoch", "Epoch of the log.", epoch);
  metrics.gauges("doorbuster_ring_commands", "Waiting commands.",
                 [](Series& series) { series.add({{"cell", "0"}, {"port", "1"}}, 1.5); });
  EXPECT_EQ(metrics.exposition(),
            "# HELP doorbuster_holds_total Holds made.\n"
            "# TYPE doorbuster_holds_total counter\n"
            "doorbuster_holds_total 2\n"
            "# HELP doorbuster_log_epoch Epoch of the log.\n"
            "# TYPE doorbuster_log_epoch gauge\n"
            "doorbuster_log_epoch -5\n"
            "# HELP doorbuster_ring_commands Waiting commands.\n"
            "# TYPE doorbuster_ring_commands gauge\n"
            "doorbuster_ring_commands{cell=\"0\",port=\"1\"} 1.5\n");
}

TEST(Metrics, several_parts_tell_series_of_one_family) {
  Metrics metrics;
  for (const char* listener : {"public", "admin"}) {
    metrics.counters("doorbuster_requests_total", "Requests.",
                     [listener](Series& series) { series.add({{"listener", listener}}, uint64_t{7}); });
  }
  EXPECT_EQ(metrics.exposition(),
            "# HELP doorbuster_requests_total Requests.\n"
            "# TYPE doorbuster_requests_total counter\n"
            "doorbuster_requests_total{listener=\"public\"} 7\n"
            "doorbuster_requests_total{listener=\"admin\"} 7\n");
}

TEST(Metrics, a_family_without_series_is_shown_with_its_help_and_type) {
  Metrics metrics;
  metrics.gauges("doorbuster_sale_units", "Units.", [](Series&) {});
  EXPECT_EQ(metrics.exposition(), "# HELP doorbuster_sale_units Units.\n# TYPE doorbuster_sale_units gauge\n");
}

TEST(Metrics, values_of_labels_and_help_are_escaped) {
  Metrics metrics;
  metrics.gauges("doorbuster_x", "One\\two\n\"three\".",
                 [](Series& series) { series.add({{"name", "a\"b\\c\nd"}}, 1.0); });
  EXPECT_THAT(metrics.exposition(), HasSubstr("# HELP doorbuster_x One\\\\two\\n\"three\".\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(doorbuster_x{name="a\"b\\c\nd"} 1)"));
}

TEST(Metrics, numbers_are_written_so_that_they_read_back_the_same) {
  Metrics metrics;
  metrics.gauges("doorbuster_x", "X.", [](Series& series) {
    series.add({}, 1767225600.25);
    series.add({}, uint64_t{18'446'744'073'709'551'615U});
    series.add({}, std::numeric_limits<double>::infinity());
    series.add({}, std::numeric_limits<double>::quiet_NaN());
  });
  EXPECT_THAT(metrics.exposition(),
              HasSubstr("doorbuster_x 1767225600.25\ndoorbuster_x 18446744073709551615\ndoorbuster_x +Inf\n"
                        "doorbuster_x NaN\n"));
}

TEST(Metrics, a_histogram_of_counts_is_cumulative_and_its_bounds_belong_to_it) {
  constexpr HistogramScale kTiny{.lowest = 2, .highest = 8};
  Metrics metrics;
  Histogram histogram;
  for (const uint64_t value : {0U, 1U, 2U, 3U, 5U, 7U, 100U}) histogram.record(value);
  metrics.histogram("doorbuster_batch_size", "Sizes.", kTiny, histogram);
  EXPECT_EQ(metrics.exposition(),
            "# HELP doorbuster_batch_size Sizes.\n"
            "# TYPE doorbuster_batch_size histogram\n"
            "doorbuster_batch_size_bucket{le=\"1\"} 2\n"
            "doorbuster_batch_size_bucket{le=\"2\"} 3\n"
            "doorbuster_batch_size_bucket{le=\"3\"} 4\n"
            "doorbuster_batch_size_bucket{le=\"5\"} 5\n"
            "doorbuster_batch_size_bucket{le=\"7\"} 6\n"
            "doorbuster_batch_size_bucket{le=\"+Inf\"} 7\n"
            "doorbuster_batch_size_sum 118\n"
            "doorbuster_batch_size_count 7\n");
}

TEST(Metrics, a_histogram_of_microseconds_is_shown_in_seconds) {
  constexpr HistogramScale kShort{
      .lowest = 1'024, .highest = 2'048, .units_shown = 1e6, .values = HistogramScale::Values::kTruncated};
  Metrics metrics;
  Histogram histogram;
  histogram.record(1'000, 2);
  histogram.record(1'600);
  metrics.histogram("doorbuster_wait_seconds", "Waits.", kShort, histogram);
  EXPECT_EQ(metrics.exposition(),
            "# HELP doorbuster_wait_seconds Waits.\n"
            "# TYPE doorbuster_wait_seconds histogram\n"
            "doorbuster_wait_seconds_bucket{le=\"0.001024\"} 2\n"
            "doorbuster_wait_seconds_bucket{le=\"0.001536\"} 2\n"
            "doorbuster_wait_seconds_bucket{le=\"0.002048\"} 3\n"
            "doorbuster_wait_seconds_bucket{le=\"+Inf\"} 3\n"
            "doorbuster_wait_seconds_sum 0.0036\n"
            "doorbuster_wait_seconds_count 3\n");
}

TEST(Metrics, names_that_break_the_conventions_end_the_process) {
  Metrics metrics;
  const Metrics::Read one = [] { return 1.0; };
  EXPECT_DEATH(metrics.counter("doorbuster_holds", "A counter without _total.", one), "_total");
  EXPECT_DEATH(metrics.gauge("doorbuster_holds_total", "A gauge with _total.", one), "_total");
  EXPECT_DEATH(metrics.gauge("holds", "Whose?", one), "is_name");
  EXPECT_DEATH(metrics.gauge("doorbuster_Holds", "Capital.", one), "is_name");
  EXPECT_DEATH(metrics.gauge("doorbuster_holds", "", one), "help");
}

TEST(Metrics, one_name_is_one_kind_of_metric_with_one_help) {
  Metrics metrics;
  metrics.gauge("doorbuster_size", "A size.", [] { return 1.0; });
  EXPECT_DEATH(metrics.histograms("doorbuster_size", "A size.", [](Series&) {}), "kind");
  EXPECT_DEATH(metrics.gauge("doorbuster_size", "Another help.", [] { return 1.0; }), "help");
}

}  // namespace
}  // namespace doorbuster::ops
