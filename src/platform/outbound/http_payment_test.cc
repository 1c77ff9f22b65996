// HttpPayment against a real server that answers as each test says.
#include "platform/outbound/http_payment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <future>
#include <mutex>

#include "net/server.h"

namespace doorbuster::platform {
namespace {

using net::Status;
using ::testing::HasSubstr;

constexpr std::string_view kGood =
    R"({"id":"pay_1","state":"pending","redirect_url":"https://pay.example/1","more":1})";
constexpr int kSilent = 0;

struct Seen {
  std::string line;
  std::string id;
  bool signed_well;
  std::optional<TraceContext> trace;
};

// What the provider will answer, and what it was asked. Shared with the server's thread.
struct Script {
  std::mutex mutex;
  std::deque<std::pair<int, std::string>> answers;  // the last one is repeated
  std::vector<Seen> seen;
};

class ScriptedHandler final : public net::Handler {
 public:
  ScriptedHandler(Script& script, auth::WebhookSecret secret) : script_(script), secret_(std::move(secret)) {}

  void handle(const net::Request& request, net::Exchange& exchange) override {
    const std::lock_guard lock(script_.mutex);
    const std::string line = std::string(net::name_of(request.method())) + " " + std::string(request.path());
    const std::string_view id = request.header("webhook-id").value_or("");
    const bool get = request.method() == net::Method::kGet;
    const bool good = auth::verify_webhook({.id = id,
                                            .timestamp = request.header("webhook-timestamp").value_or(""),
                                            .signatures = request.header("webhook-signature").value_or(""),
                                            .body = get ? line : request.body()},
                                           std::span(&secret_, 1), SystemClock().now())
                          .has_value();
    script_.seen.push_back({line, std::string(id), good, request.trace()});
    const auto [status, body] = script_.answers.front();
    if (script_.answers.size() > 1) script_.answers.pop_front();
    if (status == kSilent) return (void)exchange.defer();
    exchange.respond({.status = static_cast<Status>(status), .content_type = "application/json", .body = body});
  }

 private:
  Script& script_;
  auth::WebhookSecret secret_;
};

class HttpPaymentTest : public ::testing::Test {
 protected:
  HttpPaymentTest() {
    const auto secret = auth::WebhookSecret::parse(secret_).value();
    const auto make = [&](net::Loop&) { return std::make_unique<ScriptedHandler>(script_, secret); };
    server_ = std::move(*net::Server::start({.listen = "127.0.0.1:0", .reactors = 1}, make));
  }

  [[nodiscard]] HttpPaymentOptions options() const {
    return {.base_url = "http://" + server_->address(),
            .secret = secret_,
            .callback_url = "http://127.0.0.1:1/events",
            .total_time = Duration::millis(150),
            .retry = {.attempts_max = 3, .first = Duration::millis(4), .longest = Duration::millis(20)}};
  }
  void provider_answers(std::deque<std::pair<int, std::string>> answers) {
    const std::lock_guard lock(script_.mutex);
    script_.answers = std::move(answers);
  }
  std::vector<Seen> seen() {
    const std::lock_guard lock(script_.mutex);
    return script_.seen;
  }

  PaymentStartReply start(HttpPayment& payment) {
    std::promise<PaymentStartReply> promise;
    payment.start(start_, [&](PaymentStartReply started) { promise.set_value(std::move(started)); });
    return promise.get_future().get();
  }
  PaymentStartReply start() { return start(*HttpPayment::make(options(), clock_).value()); }
  PaymentStatus query() {
    const auto payment = HttpPayment::make(options(), clock_).value();
    std::promise<PaymentStatus> promise;
    payment->query({.order = "order-1"}, [&](PaymentStatus status) { promise.set_value(std::move(status)); });
    return promise.get_future().get();
  }
  PaymentRefundReply refund() {
    const auto payment = HttpPayment::make(options(), clock_).value();
    std::promise<PaymentRefundReply> promise;
    payment->refund({.order = "order-1",
                     .amount = {.amount = 5, .currency = Currency("USD")},
                     .reason = "late",
                     .idempotency_key = "r"},
                    [&](PaymentRefundReply refunded) { promise.set_value(std::move(refunded)); });
    return promise.get_future().get();
  }

