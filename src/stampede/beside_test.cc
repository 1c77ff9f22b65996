#include "stampede/beside.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "stampede/cpu_time.h"
#include "stampede/plain_server.h"

namespace doorbuster::stampede {
namespace {

using ::testing::HasSubstr;

constexpr Duration kShort = Duration::millis(200);

Scenario four_people() {
  Scenario scenario;
  Cohort people;
  people.name = "people";
  people.clients = 4;
  people.addresses = 4;
  people.networks = 1;
  people.headers = {"curl"};
  scenario.cohorts = {people};
  return scenario;
}

std::string url_of(const PlainServer& server) { return "http://127.0.0.1:" + std::to_string(server.peer().port) + "/"; }

TEST(Beside, asks_from_the_addresses_of_the_scenario_over_as_many_connections_as_the_run_had) {
  PlainServer server;
  const auto beside = ask_beside(four_people(), 1, url_of(server), {.connections = 3}, kShort);
  ASSERT_TRUE(beside);
  EXPECT_GT(beside->answers_per_second, 0);
  EXPECT_GT(beside->clients_cpu_us, 0);
  EXPECT_GT(beside->latency_ms_p99, 0);
  const std::vector<uint32_t> sources = server.sources();
  EXPECT_EQ(sources.size(), 3U);
  EXPECT_EQ(std::set<uint32_t>(sources.begin(), sources.end()).size(), 3U);
}

TEST(Beside, makes_new_connections_as_often_as_the_run_did) {
  PlainServer server;
  const auto beside =
      ask_beside(four_people(), 1, url_of(server), {.connections = 1, .connections_an_answer = 0.5}, kShort);
  ASSERT_TRUE(beside);
  EXPECT_NEAR(static_cast<double>(server.answers()) / 2, static_cast<double>(server.sources().size()), 1);
}

TEST(Beside, says_so_when_nobody_answers) {
  uint16_t port = 0;
  {
    const PlainServer gone;
    port = gone.peer().port;
  }
  const auto beside =
      ask_beside(four_people(), 1, "http://127.0.0.1:" + std::to_string(port) + "/", {.connections = 2}, kShort);
  ASSERT_FALSE(beside);
  EXPECT_THAT(beside.error().message, HasSubstr("were not 200"));
}

TEST(CpuTime, knows_this_process_by_its_number_too) {
  const Duration before = cpu_of_this_process();
  while (cpu_of_this_process() - before < Duration::millis(40)) continue;
  const auto seen = cpu_of(::getpid());
  ASSERT_TRUE(seen);
  EXPECT_NEAR(static_cast<double>(seen->micros()), static_cast<double>(cpu_of_this_process().micros()), 40'000);
  EXPECT_FALSE(cpu_of(0));
}

}  // namespace
}  // namespace doorbuster::stampede
