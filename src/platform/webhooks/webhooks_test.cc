// The engine against a real HTTP receiver, with failures and restarts.
#include <gmock/gmock.h>

#include "base/json.h"
#include "platform/webhooks/webhooks_test_fixture.h"

namespace doorbuster::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(WebhookEngineTest, tells_everything_in_order_and_signed) {
  for (uint64_t i = 1; i <= 20; ++i) source_.add(i, "ps5");
  start_from_the_beginning();
  ASSERT_TRUE(receiver_.wait_for_accepted(20));
  for (uint64_t i = 1; i <= 20; ++i) EXPECT_EQ(receiver_.all_accepted()[i - 1], "evt_" + std::to_string(i));
  EXPECT_EQ(receiver_.badly_signed.load(), 0);
  JsonDocument body(receiver_.bodies[0]);
  EXPECT_EQ(body.root().required("specversion").string(), "1.0");
  EXPECT_TRUE(
      shows([](const EndpointStatus& status) { return status.positions.at(0).position == 20 && status.waiting == 0; }));
}

TEST_F(WebhookEngineTest, carries_the_trace_of_the_cause_or_begins_one) {
  const TraceContext cause = begin_trace();
  receiver_.statuses = {500};
  source_.add(1, "ps5", "hold.created", cause);
  source_.add(2, "ps5");
  start_from_the_beginning();
  ASSERT_TRUE(receiver_.wait_for_accepted(2));
  const std::lock_guard lock(receiver_.mutex);
  ASSERT_EQ(receiver_.traces.size(), 3U);
  for (size_t i : {0U, 1U}) EXPECT_EQ(receiver_.traces[i].value().trace_id, cause.trace_id);
  EXPECT_NE(receiver_.traces[0]->span_id, receiver_.traces[1]->span_id) << "each attempt is a span of its own";
  EXPECT_NE(receiver_.traces[2].value().trace_id, cause.trace_id);
}

// The fixture polls once an hour: what wakes the engine is the source.
TEST_F(WebhookEngineTest, tells_at_once_what_comes_later) {
  start();
  for (uint64_t i = 1; i <= 5; ++i) {
    source_.add(i, "ps5");
    ASSERT_TRUE(receiver_.wait_for_accepted(i));
  }
  engine_->stop();
  EXPECT_FALSE(source_.is_listened_to());
}

TEST_F(WebhookEngineTest, tells_a_new_endpoint_of_the_configuration_what_came_while_the_server_started) {
  source_.add(1, "before");
  source_.begin();
  source_.add(2, "meanwhile");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_EQ(receiver_.all_accepted(), std::vector<std::string>{"evt_2"});
}

TEST_F(WebhookEngineTest, looks_now_and_then_at_a_source_that_says_nothing) {
  options_.poll_time = Duration::millis(10);
  start();
  source_.on_more({});
  source_.add(1, "ps5");
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
}

TEST_F(WebhookEngineTest, repeats_what_failed_before_what_follows_in_the_sale) {
  receiver_.statuses = {500, 302, 429};
  source_.add(1, "ps5");
  source_.add(2, "ps5");
  start_from_the_beginning();
  ASSERT_TRUE(receiver_.wait_for_accepted(2));
  EXPECT_THAT(receiver_.ids, ElementsAre("evt_1", "evt_1", "evt_1", "evt_1", "evt_2"));
}

TEST_F(WebhookEngineTest, goes_on_behind_its_position_after_a_restart) {
  source_.add(1, "ps5");
  start_from_the_beginning();
  ASSERT_TRUE(shows([](const EndpointStatus& status) { return status.positions.at(0).position == 1; }));
  engine_.reset();
  EXPECT_EQ(saved_position(), 1U);
  source_.add(2, "ps5");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(2));
  EXPECT_THAT(receiver_.all_accepted(), ElementsAre("evt_1", "evt_2"));
}

TEST_F(WebhookEngineTest, the_position_waits_for_a_success) {
  receiver_.answer(500);
  source_.add(1, "ps5");
  start_from_the_beginning();
  ASSERT_TRUE(receiver_.wait([&] { return receiver_.ids.size() >= 2; }));
  engine_.reset();
  EXPECT_EQ(saved_position(), 0U);
  receiver_.answer(200);
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
}

TEST_F(WebhookEngineTest, a_delivery_that_the_end_cuts_off_is_made_again_and_is_no_failure) {
  receiver_.answer(0);
  source_.add(1, "ps5");
  start_from_the_beginning();
  ASSERT_TRUE(receiver_.wait([&] { return receiver_.ids.size() == 1; }));
  engine_.reset();
  EXPECT_EQ(saved().failing_since, std::nullopt);
  receiver_.answer(200);
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
}

