#include "ops/health.h"

#include <gtest/gtest.h>

namespace doorbuster::ops {
namespace {

Result<void> passes() { return {}; }

Durability of_a_disk() {
  return {.store = "disk", .guarantee = "synced", .survives_process_crash = true, .survives_power_loss = true};
}
Durability of_nothing() { return {.store = "none", .guarantee = "forgets"}; }

TEST(Health, without_checks_a_server_is_alive_and_ready) {
  const Health health(of_a_disk());
  EXPECT_EQ(health.livez().status, 200);
  EXPECT_EQ(health.livez().body, R"({"status":"pass","checks":[]})");
  EXPECT_EQ(health.readyz().status, 200);
}

TEST(Health, readiness_attests_what_survives) {
  EXPECT_EQ(Health(of_a_disk()).readyz().body,
            R"({"status":"pass","durability":{"store":"disk","guarantee":"synced",)"
            R"("survives_process_crash":true,"survives_power_loss":true},"checks":[]})");
  EXPECT_EQ(Health(of_nothing()).readyz().body,
            R"({"status":"pass","durability":{"store":"none","guarantee":"forgets",)"
            R"("survives_process_crash":false,"survives_power_loss":false},"checks":[]})");
}

TEST(Health, a_warning_is_told_and_keeps_nobody_away) {
  Health health(of_nothing());
  bool warns = true;
  health.should_be("clock", [&]() -> Result<void> {
    if (warns) return fail(ErrorCode::kUnavailable, "it was set");
    return {};
  });
  EXPECT_EQ(health.readyz().status, 200);
  EXPECT_TRUE(health.readyz().body.starts_with(R"({"status":"warn")"));
  EXPECT_TRUE(health.readyz().body.ends_with(R"("checks":[{"name":"clock","status":"warn","reason":"it was set"}]})"));
  EXPECT_FALSE(health.is_ready());  // not what passes, and may be kept
  EXPECT_EQ(health.livez().body, R"({"status":"pass","checks":[]})");
  warns = false;
  EXPECT_TRUE(health.is_ready());
  EXPECT_TRUE(health.readyz().body.starts_with(R"({"status":"pass")"));
}

TEST(Health, one_failing_check_makes_it_not_ready_and_says_why) {
  Health health(of_nothing());
  bool replayed = false;
  health.must_be_ready("listener", passes);
  health.must_be_ready("replay", [&]() -> Result<void> {
    if (!replayed) return fail(ErrorCode::kUnavailable, "replaying the log: \"41 %\"");
    return {};
  });
  const HealthReply before = health.readyz();
  EXPECT_EQ(before.status, 503);
  EXPECT_FALSE(health.is_ready());
  EXPECT_TRUE(health.is_live());
  EXPECT_NE(before.body.find(R"("checks":[{"name":"listener","status":"pass"},)"
                             R"({"name":"replay","status":"fail","reason":"replaying the log: \"41 %\""}])"),
            std::string::npos)
      << before.body;
  replayed = true;
  EXPECT_EQ(health.readyz().status, 200);
  EXPECT_TRUE(health.is_ready());
}

TEST(Health, liveness_has_checks_of_its_own) {
  Health health(of_nothing());
  health.must_be_ready("replay", [] { return Result<void>(fail(ErrorCode::kUnavailable, "not yet")); });
  EXPECT_EQ(health.livez().status, 200);
  health.must_live("cell", [] { return Result<void>(fail(ErrorCode::kIo, "the cell has stopped")); });
  EXPECT_EQ(health.livez().status, 503);
  EXPECT_FALSE(health.is_live());
  EXPECT_EQ(health.livez().body,
            R"({"status":"fail","checks":[{"name":"cell","status":"fail","reason":"the cell has stopped"}]})");
}

TEST(Health, a_draining_server_is_alive_and_not_ready) {
  Health health(of_a_disk());
  health.drain();
  EXPECT_TRUE(health.is_live());
  EXPECT_EQ(health.livez().status, 200);
  EXPECT_FALSE(health.is_ready());
  EXPECT_EQ(health.readyz().status, 503);
  EXPECT_NE(health.readyz().body.find(R"("name":"drain","status":"fail","reason":"the server is shutting down")"),
            std::string::npos);
}

}  // namespace
}  // namespace doorbuster::ops