  const std::string secret_ = auth::WebhookSecret::fresh();
  PaymentStart start_{.order = "order-1",
                      .price = {.amount = 49'900, .currency = Currency("USD")},
                      .description = "One console",
                      .return_url = "http://127.0.0.1:1/back",
                      .idempotency_key = "start-1"};
  SystemClock clock_;
  Script script_;
  std::unique_ptr<net::Server> server_;
};

TEST_F(HttpPaymentTest, a_started_payment_has_an_address_to_go_to) {
  provider_answers({{201, std::string(kGood)}});
  const PaymentStartReply started = start();
  EXPECT_EQ(started.outcome, PaymentOutcome::kDone) << started.reason;
  EXPECT_EQ(started.payment, "pay_1");
  EXPECT_EQ(started.redirect_url, "https://pay.example/1");
  ASSERT_EQ(seen().size(), 1U);
  EXPECT_EQ(seen()[0].line, "POST /payments");
  EXPECT_TRUE(seen()[0].signed_well);
}

TEST_F(HttpPaymentTest, a_passing_trouble_is_retried_under_the_same_key) {
  provider_answers({{503, ""}, {kSilent, ""}, {200, std::string(kGood)}});
  EXPECT_EQ(start().outcome, PaymentOutcome::kDone);
  ASSERT_EQ(seen().size(), 3U);
  for (const Seen& each : seen()) EXPECT_TRUE(each.id == "start-1" && each.signed_well);
}

TEST_F(HttpPaymentTest, every_attempt_is_a_span_of_its_own_in_the_trace_of_its_cause) {
  provider_answers({{503, ""}, {200, std::string(kGood)}});
  start_.trace = begin_trace();
  EXPECT_EQ(start().outcome, PaymentOutcome::kDone);
  ASSERT_EQ(seen().size(), 2U);
  for (const Seen& each : seen()) EXPECT_EQ(each.trace.value().trace_id, start_.trace->trace_id);
  EXPECT_NE(seen()[0].trace->span_id, seen()[1].trace->span_id);
  EXPECT_NE(seen()[0].trace->span_id, start_.trace->span_id);
}

TEST_F(HttpPaymentTest, a_call_without_a_known_cause_begins_a_trace_and_reports_it) {
  provider_answers({{503, ""}, {200, std::string(kGood)}});
  HttpPaymentOptions telling = options();
  std::vector<std::string> told;
  telling.on_call = [&](const PaymentCall& call) {
    told.push_back(std::string(call.method) + " " + std::string(call.path) + " " + call.trace.trace_id_text());
  };
  EXPECT_EQ(start(*HttpPayment::make(std::move(telling), clock_).value()).outcome, PaymentOutcome::kDone);
  ASSERT_EQ(seen().size(), 2U);
  EXPECT_EQ(seen()[0].trace.value().trace_id, seen()[1].trace.value().trace_id) << "one call, one trace";
  EXPECT_EQ(told, std::vector<std::string>{"POST /payments " + seen()[0].trace->trace_id_text()});
}

TEST_F(HttpPaymentTest, a_silent_provider_is_unknown_not_failed) {
  provider_answers({{kSilent, ""}});
  const PaymentStartReply started = start();
  EXPECT_EQ(started.outcome, PaymentOutcome::kUnknown);
  EXPECT_THAT(started.reason, HasSubstr("did not answer"));
  EXPECT_EQ(seen().size(), 3U);
}

TEST_F(HttpPaymentTest, an_erring_provider_is_unknown) {
  provider_answers({{500, ""}});
  EXPECT_EQ(start().outcome, PaymentOutcome::kUnknown);
}

TEST_F(HttpPaymentTest, a_provider_that_is_not_there_saw_nothing) {
  HttpPaymentOptions gone = options();
  server_.reset();
  const auto payment = HttpPayment::make(std::move(gone), clock_).value();
  EXPECT_EQ(start(*payment).outcome, PaymentOutcome::kUnavailable);
}

TEST_F(HttpPaymentTest, a_provider_that_sheds_load_did_nothing) {
  provider_answers({{429, ""}});
  EXPECT_EQ(start().outcome, PaymentOutcome::kUnavailable);
}

TEST_F(HttpPaymentTest, a_refusal_is_final_and_brings_the_providers_words) {
  provider_answers({{422, R"({"title":"No","detail":"The card is stolen"})"}});
  const PaymentStartReply started = start();
  EXPECT_EQ(started.outcome, PaymentOutcome::kRefused);
  EXPECT_EQ(started.reason, "The card is stolen");
  EXPECT_EQ(seen().size(), 1U);
}

TEST_F(HttpPaymentTest, an_answer_that_is_not_understood_is_unknown) {
  for (const char* body : {"", "{}", "<html>", R"({"id":"x","state":"odd","redirect_url":"https://a/"})",
                           R"({"id":"x","state":"pending","redirect_url":"javascript:alert"})"}) {
    provider_answers({{200, body}});
    EXPECT_EQ(start().outcome, PaymentOutcome::kUnknown) << body;
  }
}

TEST_F(HttpPaymentTest, a_query_tells_the_state_or_that_there_is_no_payment) {
  provider_answers({{200, R"({"id":"pay_1","state":"succeeded","redirect_url":"https://pay.example/1"})"}});
  const PaymentStatus found = query();
  EXPECT_EQ(found.outcome, PaymentOutcome::kDone);
  EXPECT_EQ(found.state, PaymentState::kSucceeded);
  EXPECT_EQ(seen()[0].line, "GET /payments/order-1");
  EXPECT_TRUE(seen()[0].signed_well);

  provider_answers({{404, "{}"}});
  EXPECT_EQ(query().outcome, PaymentOutcome::kRefused);
  provider_answers({{401, "{}"}});
  EXPECT_EQ(query().outcome, PaymentOutcome::kUnknown);
}

TEST_F(HttpPaymentTest, a_refund_is_taken_on_or_refused) {
  provider_answers({{202, "{}"}});
  EXPECT_EQ(refund().outcome, PaymentOutcome::kDone);
  EXPECT_EQ(seen()[0].line, "POST /refunds");
  provider_answers({{409, R"({"detail":"not paid"})"}});
  EXPECT_EQ(refund().reason, "not paid");
}

TEST_F(HttpPaymentTest, a_failing_provider_is_left_alone_and_tried_again_later) {
  HttpPaymentOptions careful = options();
  careful.retry.attempts_max = 1;
  careful.breaker = {.failures_to_open = 2, .open_time = Duration::millis(300)};
  const auto payment = HttpPayment::make(std::move(careful), clock_).value();
  provider_answers({{500, ""}, {500, ""}, {201, std::string(kGood)}});
  EXPECT_EQ(start(*payment).outcome, PaymentOutcome::kUnknown);
  EXPECT_EQ(start(*payment).outcome, PaymentOutcome::kUnknown);
  EXPECT_EQ(payment->breaker_state(), net::CircuitBreaker::State::kOpen);
  EXPECT_EQ(start(*payment).outcome, PaymentOutcome::kUnavailable);
  EXPECT_EQ(seen().size(), 2U);
  std::this_thread::sleep_for(std::chrono::milliseconds(320));
  EXPECT_EQ(start(*payment).outcome, PaymentOutcome::kDone);
}

TEST_F(HttpPaymentTest, every_call_is_called_back_when_the_provider_is_let_go) {
  provider_answers({{kSilent, ""}});
  HttpPaymentOptions patient = options();
  patient.total_time = Duration::seconds(60);
  auto payment = HttpPayment::make(std::move(patient), clock_).value();
  std::promise<PaymentStartReply> promise;
  payment->start(start_, [&](PaymentStartReply started) { promise.set_value(std::move(started)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  payment.reset();
  EXPECT_EQ(promise.get_future().get().outcome, PaymentOutcome::kUnknown);
}

TEST_F(HttpPaymentTest, bad_options_are_refused) {
  const auto refused = [&](auto&& change) {
    HttpPaymentOptions bad = options();
    change(bad);
    return HttpPayment::make(std::move(bad), clock_).error().code == ErrorCode::kInvalid;
  };
  EXPECT_TRUE(refused([](HttpPaymentOptions& o) { o.base_url = "provider.example"; }));
  EXPECT_TRUE(refused([](HttpPaymentOptions& o) { o.base_url += "/"; }));
  EXPECT_TRUE(refused([](HttpPaymentOptions& o) { o.secret = "secret"; }));
  EXPECT_TRUE(refused([](HttpPaymentOptions& o) { o.callback_url = ""; }));
}

}  // namespace
}  // namespace doorbuster::platform
