#include "platform/outbound/http_payment.h"

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/json.h"
#include "platform/outbound/payment_messages.h"

namespace doorbuster::platform {
namespace {

constexpr size_t kReasonBytesMax = 300;

// What an answer means for the call; nothing if it is worth another attempt.
std::optional<PaymentOutcome> outcome_of(const net::HttpReply& reply) {
  if (reply.outcome != net::HttpOutcome::kAnswered) return std::nullopt;
  const int status = reply.status;
  if (status >= 200 && status < 300) return PaymentOutcome::kDone;
  const bool passing = status == 408 || status == 425 || status == 429 || status >= 500 || status < 400;
  return passing ? std::nullopt : std::optional(PaymentOutcome::kRefused);
}

// The provider's own words, if it sent problem details (RFC 9457) or something like them.
std::string reason_in(const net::HttpReply& reply) {
  JsonDocument document(reply.body);
  const JsonObject root = document.root();
  std::string_view reason = root.optional("detail").string({.max_bytes = kReasonBytesMax});
  if (reason.empty()) reason = root.optional("title").string({.max_bytes = kReasonBytesMax});
  if (!reason.empty()) return std::string(reason);
  return "the payment provider answered " + std::to_string(reply.status);
}

std::string random_id() {
  std::array<std::byte, 16> random;
  fill_random(random);
  return to_hex(random);
}

}  // namespace

// One call of the port, through all its attempts.
struct HttpPayment::Call {
  std::string method;
  std::string path;
  std::string body;
  std::string id;  // webhook-id: the idempotency key
  TraceContext trace;
  std::function<void(PaymentOutcome, const net::HttpReply&, std::string reason)> done;
  uint32_t failed_attempts = 0;
  bool maybe_seen = false;  // an attempt may have reached the provider
};

Result<std::unique_ptr<HttpPayment>> HttpPayment::make(HttpPaymentOptions options, const Clock& clock) {
  if (!is_web_address(options.base_url) || options.base_url.ends_with('/')) {
    return fail(ErrorCode::kInvalid,
                "the payment provider's address must begin with http:// or https:// and not end with a slash");
  }
  if (!is_web_address(options.callback_url)) {
    return fail(
        ErrorCode::kInvalid,
        "the callback address must begin with http:// or https://: it is where the provider reaches this server");
  }
  auth::WebhookSecret secret = TRY(auth::WebhookSecret::parse(options.secret));
  return std::unique_ptr<HttpPayment>(new HttpPayment(std::move(options), std::move(secret), clock));
}

HttpPayment::HttpPayment(HttpPaymentOptions options, auth::WebhookSecret secret, const Clock& clock)
    : options_(std::move(options)),
      secret_(std::move(secret)),
      clock_(clock),
      breaker_(options_.breaker),
      client_(options_.client) {}

net::CircuitBreaker::State HttpPayment::breaker_state() const {
  const std::lock_guard lock(mutex_);
  return breaker_.state();
}

void HttpPayment::start(const PaymentStart& payment, std::function<void(PaymentStartReply)> done) {
  const auto finish = [done = std::move(done)](PaymentOutcome outcome, const net::HttpReply& reply,
                                               std::string reason) {
    if (outcome != PaymentOutcome::kDone) return done({.outcome = outcome, .reason = std::move(reason)});
    const auto answer = read_payment_answer(reply.body);
    if (!answer)
      return done({.outcome = PaymentOutcome::kUnknown, .reason = "the provider's answer: " + answer.error().message});
    done({.outcome = outcome, .payment = answer->payment, .redirect_url = answer->redirect_url});
  };
  attempt(std::make_shared<Call>(Call{.method = "POST",
                                      .path = "/payments",
                                      .body = write_payment_start(payment, options_.callback_url),
                                      .id = payment.idempotency_key,
                                      .trace = payment.trace ? *payment.trace : begin_trace(),
                                      .done = finish}),
          {});
}

void HttpPayment::refund(const PaymentRefund& refund, std::function<void(PaymentRefundReply)> done) {
  const auto finish = [done = std::move(done)](PaymentOutcome outcome, const net::HttpReply&, std::string reason) {
    done({.outcome = outcome, .reason = std::move(reason)});
  };
  attempt(std::make_shared<Call>(Call{.method = "POST",
                                      .path = "/refunds",
                                      .body = write_payment_refund(refund),
                                      .id = refund.idempotency_key,
                                      .trace = refund.trace ? *refund.trace : begin_trace(),
                                      .done = finish}),
          {});
}

void HttpPayment::query(const PaymentQuery& query, std::function<void(PaymentStatus)> done) {
  const auto finish = [done = std::move(done)](PaymentOutcome outcome, const net::HttpReply& reply,
                                               std::string reason) {
    // Only "there is none" is a refusal; anything else that was refused leaves us as wise as before.
    if (outcome == PaymentOutcome::kRefused && reply.status != 404) outcome = PaymentOutcome::kUnknown;
    if (outcome != PaymentOutcome::kDone) return done({.outcome = outcome, .reason = std::move(reason)});
    const auto answer = read_payment_answer(reply.body);
    if (!answer)
      return done({.outcome = PaymentOutcome::kUnknown, .reason = "the provider's answer: " + answer.error().message});
    done({.outcome = outcome,
          .state = answer->state,
          .payment = answer->payment,
          .paid = answer->amount,
          .redirect_url = answer->redirect_url});
  };
  attempt(std::make_shared<Call>(Call{.method = "GET",
                                      .path = "/payments/" + query.order,
                                      .body = {},
                                      .id = "query-" + random_id(),
                                      .trace = query.trace ? *query.trace : begin_trace(),
                                      .done = finish}),
          {});
}

// Signed anew for each attempt: the timestamp must be fresh, the id must not be. Each attempt is a span of its own.
net::HttpRequest HttpPayment::request_for(const Call& call) const {
  const Timestamp now = (options_.wall == nullptr ? clock_ : *options_.wall).now();
  const std::string content = call.method == "GET" ? signed_get(call.path) : call.body;
  return {.method = call.method,
          .url = options_.base_url + call.path,
          .headers = {{"Content-Type", "application/json"},
                      {"webhook-id", call.id},
                      {"webhook-timestamp", std::to_string(now.micros() / 1'000'000)},
                      {"webhook-signature", secret_.sign(call.id, now, content)},
                      {"traceparent", format_traceparent(child_of(call.trace))}},
          .body = call.body,
          .connect_time = options_.connect_time,
          .total_time = options_.total_time};
}

void HttpPayment::attempt(const std::shared_ptr<Call>& call, Duration delay) {
  const auto unavailable = [&](const char* reason) {
    finish(*call, call->maybe_seen ? PaymentOutcome::kUnknown : PaymentOutcome::kUnavailable, {}, reason);
  };
  if (!may_ask(clock_.now() + delay)) {
    return unavailable("the payment provider has been failing and is left alone for a moment");
  }
  const auto on_reply = [this, call](net::HttpReply reply) { answered(call, std::move(reply)); };
  if (client_.send(request_for(*call), on_reply, delay)) return;
  record(std::nullopt);
  unavailable("too many payment requests are waiting");
}

bool HttpPayment::may_ask(Timestamp at) {
  const std::lock_guard lock(mutex_);
  return breaker_.allow(at);
}

void HttpPayment::record(const std::optional<PaymentOutcome>& outcome) {
  const std::lock_guard lock(mutex_);
  if (outcome)
    breaker_.succeeded();
  else
    breaker_.failed(clock_.now());
}

void HttpPayment::answered(const std::shared_ptr<Call>& call, net::HttpReply reply) {
  const std::optional<PaymentOutcome> outcome = outcome_of(reply);
  record(outcome);
  if (!outcome) return retry_or_give_up(call, reply);
  finish(*call, *outcome, reply, *outcome == PaymentOutcome::kRefused ? reason_in(reply) : "");
}

void HttpPayment::retry_or_give_up(const std::shared_ptr<Call>& call, const net::HttpReply& reply) {
  const bool answer = reply.outcome == net::HttpOutcome::kAnswered;
  // 429 says that nothing was done; other failing answers, and none at all, leave it open.
  const bool surely_not_done = reply.outcome == net::HttpOutcome::kNotSent || (answer && reply.status == 429);
  if (!surely_not_done) call->maybe_seen = true;
  ++call->failed_attempts;
  if (options_.retry.may_retry(call->failed_attempts)) {
    return attempt(call, options_.retry.pause(call->failed_attempts, random_number(), reply.retry_after));
  }
  const std::string reason = answer ? reason_in(reply) : "the payment provider did not answer: " + reply.error;
  finish(*call, call->maybe_seen ? PaymentOutcome::kUnknown : PaymentOutcome::kUnavailable, reply, reason);
}

void HttpPayment::finish(const Call& call, PaymentOutcome outcome, const net::HttpReply& reply,
                         const std::string& reason) {
  options_.on_call(
      {.method = call.method, .path = call.path, .outcome = outcome, .reason = reason, .trace = call.trace});
  call.done(outcome, reply, reason);
}

}  // namespace doorbuster::platform
