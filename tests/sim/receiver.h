// The shop's receiver of webhooks: slow, often failing, now and then away for an hour, and once it says 410 though it
// is still there. It keeps a book of what it took, which has to be what the logs say.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "auth/webhook_signature.h"
#include "platform/webhooks/endpoint.h"
#include "sim/outside.h"
#include "sim/site.h"

namespace doorbuster::sim {

class Server;

class Receiver final : public Outside {
 public:
  explicit Receiver(Site& site);

  // As it stands in the servers' configuration.
  [[nodiscard]] const platform::WebhookEndpoint& endpoint() const { return endpoint_; }

  void asked(const net::HttpRequest& request, Answer answer) override;

  // Whether it got all that the log tells, and nothing else. The server has followed to the end.
  void check(Server& server) const;

 private:
  struct Event {
    std::string id;
    std::string key;
    uint64_t sequence = 0;
  };

  [[nodiscard]] net::HttpReply answered(const net::HttpRequest& request);
  [[nodiscard]] int mood();
  void take(const net::HttpRequest& request);
  void take(const Event& event);

  Site& site_;
  const platform::WebhookEndpoint endpoint_;
  const auth::WebhookSecret secret_;
  Timestamp away_until_;
  std::map<std::string, Event> taken_;      // by id
  std::map<std::string, uint64_t> newest_;  // by key: the sequence of the last one that was new
};

}  // namespace doorbuster::sim
