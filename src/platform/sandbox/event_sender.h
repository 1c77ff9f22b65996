// Sends the sandbox's events to the shop, again and again until a 2xx comes back.
#pragma once

#include <memory>
#include <string>

#include "auth/webhook_signature.h"
#include "base/time.h"
#include "net/http_client.h"
#include "net/retry.h"
#include "platform/sandbox/book.h"

namespace doorbuster::platform {

class EventSender {
 public:
  // Tries for about an hour. The clock must live longer.
  EventSender(auth::WebhookSecret secret, const Clock& clock);

  // From any thread. Copies beyond the first are sent at the same time, so that the receiver meets them side by side.
  void send(const SandboxCallback& callback);

 private:
  struct Message;
  void attempt(const std::shared_ptr<Message>& message, Duration delay);
  void answered(const std::shared_ptr<Message>& message, const net::HttpReply& reply);

  const auth::WebhookSecret secret_;
  const Clock& clock_;
  net::HttpClient client_;  // last: its callbacks use the above
};

}  // namespace doorbuster::platform
