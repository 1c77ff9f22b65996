// The sandbox's HTTP: requests in, replies and events out. One handler, on one reactor, owns all the state.
#pragma once

#include <string>
#include <vector>

#include "auth/webhook_signature.h"
#include "net/handler.h"
#include "net/loop.h"
#include "net/router.h"
#include "platform/sandbox/book.h"
#include "platform/sandbox/event_sender.h"
#include "platform/sandbox/settings.h"

namespace doorbuster::platform {

class SandboxHandler final : public net::Handler {
 public:
  struct Deps {
    net::Loop& loop;
    const Clock& clock;
    EventSender& events;
    auth::WebhookSecret secret;
    std::string public_url;  // empty: taken from the request's Host
    SandboxSettings settings;
  };

  explicit SandboxHandler(Deps deps);
  void handle(const net::Request& request, net::Exchange& exchange) override;

 private:
  enum Call : uint16_t { kStart, kQuery, kPage, kChoose, kRefund, kReadSettings, kChangeSettings, kFront, kLive };

  struct Reply {
    net::Status status = net::Status::kOk;
    std::string_view content_type = "application/json";
    std::string body = {};
    std::string location = {};
  };
  struct Delayed {
    int64_t due_us;
    net::Ticket ticket;
    Reply reply;
  };

  [[nodiscard]] Reply reply_to(const net::Router::Match& match, const net::Request& request);
  [[nodiscard]] Reply start(const net::Request& request);
  [[nodiscard]] Reply query(const net::Request& request, std::string_view order);
  [[nodiscard]] Reply choose(const net::Request& request, std::string_view id);
  [[nodiscard]] Reply refund(const net::Request& request);
  [[nodiscard]] Reply pay_page_of(std::string_view id);
  [[nodiscard]] Reply change(const net::Request& request);
  [[nodiscard]] Reply answer_with(const SandboxPayment& payment, net::Status status, const net::Request& request) const;

  // The problem to answer with if the request is not signed by the shop.
  [[nodiscard]] std::optional<Reply> unsigned_request(const net::Request& request, std::string_view content) const;
  [[nodiscard]] static Reply problem(net::Status status, std::string_view slug, std::string_view detail);
  [[nodiscard]] static Reply problem(const Error& error);
  static void send(net::Exchange& exchange, const Reply& reply);
  void send_due();

  Deps deps_;
  net::Router router_;
  SandboxBook book_;
  SandboxSettings settings_;
  std::vector<Delayed> delayed_;
};

}  // namespace doorbuster::platform
