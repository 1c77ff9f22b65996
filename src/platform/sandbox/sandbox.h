// The sandbox payment provider: a process of its own that speaks the payment protocol (docs/payment-protocol.md), with
// a page to pay on and dials for everything that a provider does wrong. For trying out and for tests; no money moves.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/server.h"
#include "platform/sandbox/event_sender.h"

namespace doorbuster::platform {

struct SandboxOptions {
  std::string listen = "127.0.0.1:8090";
  bool any_port_if_taken = false;  // where nobody counts on the port of `listen`
  std::string secret;              // whsec_..., the shop server's too
  std::string public_url = {};     // how browsers reach it; http:// and the address it listens on if empty
  SandboxSettings settings = {};
};

// Serves from start() until it is destroyed.
class Sandbox {
 public:
  // kInvalid for a secret or address that cannot be one; kConflict when the address is in use.
  [[nodiscard]] static Result<std::unique_ptr<Sandbox>> start(SandboxOptions options);

  [[nodiscard]] std::string address() const { return server_->address(); }
  [[nodiscard]] uint16_t port() const { return server_->port(); }

 private:
  explicit Sandbox(auth::WebhookSecret secret) : sender_(std::move(secret), clock_) {}

  SystemClock clock_;
  EventSender sender_;
  std::unique_ptr<net::Server> server_;  // gone before what its handler uses
};

// Runs it until SIGINT or SIGTERM, for `doorbuster sandbox`. Says on stdout where it listens. The exit status of the
// process.
int run_sandbox(const SandboxOptions& options);

}  // namespace doorbuster::platform
