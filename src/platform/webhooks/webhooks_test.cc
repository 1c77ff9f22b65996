// The engine against a real HTTP receiver, with failures, restarts and more than one sale.
#include "platform/webhooks/webhooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "auth/webhook_signature.h"
#include "base/json.h"
#include "net/server.h"

namespace doorbuster::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What a receiver answers, and what it got. Shared with the server's thread.
struct Receiver {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<int> statuses;  // of the next requests; 200 when used up
  int always = 200;
  std::vector<std::string> ids;  // of all requests, in the order of their coming
  std::vector<std::string> accepted;
  std::vector<std::string> bodies;
  std::vector<std::optional<TraceContext>> traces;
  int badly_signed = 0;

  template <class Done>
  bool wait(Done&& done) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(5), done);
  }
  void answer(int status) {
    const std::lock_guard lock(mutex);
    always = status;
  }
  std::vector<std::string> all_accepted() {
    const std::lock_guard lock(mutex);
    return accepted;
  }
  bool wait_for_accepted(size_t count) {
    return wait([this, count] { return accepted.size() >= count; });
  }
};

class ReceiverHandler final : public net::Handler {
 public:
  ReceiverHandler(Receiver& receiver, auth::WebhookSecret secret) : receiver_(receiver), secret_(std::move(secret)) {}

  void handle(const net::Request& request, net::Exchange& exchange) override {
    const std::string id(request.header("webhook-id").value_or(""));
    const auth::SignedMessage message{.id = id,
                                      .timestamp = request.header("webhook-timestamp").value_or(""),
                                      .signatures = request.header("webhook-signature").value_or(""),
                                      .body = request.body()};
    const std::lock_guard lock(receiver_.mutex);
    if (!auth::verify_webhook(message, std::span(&secret_, 1), SystemClock().now())) ++receiver_.badly_signed;
    int status = receiver_.always;
    if (!receiver_.statuses.empty()) {
      status = receiver_.statuses.front();
      receiver_.statuses.erase(receiver_.statuses.begin());
    }
    receiver_.ids.push_back(id);
    if (status == 200) receiver_.accepted.push_back(id);
    receiver_.bodies.emplace_back(request.body());
    receiver_.traces.push_back(request.trace());
    receiver_.changed.notify_all();
    if (status == 0) return (void)exchange.defer();  // says nothing
    exchange.respond({.status = static_cast<net::Status>(status)});
  }

 private:
  Receiver& receiver_;
  auth::WebhookSecret secret_;
};

// A log's view, as far as the engine sees it.
class ListSource final : public DeliverySource {
 public:
  void add(uint64_t sequence, std::string_view sale, std::string_view type = "hold.created",
           std::optional<TraceContext> trace = {}) {
    const std::lock_guard lock(mutex_);
    deliveries_.push_back({.sequence = sequence,
                           .sale = std::string(sale),
                           .type = std::string(type),
                           .at = SystemClock().now(),
                           .json = "{}",
                           .trace = trace});
  }
  std::optional<Delivery> next(uint64_t after) override {
    const std::lock_guard lock(mutex_);
    for (const Delivery& delivery : deliveries_) {
      if (delivery.sequence > after) return delivery;
    }
    return std::nullopt;
  }

 private:
  std::mutex mutex_;
  std::vector<Delivery> deliveries_;
};