TEST_F(WebhookEngineTest, a_receiver_that_comes_back_gets_all_of_it) {
  const std::string address = server_->address();
  server_.reset();
  for (uint64_t i = 1; i <= 5; ++i) source_.add(i, i % 2 == 0 ? "a" : "b");
  start_from_the_beginning();
  ASSERT_TRUE(shows([](const EndpointStatus& status) {
    return status.state == EndpointState::kFailing && !status.last_error.empty();
  }));
  const auto make = [&](net::Loop&) { return std::make_unique<ReceiverHandler>(receiver_); };
  server_ = std::move(*net::Server::start({.listen = address, .reactors = 1}, make));
  ASSERT_TRUE(receiver_.wait_for_accepted(5));
  EXPECT_TRUE(shows([](const EndpointStatus& status) { return status.state == EndpointState::kHealthy; }));
}

TEST_F(WebhookEngineTest, sends_only_the_types_that_were_asked_for) {
  endpoint_.types = {"order.paid"};
  source_.add(1, "ps5", "hold.created");
  source_.add(2, "ps5", "order.paid");
  source_.add(3, "ps5", "hold.created");
  start_from_the_beginning();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_TRUE(shows([](const EndpointStatus& status) { return status.positions.at(0).position == 3; }));
  EXPECT_THAT(receiver_.all_accepted(), ElementsAre("evt_2"));
}

TEST_F(WebhookEngineTest, a_new_endpoint_begins_with_what_comes_from_now_on) {
  source_.add(1, "hold_1");
  source_.add(2, "hold_2");
  start();
  source_.add(3, "hold_3");
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_THAT(receiver_.all_accepted(), ElementsAre("evt_3"));
}

TEST_F(WebhookEngineTest, an_endpoint_that_has_got_an_id_goes_on_where_it_was) {
  source_.add(1, "hold_1");
  std::filesystem::create_directories(positions_);
  ASSERT_TRUE(save_position(positions_, "of_url", {.sources = {{.source = source_.id(), .position = 0}}}).has_value());
  endpoint_.former_id = "of_url";
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
}

TEST_F(WebhookEngineTest, an_endpoint_that_is_gone_is_disabled_until_it_is_enabled) {
  receiver_.answer(410);
  source_.add(1, "ps5");
  start_from_the_beginning();
  const auto is_disabled = [](const EndpointStatus& status) { return status.state == EndpointState::kDisabled; };
  ASSERT_TRUE(shows(is_disabled));
  engine_.reset();
  receiver_.answer(200);
  start();
  ASSERT_TRUE(shows(is_disabled));
  EXPECT_EQ(receiver_.all_accepted().size(), 0U);
  EXPECT_TRUE(engine_->enable("till").has_value());
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_EQ(engine_->enable("nobody").error().code, ErrorCode::kNotFound);
}

TEST_F(WebhookEngineTest, an_endpoint_that_failed_for_too_long_is_disabled) {
  options_.backlog.disable_after = Duration::millis(60);
  receiver_.answer(500);
  source_.add(1, "ps5");
  start_from_the_beginning();
  EXPECT_TRUE(shows([](const EndpointStatus& status) { return status.state == EndpointState::kDisabled; }));
}

TEST_F(WebhookEngineTest, a_secret_can_be_changed_without_a_gap) {
  endpoint_.secrets = {{.text = auth::WebhookSecret::fresh()}, {.text = secret_}};
  source_.add(1, "ps5");
  start_from_the_beginning();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_EQ(receiver_.badly_signed.load(), 0);
}

TEST_F(WebhookEngineTest, endpoints_that_cannot_work_are_refused) {
  const WebhookEndpoint good = endpoint_;
  const auto refused = [&](auto&& change) {
    endpoint_ = good;
    change(endpoint_);
    return refusal();
  };
  EXPECT_THAT(refused([](WebhookEndpoint& e) { e.id = "a/b"; }), HasSubstr("needs an id"));
  EXPECT_THAT(refused([](WebhookEndpoint& e) { e.url = "shop.example"; }), HasSubstr("needs a url"));
  EXPECT_THAT(refused([](WebhookEndpoint& e) { e.secrets = {}; }), HasSubstr("needs a secret"));
  EXPECT_THAT(refused([](WebhookEndpoint& e) { e.secrets = {{.text = "x"}}; }), HasSubstr("whsec_"));
}

}  // namespace
}  // namespace doorbuster::platform
