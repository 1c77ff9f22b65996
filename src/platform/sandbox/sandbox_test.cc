// The sandbox as its users meet it: the real adapter on one side, a real receiver of events on the other, a browser's
// forms.
#include "platform/sandbox/sandbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <set>

#include "platform/outbound/http_payment.h"

namespace doorbuster::platform {
namespace {

using ::testing::HasSubstr;

// Events as the shop's server receives them. The first `failures` are answered 503.
struct Inbox {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<PaymentEvent> events;
  int failures = 0;
  int attempts = 0;

  // Waits for that many events; what came by then.
  std::vector<PaymentEvent> wait_for(size_t count) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::seconds(5), [&] { return events.size() >= count; });
    return events;
  }
};

class ShopHandler final : public net::Handler {
 public:
  ShopHandler(Inbox& inbox, auth::WebhookSecret secret) : inbox_(inbox), secret_(std::move(secret)) {}

  void handle(const net::Request& request, net::Exchange& exchange) override {
    const auto event = read_payment_event({.id = request.header("webhook-id").value_or(""),
                                           .timestamp = request.header("webhook-timestamp").value_or(""),
                                           .signatures = request.header("webhook-signature").value_or(""),
                                           .body = request.body()},
                                          std::span(&secret_, 1), SystemClock().now());
    const std::lock_guard lock(inbox_.mutex);
    ++inbox_.attempts;
    if (inbox_.failures-- > 0) return exchange.respond({.status = net::Status::kServiceUnavailable});
    EXPECT_TRUE(event.has_value()) << event.error().message;
    if (event) inbox_.events.push_back(*event);
    inbox_.changed.notify_all();
    exchange.respond({.status = net::Status::kOk});
  }

 private:
  Inbox& inbox_;
  auth::WebhookSecret secret_;
};

class SandboxTest : public ::testing::Test {
 protected:
  SandboxTest() {
    sandbox_ = Sandbox::start({.listen = "127.0.0.1:0", .secret = secret_}).value();
    const auto secret = auth::WebhookSecret::parse(secret_).value();
    const auto make = [&](net::Loop&) { return std::make_unique<ShopHandler>(inbox_, secret); };
    shop_ = std::move(*net::Server::start({.listen = "127.0.0.1:0", .reactors = 1}, make));
    payment_ =
        HttpPayment::make({.base_url = url(""),
                           .secret = secret_,
                           .callback_url = "http://" + shop_->address() + "/events",
                           .total_time = Duration::millis(300),
                           .retry = {.attempts_max = 2, .first = Duration::millis(5), .longest = Duration::millis(20)}},
                          clock_)
            .value();
  }