class WebhookEngineTest : public ::testing::Test {
 protected:
  WebhookEngineTest() {
    std::filesystem::remove_all(folder_);
    const auto secret = auth::WebhookSecret::parse(secret_).value();
    const auto make = [&](net::Loop&) { return std::make_unique<ReceiverHandler>(receiver_, secret); };
    server_ = std::move(*net::Server::start({.listen = "127.0.0.1:0", .reactors = 1}, make));
    endpoint_ = {.id = "till", .url = "http://" + server_->address() + "/hook", .secrets = {secret_}};
    options_.lanes.retry.first = Duration::millis(5);
    options_.lanes.retry.longest = Duration::millis(50);
    options_.total_time = Duration::millis(500);
    options_.save_time = Duration::millis(5);
  }
  ~WebhookEngineTest() override {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    auto engine = WebhookEngine::start({endpoint_}, {.source = source_, .clock = clock_, .folder = folder_}, options_);
    ASSERT_TRUE(engine.has_value()) << engine.error().message;
    engine_ = std::move(*engine);
  }
  // Waits until the engine shows what is asked for.
  template <class Wanted>
  bool shows(Wanted&& wanted) {
    for (int i = 0; i < 500; ++i) {
      if (wanted(engine_->status().front())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  [[nodiscard]] uint64_t saved_position() const { return load_position(folder_, "till").value()->position; }
  std::string refusal() {
    auto engine = WebhookEngine::start({endpoint_}, {.source = source_, .clock = clock_, .folder = folder_}, options_);
    EXPECT_FALSE(engine.has_value());
    return engine ? "" : engine.error().message;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / ("webhooks_test-" + std::to_string(::getpid()));
  const std::string secret_ = auth::WebhookSecret::fresh();
  SystemClock clock_;
  ListSource source_;
  Receiver receiver_;
  std::unique_ptr<net::Server> server_;
  WebhookEndpoint endpoint_;
  WebhookOptions options_;
  std::unique_ptr<WebhookEngine> engine_;
};

TEST_F(WebhookEngineTest, tells_everything_in_order_and_signed) {
  for (uint64_t i = 1; i <= 20; ++i) source_.add(i, "ps5");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(20));
  for (uint64_t i = 1; i <= 20; ++i) EXPECT_EQ(receiver_.all_accepted()[i - 1], "evt_" + std::to_string(i));
  EXPECT_EQ(receiver_.badly_signed, 0);
  JsonDocument body(receiver_.bodies[0]);
  EXPECT_EQ(body.root().required("specversion").string(), "1.0");
  EXPECT_TRUE(shows([](const EndpointStatus& status) { return status.position == 20 && status.waiting == 0; }));
}

TEST_F(WebhookEngineTest, carries_the_trace_of_the_cause_or_begins_one) {
  const TraceContext cause = begin_trace();
  receiver_.statuses = {500};
  source_.add(1, "ps5", "hold.created", cause);
  source_.add(2, "ps5");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(2));
  const std::lock_guard lock(receiver_.mutex);
  ASSERT_EQ(receiver_.traces.size(), 3U);
  for (size_t i : {0U, 1U}) EXPECT_EQ(receiver_.traces[i].value().trace_id, cause.trace_id);
  EXPECT_NE(receiver_.traces[0]->span_id, receiver_.traces[1]->span_id) << "each attempt is a span of its own";
  EXPECT_NE(receiver_.traces[2].value().trace_id, cause.trace_id);
}

TEST_F(WebhookEngineTest, tells_what_comes_later) {
  start();
  source_.add(1, "ps5");
  engine_->notify();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
}

TEST_F(WebhookEngineTest, repeats_what_failed_before_what_follows_in_the_sale) {
  receiver_.statuses = {500, 302, 429};
  source_.add(1, "ps5");
  source_.add(2, "ps5");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(2));
  EXPECT_THAT(receiver_.ids, ElementsAre("evt_1", "evt_1", "evt_1", "evt_1", "evt_2"));
}

TEST_F(WebhookEngineTest, goes_on_behind_its_position_after_a_restart) {
  source_.add(1, "ps5");
  start();
  ASSERT_TRUE(shows([](const EndpointStatus& status) { return status.position == 1; }));
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
  start();
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
  start();
  ASSERT_TRUE(receiver_.wait([&] { return receiver_.ids.size() == 1; }));
  engine_.reset();
  EXPECT_EQ(load_position(folder_, "till").value()->failing_since, std::nullopt);
  receiver_.answer(200);
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
}

TEST_F(WebhookEngineTest, a_receiver_that_comes_back_gets_all_of_it) {
  const std::string address = server_->address();
  server_.reset();
  for (uint64_t i = 1; i <= 5; ++i) source_.add(i, i % 2 == 0 ? "a" : "b");
  start();
  ASSERT_TRUE(shows([](const EndpointStatus& status) {
    return status.state == EndpointState::kFailing && !status.last_error.empty();
  }));
  const auto secret = auth::WebhookSecret::parse(secret_).value();
  const auto make = [&](net::Loop&) { return std::make_unique<ReceiverHandler>(receiver_, secret); };
  server_ = std::move(*net::Server::start({.listen = address, .reactors = 1}, make));
  ASSERT_TRUE(receiver_.wait_for_accepted(5));
  EXPECT_TRUE(shows([](const EndpointStatus& status) { return status.state == EndpointState::kHealthy; }));
}

TEST_F(WebhookEngineTest, sends_only_the_types_that_were_asked_for) {
  endpoint_.types = {"order.paid"};
  source_.add(1, "ps5", "hold.created");
  source_.add(2, "ps5", "order.paid");
  source_.add(3, "ps5", "hold.created");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_TRUE(shows([](const EndpointStatus& status) { return status.position == 3; }));
  EXPECT_THAT(receiver_.all_accepted(), ElementsAre("evt_2"));
}

TEST_F(WebhookEngineTest, a_new_endpoint_begins_where_it_is_told_and_stays_there) {
  endpoint_.first_position = 2;
  source_.add(2, "ps5");
  source_.add(3, "ps5");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_THAT(receiver_.all_accepted(), ElementsAre("evt_3"));
}

TEST_F(WebhookEngineTest, an_endpoint_that_is_gone_is_disabled_until_it_is_enabled) {
  receiver_.answer(410);
  source_.add(1, "ps5");
  start();
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
  options_.lanes.disable_after = Duration::millis(60);
  receiver_.answer(500);
  source_.add(1, "ps5");
  start();
  EXPECT_TRUE(shows([](const EndpointStatus& status) { return status.state == EndpointState::kDisabled; }));
}

TEST_F(WebhookEngineTest, a_secret_can_be_changed_without_a_gap) {
  endpoint_.secrets = {auth::WebhookSecret::fresh(), secret_};
  source_.add(1, "ps5");
  start();
  ASSERT_TRUE(receiver_.wait_for_accepted(1));
  EXPECT_EQ(receiver_.badly_signed, 0);
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
  EXPECT_THAT(refused([](WebhookEndpoint& e) { e.secrets = {"x"}; }), HasSubstr("whsec_"));
}

}  // namespace
}  // namespace doorbuster::platform
