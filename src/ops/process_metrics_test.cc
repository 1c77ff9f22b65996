#include "ops/process_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster::ops {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

TEST(ProcessMetrics, tell_what_the_process_uses) {
  Metrics metrics;
  register_process_metrics(metrics, {.version = "1.2.3", .compiler = "gcc"});
  const std::string text = metrics.exposition();
  EXPECT_THAT(text, ContainsRegex("\nprocess_cpu_seconds_total [0-9.e-]+\n"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_resident_memory_bytes [1-9][0-9.e+]+\n"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_open_fds [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_max_fds [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_threads [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_start_time_seconds [1-9]"));
  EXPECT_THAT(text, HasSubstr("\ndoorbuster_build_info{version=\"1.2.3\",compiler=\"gcc\"} 1\n"));
}

}  // namespace
}  // namespace doorbuster::ops
