// Many deliveries at once, in batches, over again, and not at all.
#include <gmock/gmock.h>

#include "base/json.h"
#include "platform/webhooks/webhooks_test_fixture.h"

namespace doorbuster::platform {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(WebhookEngineTest, many_requests_are_under_way_at_once_up_to_the_bound) {
  endpoint_.in_flight = 8;
  receiver_.answer(0);
  for (uint64_t i = 1; i <= 40; ++i) source_.add(i, "hold_" + std::to_string(i));
  start_from_the_beginning();
  ASSERT_TRUE(shows([](const EndpointStatus& status) { return status.in_flight == 8; }));
  ASSERT_TRUE(receiver_.wait([&] { return receiver_.ids.size() == 8; }));
  EXPECT_TRUE(shows([](const EndpointStatus& status) { return status.waiting == 40 && status.behind == 40; }));
}

TEST_F(WebhookEngineTest, what_one_key_waits_for_does_not_hold_back_the_others) {
  receiver_.refuse("evt_1");
  for (uint64_t i = 1; i <= 20; ++i) source_.add(i, i <= 2 ? "hold_1" : "hold_2");
  start_from_the_beginning();
  ASSERT_TRUE(shows([](const EndpointStatus& status) { return status.delivered == 18; }))
      << "an answer that is still on its way would not count";
  EXPECT_THAT(receiver_.all_accepted(), Not(Contains("evt_2")));
  engine_.reset();
  EXPECT_EQ(saved_position(), 0U);
  EXPECT_THAT(saved().sources.at(0).delivered, ElementsAre(SequenceRange{3, 20}));
  receiver_.refuse("");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(20));
  EXPECT_THAT(receiver_.all_accepted(), ::testing::UnorderedElementsAreArray(receiver_.each_once()))
      << "a restart repeats nothing that was taken";
}

TEST_F(WebhookEngineTest, sends_batches_to_whoever_wants_them) {
  endpoint_.batch = 10;
  endpoint_.in_flight = 1;
  for (uint64_t i = 1; i <= 20; ++i) source_.add(i, "hold_" + std::to_string(i % 4));
  start_from_the_beginning();
  ASSERT_TRUE(shows([](const EndpointStatus& status) { return status.delivered == 20; }));
  const std::lock_guard lock(receiver_.mutex);
  EXPECT_EQ(receiver_.badly_signed.load(), 0);
  ASSERT_EQ(receiver_.bodies.size(), 2U);
  EXPECT_THAT(receiver_.content_types, Each(HasSubstr("application/cloudevents-batch+json")));
  std::vector<std::string> ids;
  for (const std::string& body : receiver_.bodies) {
    JsonDocument document(body);
    document.value().array(10).each(
        [&](const JsonValue& event) { ids.emplace_back(event.object().required("id").string()); });
  }
  for (uint64_t i = 1; i <= 20; ++i) EXPECT_EQ(ids.at(i - 1), "evt_" + std::to_string(i));
}

TEST_F(WebhookEngineTest, sends_nothing_while_an_operator_has_disabled_it) {
  start();
  ASSERT_TRUE(engine_->disable("till").has_value());
  source_.add(1, "hold_1");
  ASSERT_TRUE(shows([](const EndpointStatus& status) { return status.waiting == 1; }));
  EXPECT_EQ(saved().disabled.value().by, DisabledBy::kOperator);
  EXPECT_TRUE(receiver_.all_accepted().empty());
  ASSERT_TRUE(engine_->enable("till").has_value());
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_EQ(saved().disabled, std::nullopt);
}

TEST_F(WebhookEngineTest, replays_what_happened_from_a_time_on) {
  for (uint64_t i = 1; i <= 5; ++i) source_.add(i, "hold_1");
  start();
  ASSERT_TRUE(engine_->replay("till", kFirst + Duration::seconds(4)).has_value());
  ASSERT_TRUE(receiver_.wait_for_accepted(2));
  EXPECT_THAT(receiver_.all_accepted(), ElementsAre("evt_4", "evt_5"));
  EXPECT_EQ(engine_->replay("nobody", kFirst).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace doorbuster::platform
