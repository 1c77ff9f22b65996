#include "app/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/config_test_helpers.h"

namespace doorbuster::app {
namespace {

TEST(Limits, one_reactor_a_core_unless_told_otherwise) {
  Config config;
  EXPECT_EQ(limits_of(config, {.cores = 2}).reactors, 2U);
  config.reactors = 5;
  EXPECT_EQ(limits_of(config, {.cores = 2}).reactors, 5U);
}

TEST(Limits, a_machine_of_many_cores_is_served_by_as_many_reactors_as_there_can_be) {
  const Limits limits = limits_of(Config(), {.cores = 300});
  EXPECT_EQ(limits.reactors, 256U);
  EXPECT_THAT(describe(limits), testing::StartsWith("reactors                    256\n"
                                                    "cores without a reactor     44\n"));
}

TEST(Limits, promise_no_more_connections_by_themselves_than_there_may_be_open_files) {
  const net::Limits http = limits_of(Config(), {.cores = 300, .open_files = 524'288}).http;
  EXPECT_EQ(http.connections, (524'288U - 256) / 256);
  EXPECT_EQ(http.connections_per_address, http.connections);
  EXPECT_TRUE(net::check(http).has_value());
  Config config;
  config.admin_listen = "127.0.0.1:1";
  EXPECT_EQ(limits_of(config, {.cores = 7, .open_files = 8'256}).http.connections, 1'000U);
  config.http.connections = 9'000;
  EXPECT_EQ(limits_of(config, {.cores = 7, .open_files = 8'256}).http.connections, 9'000U) << "as it was set";
}

TEST(Limits, follow_the_configuration) {
  const Limits limits = limits_of(configured(kEverything), {.cores = 1});
  EXPECT_EQ(limits.http.connections, 100U);
  EXPECT_EQ(limits.http.connections_per_address, 50U);
  EXPECT_EQ(limits.http.header_bytes, 2048U);
  EXPECT_EQ(limits.http.body_bytes, 4096U);
  EXPECT_EQ(limits.http.buffer_bytes, 2'000'000U);
  EXPECT_EQ(limits.http.header_time, Duration::seconds(3));
  EXPECT_EQ(limits.http.receive_bytes_per_second_min, 100U);
  EXPECT_EQ(limits.http.idle_time, Duration::seconds(30));
  EXPECT_EQ(limits.http.deferred_time, Duration::seconds(2));
  EXPECT_EQ(limits.sale.sales, 5U);
  EXPECT_EQ(limits.sale.holds, 2000U);
  EXPECT_EQ(limits.sale.entries, 3000U);
  EXPECT_EQ(limits.sale.operator_keys, 200U);
  EXPECT_EQ(limits.sale.sale_share_percent, 60U);
  EXPECT_EQ(limits.sale.guest_share_percent, 40U);
  EXPECT_EQ(limits.ring_commands, 128U);
  EXPECT_EQ(limits.batch_commands, 64U);
}

TEST(Limits, the_defaults_are_what_the_http_layer_can_do) {
  EXPECT_TRUE(net::check(limits_of(Config(), {.cores = 2}).http).has_value());
}

TEST(Limits, are_shown_one_a_line) {
  const std::string text = describe(limits_of(Config(), {.cores = 2}));
  EXPECT_THAT(text, testing::StartsWith("reactors                    2\n"));
  EXPECT_THAT(text, testing::HasSubstr("\nbody of a request           65536 bytes\n"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 15);
}

}  // namespace
}  // namespace doorbuster::app
