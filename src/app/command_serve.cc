// doorbuster serve: the server, until SIGINT or SIGTERM.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/application.h"
#include "app/commands.h"
#include "app/configure.h"
#include "base/signal_wait.h"

namespace doorbuster::app {
namespace {

void reload(Application& application, const ops::Logger& logger) {
  const Result<void> reloaded = application.reload();
  if (reloaded) return logger.info("the guard's policy was read again");
  logger.error("the guard's policy was not read again: the one before goes on", {{"why", reloaded.error().message}});
}

Result<void> serve(const Config& config) {
  const SignalWait signals({SIGINT, SIGTERM, SIGHUP});
  const ops::Logger logger =
      ops::Logger::to_stderr({.format = config.log_output.format, .level = config.log_output.level});
  std::fputs(describe(limits_of(config, means_of_this_process())).c_str(), stderr);
  const auto application = TRY(Application::start(config, logger));
  if (application->made_keys()) {
    logger.info("made keys: keep them safe",
                {{"operator_key", config.data + "/operator.key"}, {"shop_key", config.data + "/shop.key"}});
  }
  logger.info("ready", {{"address", application->address()},
                        {"events", application->started().events},
                        {"replayed", application->started().replayed},
                        {"log", application->durability().store},
                        {"guarantee", application->durability().guarantee}});
  int signal = signals.wait();
  for (; signal == SIGHUP; signal = signals.wait()) reload(*application, logger);
  logger.info("stopping", {{"signal", signal}});
  application->stop();
  logger.info("stopped");
  return {};
}

}  // namespace

Run add_serve(CLI::App& line) { return add_configured(*line.add_subcommand("serve", "Run the server"), serve); }

}  // namespace doorbuster::app
