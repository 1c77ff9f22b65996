#include "platform/sandbox/event_sender.h"

#include "base/crypto.h"

namespace doorbuster::platform {
namespace {

constexpr net::RetryPolicy kRetry{
    .attempts_max = 130, .first = Duration::millis(200), .longest = Duration::seconds(30)};
constexpr uint32_t kEventsMax = 100'000;  // waiting or on their way

}  // namespace

struct EventSender::Message {
  std::string url;
  std::string id;
  std::string body;
  TraceContext trace;
  uint32_t failed_attempts = 0;
};

EventSender::EventSender(auth::WebhookSecret secret, const Clock& clock)
    : secret_(std::move(secret)), clock_(clock), client_({.queue_max = kEventsMax}) {}

void EventSender::send(const SandboxCallback& callback) {
  for (int64_t copy = 0; copy < callback.copies; ++copy) {
    attempt(std::make_shared<Message>(Message{.url = callback.url,
                                              .id = callback.event.id,
                                              .body = write_payment_event(callback.event),
                                              .trace = callback.trace ? *callback.trace : begin_trace()}),
            callback.delay);
  }
}

void EventSender::attempt(const std::shared_ptr<Message>& message, Duration delay) {
  const Timestamp at = clock_.now() + delay;  // when it goes out: what the receiver compares its clock with
  net::HttpRequest request{.url = message->url,
                           .headers = {{"Content-Type", "application/json"},
                                       {"webhook-id", message->id},
                                       {"webhook-timestamp", std::to_string(at.micros() / 1'000'000)},
                                       {"webhook-signature", secret_.sign(message->id, at, message->body)},
                                       {"traceparent", format_traceparent(child_of(message->trace))}},
                           .body = message->body};
  // A full queue drops the event, as a real provider may: the shop asks for the state of what it waits for.
  (void)client_.send(
      std::move(request), [this, message](const net::HttpReply& reply) { answered(message, reply); }, delay);
}

void EventSender::answered(const std::shared_ptr<Message>& message, const net::HttpReply& reply) {
  const bool delivered = reply.outcome == net::HttpOutcome::kAnswered && reply.status >= 200 && reply.status < 300;
  if (delivered || !kRetry.may_retry(++message->failed_attempts)) return;
  attempt(message, kRetry.pause(message->failed_attempts, random_number(), reply.retry_after));
}

}  // namespace doorbuster::platform
