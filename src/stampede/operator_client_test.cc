#include "stampede/operator_client.h"

#include <gtest/gtest.h>

namespace doorbuster::stampede {
namespace {

constexpr std::string_view kMetrics = R"(# HELP a_total What it counts.
# TYPE a_total counter
a_total{kind="x"} 3
a_total{kind="y"} 4.5
a_total_of_others 100
b 7
)";

TEST(SumOfMetric, adds_up_the_series_of_one_name) {
  EXPECT_EQ(sum_of_metric(kMetrics, "a_total"), 7.5);
  EXPECT_EQ(sum_of_metric(kMetrics, "a_total", "kind=\"y\""), 4.5);
  EXPECT_EQ(sum_of_metric(kMetrics, "b"), 7);
  EXPECT_EQ(sum_of_metric(kMetrics, "c"), 0);
}

TEST(OperatorClient, needs_the_key_in_the_servers_folder) {
  const auto client = OperatorClient::make("http://127.0.0.1:1", "/nowhere");
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace doorbuster::stampede