  [[nodiscard]] std::string url(std::string_view path) const {
    return "http://" + sandbox_->address() + std::string(path);
  }
  net::HttpReply ask(net::HttpRequest request) {
    std::promise<net::HttpReply> promise;
    EXPECT_TRUE(browser_.send(std::move(request), [&](net::HttpReply reply) { promise.set_value(std::move(reply)); }));
    return promise.get_future().get();
  }
  void dial(std::string_view json) { EXPECT_EQ(ask({.url = url("/settings"), .body = std::string(json)}).status, 200); }
  PaymentStartReply start(std::string_view order, std::string_view key = "key-1") {
    std::promise<PaymentStartReply> promise;
    payment_->start({.order = std::string(order),
                     .price = {.amount = 49'900, .currency = Currency("USD")},
                     .description = "One <console>",
                     .return_url = "http://127.0.0.1:1/back",
                     .idempotency_key = std::string(key)},
                    [&](PaymentStartReply started) { promise.set_value(std::move(started)); });
    return promise.get_future().get();
  }
  PaymentStatus query(const std::string& order) {
    std::promise<PaymentStatus> promise;
    payment_->query({.order = order}, [&](PaymentStatus status) { promise.set_value(std::move(status)); });
    return promise.get_future().get();
  }
  PaymentRefundReply refund(std::string_view order, int64_t amount, std::string_view key = "refund-1") {
    std::promise<PaymentRefundReply> promise;
    payment_->refund({.order = std::string(order),
                      .amount = {.amount = amount, .currency = Currency("USD")},
                      .reason = "paid too late",
                      .idempotency_key = std::string(key)},
                     [&](PaymentRefundReply refunded) { promise.set_value(std::move(refunded)); });
    return promise.get_future().get();
  }
  net::HttpReply choose(const PaymentStartReply& started, std::string_view form) {
    return ask({.url = started.redirect_url,
                .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                .body = std::string(form)});
  }

  const std::string secret_ = auth::WebhookSecret::fresh();
  SystemClock clock_;
  Inbox inbox_;
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<net::Server> shop_;
  std::unique_ptr<HttpPayment> payment_;
  net::HttpClient browser_;
};

TEST_F(SandboxTest, a_person_pays_on_the_page_and_the_shop_is_told) {
  const PaymentStartReply started = start("order-1");
  ASSERT_EQ(started.outcome, PaymentOutcome::kDone) << started.reason;
  const net::HttpReply page = ask({.method = "GET", .url = started.redirect_url});
  EXPECT_THAT(page.body, HasSubstr("USD 499.00"));
  EXPECT_THAT(page.body, HasSubstr("One &lt;console&gt;"));
  EXPECT_EQ(choose(started, "action=pay").status, 303);
  const auto events = inbox_.wait_for(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].type, PaymentEventType::kPaymentSucceeded);
  EXPECT_EQ(events[0].order, "order-1");
  EXPECT_EQ(events[0].amount.amount, 49'900);
  EXPECT_EQ(query("order-1").state, PaymentState::kSucceeded);
}

TEST_F(SandboxTest, a_declined_payment_can_be_begun_anew) {
  const PaymentStartReply first = start("order-1");
  EXPECT_EQ(choose(first, "action=decline").status, 303);
  ASSERT_EQ(inbox_.wait_for(1).size(), 1U);
  EXPECT_EQ(inbox_.wait_for(1)[0].type, PaymentEventType::kPaymentFailed);
  EXPECT_EQ(query("order-1").state, PaymentState::kFailed);
  const PaymentStartReply second = start("order-1", "key-2");
  EXPECT_NE(second.payment, first.payment);
  EXPECT_EQ(choose(second, "action=pay").status, 303);
}

TEST_F(SandboxTest, the_same_order_again_is_the_same_payment) {
  const PaymentStartReply first = start("order-1");
  EXPECT_EQ(start("order-1").payment, first.payment);
  EXPECT_EQ(choose(first, "action=pay").status, 303);
  EXPECT_EQ(choose(first, "action=decline").status, 409);
}

TEST_F(SandboxTest, a_time_out_leaves_a_payment_that_a_query_finds) {
  dial(R"({"answer":"time-out"})");
  EXPECT_EQ(start("order-1").outcome, PaymentOutcome::kUnknown);
  const PaymentStatus found = query("order-1");
  EXPECT_EQ(found.outcome, PaymentOutcome::kDone);
  EXPECT_EQ(found.state, PaymentState::kPending);
  dial(R"({"answer":"ok"})");
  EXPECT_EQ(start("order-1").payment, found.payment);
}

TEST_F(SandboxTest, it_refuses_and_fails_when_told_to) {
  dial(R"({"answer":"refuse"})");
  EXPECT_EQ(start("order-1").outcome, PaymentOutcome::kRefused);
  dial(R"({"answer":"error"})");
  EXPECT_EQ(start("order-1").outcome, PaymentOutcome::kUnknown);
  EXPECT_EQ(query("order-1").outcome, PaymentOutcome::kRefused);
}

TEST_F(SandboxTest, it_answers_as_late_as_it_is_told) {
  dial(R"({"answer_delay_ms":120})");
  const Timestamp before = clock_.now();
  EXPECT_EQ(start("order-1").outcome, PaymentOutcome::kDone);
  EXPECT_GE(clock_.now() - before, Duration::millis(120));
}

TEST_F(SandboxTest, copies_of_an_event_have_one_id) {
  EXPECT_EQ(choose(start("order-1"), "action=pay&callback_copies=3").status, 303);
  const auto events = inbox_.wait_for(3);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_TRUE(events[0].id == events[1].id && events[1].id == events[2].id);
}

TEST_F(SandboxTest, a_dropped_event_is_never_sent) {
  EXPECT_EQ(choose(start("order-1"), "action=pay&callback_copies=0").status, 303);
  EXPECT_EQ(choose(start("order-2", "key-2"), "action=pay").status, 303);
  ASSERT_EQ(inbox_.wait_for(1).size(), 1U);
  EXPECT_EQ(inbox_.wait_for(1)[0].order, "order-2");
  EXPECT_EQ(query("order-1").state, PaymentState::kSucceeded);
}

TEST_F(SandboxTest, paying_late_is_pending_until_it_is_paid) {
  EXPECT_EQ(choose(start("order-1"), "action=pay-late&late_ms=400").status, 303);
  EXPECT_EQ(query("order-1").state, PaymentState::kPending);
  EXPECT_EQ(inbox_.wait_for(1).size(), 1U);
  EXPECT_EQ(query("order-1").state, PaymentState::kSucceeded);
}

TEST_F(SandboxTest, an_event_is_repeated_until_the_shop_takes_it) {
  {
    const std::lock_guard lock(inbox_.mutex);
    inbox_.failures = 2;
  }
  EXPECT_EQ(choose(start("order-1"), "action=pay").status, 303);
  EXPECT_EQ(inbox_.wait_for(1).size(), 1U);
  const std::lock_guard lock(inbox_.mutex);
  EXPECT_EQ(inbox_.attempts, 3);
}

TEST_F(SandboxTest, refunds_what_was_paid_and_no_more) {
  EXPECT_EQ(refund("order-1", 1).reason, "there is no payment for this order");
  const PaymentStartReply started = start("order-1");
  EXPECT_EQ(refund("order-1", 1).reason, "this order was not paid");
  EXPECT_EQ(choose(started, "action=pay").status, 303);
  EXPECT_EQ(refund("order-1", 49'901).outcome, PaymentOutcome::kRefused);
  EXPECT_EQ(refund("order-1", 49'900).outcome, PaymentOutcome::kDone);
  const auto events = inbox_.wait_for(2);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].type, PaymentEventType::kRefundSucceeded);
}

TEST_F(SandboxTest, parts_are_refunded_once_each_and_never_more_than_all) {
  EXPECT_EQ(choose(start("order-1"), "action=pay").status, 303);
  EXPECT_EQ(refund("order-1", 40'000, "part-1").outcome, PaymentOutcome::kDone);
  EXPECT_EQ(refund("order-1", 40'000, "part-1").outcome, PaymentOutcome::kDone);
  EXPECT_EQ(refund("order-1", 10'000, "part-2").outcome, PaymentOutcome::kRefused);
  EXPECT_EQ(refund("order-1", 9'900, "part-3").outcome, PaymentOutcome::kDone);
  auto events = inbox_.wait_for(4);
  ASSERT_EQ(events.size(), 4U);
  std::set<std::string> ids;
  for (const PaymentEvent& event : events) ids.insert(event.id);
  EXPECT_EQ(ids.size(), 3U);
}

TEST_F(SandboxTest, nobody_but_the_shop_may_start_refund_or_ask) {
  EXPECT_EQ(ask({.url = url("/payments"), .body = "{}"}).status, 401);
  EXPECT_EQ(ask({.url = url("/refunds"), .body = "{}"}).status, 401);
  EXPECT_EQ(ask({.method = "GET", .url = url("/payments/order-1")}).status, 401);
}

TEST_F(SandboxTest, odd_requests_get_clear_answers) {
  EXPECT_EQ(ask({.url = url("/settings"), .body = R"({"answer":"maybe"})"}).status, 400);
  EXPECT_THAT(ask({.url = url("/settings"), .body = R"({"colour":1})"}).body, HasSubstr("/colour"));
  EXPECT_EQ(ask({.method = "GET", .url = url("/pay/pay_none")}).status, 404);
  EXPECT_EQ(ask({.url = url("/pay/pay_none"), .body = "action=pay"}).status, 404);
  EXPECT_EQ(choose(start("order-1"), "action=steal").status, 400);
  EXPECT_EQ(ask({.method = "GET", .url = url("/nothing")}).status, 404);
  EXPECT_THAT(ask({.method = "GET", .url = url("/")}).body, HasSubstr("order-1"));
  EXPECT_EQ(ask({.method = "GET", .url = url("/livez")}).status, 200);
}

TEST(Sandbox, says_what_is_wrong_with_its_options) {
  EXPECT_EQ(Sandbox::start({.secret = "x"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Sandbox::start({.listen = "nowhere", .secret = auth::WebhookSecret::fresh()}).error().code,
            ErrorCode::kInvalid);
  EXPECT_EQ(Sandbox::start({.secret = auth::WebhookSecret::fresh(), .public_url = "me"}).error().code,
            ErrorCode::kInvalid);
}

}  // namespace
}  // namespace doorbuster::platform
