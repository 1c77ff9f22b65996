#include "ops/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/process_metrics.h"

namespace doorbuster::ops {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, ACounterGrowsByWhatIsAdded) {
  Metrics metrics;
  const Counter holds = metrics.counter("doorbuster_holds_total", "Holds made.");
  holds.add();
  holds.add(41);
  EXPECT_EQ(holds.value(), 42U);
}

TEST(Metrics, AGaugeIsWhatWasSetLast) {
  Metrics metrics;
  const Gauge epoch = metrics.gauge("doorbuster_log_epoch", "Epoch of the log.");
  epoch.set(3);
  epoch.set(-7);
  EXPECT_EQ(epoch.value(), -7);
}

TEST(Metrics, ALevelRisesAndFalls) {
  Metrics metrics;
  const Level open = metrics.level("doorbuster_connections", "Open connections.");
  open.rise(3);
  open.fall();
  EXPECT_EQ(open.value(), 2);
  open.fall(5);
  EXPECT_EQ(open.value(), -3);
}

TEST(Metrics, RegisteringAgainWithTheSameLabelsGivesTheSameMetric) {
  Metrics metrics;
  metrics.counter("doorbuster_requests_total", "Requests.", {{"code", "200"}, {"route", "/"}}).add();
  metrics.counter("doorbuster_requests_total", "Requests.", {{"route", "/"}, {"code", "200"}}).add();
  const Counter other = metrics.counter("doorbuster_requests_total", "Requests.", {{"code", "503"}, {"route", "/"}});
  EXPECT_EQ(other.value(), 0U);
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_requests_total{code=\"200\",route=\"/\"} 2\n"));
}

TEST(Metrics, NamesThatBreakTheConventionsEndTheProcess) {
  Metrics metrics;
  EXPECT_DEATH(metrics.counter("doorbuster_holds", "A counter without _total."), "_total");
  EXPECT_DEATH(metrics.gauge("doorbuster_holds_total", "A gauge with _total."), "_total");
  EXPECT_DEATH(metrics.gauge("holds", "Whose?"), "is_ours");
  EXPECT_DEATH(metrics.gauge("doorbuster_Holds", "Capital."), "is_name");
  EXPECT_DEATH(metrics.gauge("doorbuster_holds", ""), "help");
}

TEST(Metrics, OneNameIsOneKindOfMetric) {
  Metrics metrics;
  metrics.gauge("doorbuster_size", "A size.");
  EXPECT_DEATH(metrics.level("doorbuster_size", "A size."), "kind");
  EXPECT_DEATH(metrics.gauge("doorbuster_size", "Another help."), "help");
}

TEST(Metrics, NoMoreCellsAreGivenThanWereReserved) {
  Metrics metrics(2);
  metrics.counter("doorbuster_a_total", "A.");
  metrics.counter("doorbuster_b_total", "B.");
  EXPECT_DEATH(metrics.counter("doorbuster_c_total", "C."), "capacity_");
}

TEST(Exposition, IsPrometheusText) {
  Metrics metrics;
  metrics.counter("doorbuster_holds_total", "Holds made.").add(2);
  metrics.gauge("doorbuster_log_epoch", "Epoch of the log.", {{"cell", "0"}}).set(5);
  metrics.observed("doorbuster_ring_commands", "Waiting commands.", [] { return 1.5; });
  EXPECT_EQ(metrics.exposition(),
            "# HELP doorbuster_holds_total Holds made.\n"
            "# TYPE doorbuster_holds_total counter\n"
            "doorbuster_holds_total 2\n"
            "# HELP doorbuster_log_epoch Epoch of the log.\n"
            "# TYPE doorbuster_log_epoch gauge\n"
            "doorbuster_log_epoch{cell=\"0\"} 5\n"
            "# HELP doorbuster_ring_commands Waiting commands.\n"
            "# TYPE doorbuster_ring_commands gauge\n"
            "doorbuster_ring_commands 1.5\n");
}

TEST(Exposition, EscapesTheValuesOfLabels) {
  Metrics metrics;
  metrics.gauge("doorbuster_x", "X.", {{"name", "a\"b\\c\nd"}}).set(1);
  EXPECT_THAT(metrics.exposition(), HasSubstr(R"(doorbuster_x{name="a\"b\\c\nd"} 1)"));
}

TEST(Exposition, OfAHistogramIsCumulativeAndInBaseUnits) {
  constexpr HistogramShape kTiny{.highest = 7, .step_bits = 1, .units_in_shown = 10};
  Metrics metrics;
  const Histogram histogram = metrics.histogram("doorbuster_wait_seconds", "Waits.", kTiny);
  for (const uint64_t value : {1U, 2U, 2U, 5U, 100U}) histogram.record(value);
  EXPECT_EQ(metrics.exposition(),
            "# HELP doorbuster_wait_seconds Waits.\n"
            "# TYPE doorbuster_wait_seconds histogram\n"
            "doorbuster_wait_seconds_count 5\n"
            "doorbuster_wait_seconds_sum 11\n"
            "doorbuster_wait_seconds_bucket{le=\"0\"} 0\n"
            "doorbuster_wait_seconds_bucket{le=\"0.1\"} 1\n"
            "doorbuster_wait_seconds_bucket{le=\"0.2\"} 3\n"
            "doorbuster_wait_seconds_bucket{le=\"0.3\"} 3\n"
            "doorbuster_wait_seconds_bucket{le=\"0.5\"} 4\n"
            "doorbuster_wait_seconds_bucket{le=\"0.7\"} 4\n"
            "doorbuster_wait_seconds_bucket{le=\"+Inf\"} 5\n");
}

TEST(ProcessMetrics, TellWhatTheProcessUses) {
  Metrics metrics;
  observe_process(metrics);
  EXPECT_THAT(metrics.names(), testing::ElementsAre("process_cpu_seconds_total", "process_max_fds", "process_open_fds",
                                                    "process_resident_memory_bytes", "process_start_time_seconds"));
  const std::string text = metrics.exposition();
  EXPECT_THAT(text, HasSubstr("# TYPE process_cpu_seconds_total counter"));
  EXPECT_THAT(text, testing::Not(HasSubstr("process_resident_memory_bytes 0\n")));
  EXPECT_THAT(text, testing::Not(HasSubstr("process_open_fds 0\n")));
}

}  // namespace
}  // namespace doorbuster::ops
