// Endpoints that operators make, change, test and delete, over restarts.
#include <gmock/gmock.h>

#include "platform/webhooks/endpoint_store.h"
#include "platform/webhooks/webhooks_test_fixture.h"

namespace doorbuster::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class WebhookChangesTest : public WebhookEngineTest {
 protected:
  WebhookChangesTest() {
    configured_ = false;
    std::filesystem::create_directories(folder_);
  }
  WebhookEndpoint create(RequestKey key = {}) {
    WebhookEndpoint wanted{.url = endpoint_.url, .name = "the till", .created_by = "ada", .made_by = key};
    return engine_->create(wanted).value();
  }
  TestAnswer test(std::string_view id) {
    std::promise<TestAnswer> promise;
    engine_->test(id, [&](TestAnswer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
};

TEST_F(WebhookChangesTest, one_that_was_made_hears_what_happens_then_and_is_there_after_a_restart) {
  start();
  source_.add(1, "hold_1");
  const WebhookEndpoint made = create();
  source_.add(2, "hold_2");
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_THAT(receiver_.all_accepted(), ElementsAre("evt_2"));
  engine_.reset();
  source_.add(3, "hold_3");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(2));
  const EndpointStatus status = engine_->status_of(made.id).value();
  EXPECT_EQ(status.endpoint.name, "the till");
  EXPECT_EQ(status.endpoint.origin, EndpointOrigin::kApi);
  EXPECT_THAT(status.endpoint.secrets, ElementsAre(::testing::Field(&EndpointSecret::text, "")));
  const auto permissions = std::filesystem::status(folder_ / "webhook-endpoints.json").permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(WebhookChangesTest, the_same_request_makes_one_and_another_under_its_key_is_refused) {
  start();
  const RequestKey key{.key = 1, .fingerprint = 2};
  const WebhookEndpoint made = create(key);
  engine_.reset();
  start();
  const WebhookEndpoint again = create(key);
  EXPECT_EQ(again.id, made.id);
  EXPECT_EQ(again.secrets.front().text, made.secrets.front().text);
  EXPECT_EQ(engine_->status().size(), 1U);
  const auto other = engine_->create({.url = endpoint_.url, .made_by = {.key = 1, .fingerprint = 3}});
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
}

TEST_F(WebhookChangesTest, a_new_secret_and_the_old_one_sign_until_the_old_one_ends) {
  start();
  WebhookEndpoint made = create();
  const auto rotated = engine_->rotate_secret(made.id, Duration::seconds(3'600), {.key = 7, .fingerprint = 7}).value();
  EXPECT_EQ(rotated.secrets.at(1).text, made.secrets.at(0).text);
  const auto again = engine_->rotate_secret(made.id, Duration::seconds(3'600), {.key = 7, .fingerprint = 7}).value();
  EXPECT_EQ(again.secrets.at(0).text, rotated.secrets.at(0).text);
  EXPECT_TRUE(engine_->status_of(made.id)->old_secret_until.has_value());
  receiver_.check({rotated.secrets.at(0).text});
  EXPECT_TRUE(test(made.id).is_delivered);
  receiver_.check({rotated.secrets.at(1).text});
  EXPECT_TRUE(test(made.id).is_delivered);
  EXPECT_EQ(receiver_.badly_signed.load(), 0);
  ASSERT_TRUE(engine_->rotate_secret(made.id, Duration()).has_value());
  receiver_.check({rotated.secrets.at(0).text});
  EXPECT_TRUE(test(made.id).is_delivered);
  EXPECT_EQ(receiver_.badly_signed.load(), 1) << "it ended at once";
}

TEST_F(WebhookChangesTest, a_moved_one_keeps_its_place) {
  start();
  const WebhookEndpoint made = create();
  ASSERT_TRUE(engine_->update(made.id, {.url = "http://127.0.0.1:1/"}).has_value());
  source_.add(1, "hold_1");
  ASSERT_TRUE(shows([](const EndpointStatus& status) { return status.state == EndpointState::kFailing; }));
  ASSERT_TRUE(engine_->update(made.id, {.url = endpoint_.url, .types = {{"hold.created"}}}).has_value());
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_THAT(engine_->update(made.id, {.url = "nonsense"}).error().message, HasSubstr("needs a url"));
  EXPECT_THAT(engine_->update(made.id, {.types = {{"Paid!"}}}).error().message, HasSubstr("'Paid!' is not an event"));
}

TEST_F(WebhookChangesTest, a_deleted_one_hears_nothing_and_leaves_nothing) {
  start();
  const WebhookEndpoint made = create();
  ASSERT_TRUE(engine_->remove(made.id).has_value());
  source_.add(1, "hold_1");
  EXPECT_TRUE(engine_->status().empty());
  EXPECT_EQ(engine_->remove(made.id).error().code, ErrorCode::kNotFound);
  engine_.reset();
  EXPECT_FALSE(std::filesystem::exists(positions_ / (made.id + ".json")));
  EXPECT_TRUE(load_endpoints(folder_ / "webhook-endpoints.json").value().empty());
  EXPECT_TRUE(receiver_.all_accepted().empty());
}

TEST_F(WebhookChangesTest, a_test_tells_what_the_receiver_said_whatever_the_state) {
  start();
  const WebhookEndpoint made = create();
  ASSERT_TRUE(engine_->disable(made.id).has_value());
  EXPECT_TRUE(test(made.id).is_delivered);
  receiver_.answer(410);
  const TestAnswer refused = test(made.id);
  EXPECT_EQ(refused.status, 410);
  EXPECT_EQ(refused.error, "it answered 410");
  EXPECT_THAT(test("nobody").error, HasSubstr("There is no webhook 'nobody'"));
}

TEST_F(WebhookChangesTest, the_configuration_alone_changes_what_it_names) {
  configured_ = true;
  start();
  EXPECT_EQ(engine_->update("till", {.name = "x"}).error().code, ErrorCode::kReadOnly);
  EXPECT_EQ(engine_->remove("till").error().code, ErrorCode::kReadOnly);
  EXPECT_EQ(engine_->rotate_secret("till", Duration()).error().code, ErrorCode::kReadOnly);
  EXPECT_TRUE(test("till").is_delivered);
}

TEST_F(WebhookChangesTest, a_replay_that_is_asked_for_again_is_made_once) {
  configured_ = true;
  source_.add(1, "hold_1");
  start();
  const RequestKey key{.key = 5, .fingerprint = 6};
  ASSERT_TRUE(engine_->replay("till", kFirst, key).has_value());
  ASSERT_TRUE(shows([](const EndpointStatus& status) { return status.delivered == 1; }));
  engine_.reset();
  start();
  ASSERT_TRUE(engine_->replay("till", kFirst, key).has_value());
  source_.add(2, "hold_1");
  ASSERT_TRUE(receiver_.wait_for_accepted(2));
  EXPECT_THAT(receiver_.all_accepted(), ElementsAre("evt_1", "evt_2"));
}

TEST_F(WebhookChangesTest, before_and_after_its_life_it_says_so) {
  WebhookEngine engine({.clock = clock_, .folder = folder_});
  EXPECT_EQ(engine.create({.url = endpoint_.url}).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(engine.status().empty());
}

TEST_F(WebhookChangesTest, a_damaged_file_is_named_with_what_to_do) {
  ASSERT_TRUE(replace_file(folder_ / "webhook-endpoints.json", "{", 0600).has_value());
  EXPECT_THAT(refusal(), HasSubstr("webhook-endpoints.json is damaged"));
}

}  // namespace
}  // namespace doorbuster::platform
