// doorbuster serve: the server, until SIGINT or SIGTERM.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/application.h"
#include "app/commands.h"
#include "app/configure.h"

namespace doorbuster::app {
namespace {

int failed(const Error& error) {
  std::fprintf(stderr, "doorbuster: %s\n", error.message.c_str());
  return 1;
}

// Blocked in every thread that starts after this, so that only wait_for_end() hears them.
sigset_t block_end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

int serve(const Config& config) {
  const sigset_t end_signals = block_end_signals();
  const ops::Logger logger =
      ops::Logger::to_stderr({.format = config.log_output.format, .level = config.log_output.level});
  std::fputs(describe(limits_of(config, std::max(1U, std::thread::hardware_concurrency()))).c_str(), stderr);
  auto application = Application::start(config, logger);
  if (!application) return failed(application.error());
  if ((*application)->made_keys()) {
    logger.info("made keys: keep them safe",
                {{"operator_key", config.data + "/operator.key"}, {"shop_key", config.data + "/shop.key"}});
  }
  logger.info("ready", {{"address", (*application)->address()},
                        {"events", (*application)->recovered().lease.tail.value()},
                        {"replayed", (*application)->recovered().replayed}});
  int signal = 0;
  sigwait(&end_signals, &signal);
  logger.info("stopping", {{"signal", signal}});
  (*application)->stop();
  logger.info("stopped");
  return 0;
}

}  // namespace

Run add_serve(CLI::App& line) {
  CLI::App* command = line.add_subcommand("serve", "Run the server");
  auto flags = std::make_shared<ConfigFlags>();
  add_config_flags(*command, *flags);
  return [command, flags]() -> int {
    if (!command->parsed()) return -1;
    const auto config = configure(*flags);
    if (!config) return failed(config.error());
    if (!flags->print) return serve(*config);
    std::fputs(print_config(*config).c_str(), stdout);
    return 0;
  };
}

}  // namespace doorbuster::app
