#include "sale/sandbox/sandbox.h"

#include <pthread.h>
#include <signal.h>

#include <cstdio>

#include "sale/payment/payment_messages.h"
#include "sale/sandbox/sandbox_handler.h"

namespace doorbuster::sale {
namespace {

// Blocked in every thread that starts later, so that only the wait sees them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
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
  sandbox->server_ = TRY(net::Server::start(server, make_handler));
  return sandbox;
}

int run_sandbox(const SandboxOptions& options) {
  const sigset_t signals = block_signals();
  auto sandbox = Sandbox::start(options);
  if (!sandbox) {
    std::fprintf(stderr, "doorbuster sandbox: %s\n", sandbox.error().message.c_str());
    return 1;
  }
  std::printf("sandbox payments: http://%s/\n", (*sandbox)->address().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace doorbuster::sale
