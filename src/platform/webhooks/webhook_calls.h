// The calls by which operators look after webhooks: who is told, how that goes, and what they can do about it.
//
// Changes are made on the engine's thread and are on disk before they are answered, at the price of a pause of some
// milliseconds for this reactor's connections. Endpoints of the configuration file are shown, and can be tested,
// disabled, enabled and replayed; the file alone changes them.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "net/loop.h"
#include "platform/api/parts.h"
#include "platform/api/routes.h"
#include "platform/operators/operator_authenticator.h"
#include "platform/webhooks/webhooks.h"

namespace doorbuster::platform {

// One reactor's tests of endpoints: whoever asked is answered when the receiver has.
class WebhookTests {
 public:
  explicit WebhookTests(net::Loop& loop);
  ~WebhookTests();
  void begin(const Call& call, WebhookEngine& engine, std::string_view id);

 private:
  // Outlives the reactor's part while answers are under way.
  struct Finished {
    std::mutex mutex;
    std::vector<std::pair<net::Ticket, TestAnswer>> answers;
    net::Inbox* inbox = nullptr;  // null once nobody listens any more
  };
  void answer_finished();

  net::Loop& loop_;
  std::shared_ptr<Finished> finished_;
};

void list_webhooks(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void create_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void show_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void change_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void delete_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void enable_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void disable_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void replay_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void rotate_webhook_secret(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine);
void test_webhook(const Call& call, OperatorAuthenticator& authenticator, WebhookEngine& engine, WebhookTests& tests);

using WebhookParts = Parts<OperatorAuthenticator, WebhookEngine, WebhookTests>;
using WebhookRoute = Route<WebhookParts>;
[[nodiscard]] std::span<const WebhookRoute> webhook_routes();

// Adds all of them to one reactor's routes. The access and the engine outlive the routes.
void add_webhook_routes(Routes& routes, net::Loop& loop, OperatorAccess& access, Operators operators,
                        WebhookEngine& engine);

}  // namespace doorbuster::platform
