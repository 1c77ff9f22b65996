// The payment port over HTTP: any provider that speaks our small signed protocol (docs/payment-protocol.md), or a
// bridge to one that does not. The sandbox is such a provider.
//
// A call that fails in a way that may pass is retried with the same idempotency key, after a growing pause; a provider
// that keeps failing is left alone for a while (kUnavailable at once), so that its trouble does not become ours.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "auth/webhook_signature.h"
#include "base/time.h"
#include "net/http_client.h"
#include "net/retry.h"
#include "platform/outbound/payment.h"

namespace doorbuster::platform {

// One call of the port, when it is over: for the log.
struct PaymentCall {
  std::string_view method;
  std::string_view path;  // "/payments"
  PaymentOutcome outcome = PaymentOutcome::kUnknown;
  std::string_view reason;  // unless done
  const TraceContext& trace;
};

struct HttpPaymentOptions {
  std::string base_url;      // "http://127.0.0.1:8090", without a slash at its end
  std::string secret;        // whsec_...; both sides sign with it
  std::string callback_url;  // our POST /api/v1/payments/events as the provider reaches it
  Duration connect_time = Duration::seconds(2);
  Duration total_time = Duration::seconds(5);  // of one attempt
  const Clock* wall = nullptr;                 // for the signatures' times; null: the provider's clock
  net::RetryPolicy retry = {};
  net::CircuitBreaker::Options breaker = {};
  net::HttpClientOptions client = {.thread_name = "payment-client"};
  std::function<void(const PaymentCall&)> on_call = [](const PaymentCall&) {};  // on any thread
};

class HttpPayment final : public PaymentProvider {
 public:
  // kInvalid for an address or a secret that cannot be one. The clock must live longer.
  [[nodiscard]] static Result<std::unique_ptr<HttpPayment>> make(HttpPaymentOptions options, const Clock& clock);

  void start(const PaymentStart& payment, std::function<void(PaymentStartReply)> done) override;
  void refund(const PaymentRefund& refund, std::function<void(PaymentRefundReply)> done) override;
  void query(const PaymentQuery& query, std::function<void(PaymentStatus)> done) override;

  // For metrics and the operator: whether the provider is being left alone.
  [[nodiscard]] net::CircuitBreaker::State breaker_state() const;

 private:
  struct Call;
  HttpPayment(HttpPaymentOptions options, auth::WebhookSecret secret, const Clock& clock);

  void attempt(const std::shared_ptr<Call>& call, Duration delay);
  void finish(const Call& call, PaymentOutcome outcome, const net::HttpReply& reply, const std::string& reason);
  void answered(const std::shared_ptr<Call>& call, net::HttpReply reply);
  void retry_or_give_up(const std::shared_ptr<Call>& call, const net::HttpReply& reply);
  [[nodiscard]] bool may_ask(Timestamp at);
  void record(const std::optional<PaymentOutcome>& outcome);
  [[nodiscard]] net::HttpRequest request_for(const Call& call) const;

  const HttpPaymentOptions options_;
  const auth::WebhookSecret secret_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  net::CircuitBreaker breaker_;  // under mutex_
  net::HttpClient client_;       // last: its callbacks use all of the above until it is gone
};

}  // namespace doorbuster::platform
