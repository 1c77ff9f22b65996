#include "platform/sandbox/sandbox.h"

#include <cstdio>

#include "base/signal_wait.h"
#include "net/listener.h"
#include "platform/outbound/payment_messages.h"
#include "platform/sandbox/sandbox_handler.h"

namespace doorbuster::platform {
namespace {

// The same host, and whichever port is free.
Result<std::string> any_port_beside(const std::string& listen) {
  net::Endpoint endpoint = TRY(net::parse_endpoint(listen));
  endpoint.port = 0;
  return endpoint.text();
}

}  // namespace

Result<std::unique_ptr<Sandbox>> Sandbox::start(SandboxOptions options) {
  auth::WebhookSecret secret = TRY(auth::WebhookSecret::parse(options.secret));
  if (!options.public_url.empty() && (!is_web_address(options.public_url) || options.public_url.ends_with('/'))) {
    return fail(ErrorCode::kInvalid,
                "the sandbox's public address must begin with http:// or https:// and not end with a slash");
  }
  std::unique_ptr<Sandbox> sandbox(new Sandbox(secret));
  net::ServerOptions server{.listen = options.listen, .reactors = 1};
  server.limits.deferred_time = Duration::millis(kSandboxDelayMsMax) + Duration::seconds(10);  // no dial is cut short
  const auto make_handler = [&](net::Loop& loop) {
    return std::make_unique<SandboxHandler>(SandboxHandler::Deps{.loop = loop,
                                                                 .clock = sandbox->clock_,
                                                                 .events = sandbox->sender_,
                                                                 .secret = secret,
                                                                 .public_url = options.public_url,
                                                                 .settings = options.settings});
  };
  auto started = net::Server::start(server, make_handler);
  if (!started && started.error().code == ErrorCode::kConflict && options.any_port_if_taken) {
    server.listen = TRY(any_port_beside(options.listen));
    started = net::Server::start(server, make_handler);
  }
  sandbox->server_ = TRY(std::move(started));
  return sandbox;
}

int run_sandbox(const SandboxOptions& options) {
  const SignalWait end;
  auto sandbox = Sandbox::start(options);
  if (!sandbox) {
    std::fprintf(stderr, "doorbuster sandbox: %s\n", sandbox.error().message.c_str());
    return 1;
  }
  std::printf("sandbox payments: http://%s/\n", (*sandbox)->address().c_str());
  std::fflush(stdout);
  (void)end.wait();
  return 0;
}

}  // namespace doorbuster::platform
