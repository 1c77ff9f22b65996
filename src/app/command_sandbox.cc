// doorbuster sandbox: a payment provider to try out with, in a process of its own.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "app/commands.h"
#include "base/exit_code.h"
#include "platform/outbound/payment_secret.h"
#include "platform/sandbox/sandbox.h"

namespace doorbuster::app {

namespace {

// The secret in the server's folder; made if the sandbox is there first.
Result<void> find_secret(const std::string& data, platform::SandboxOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(data, error);
  if (error) {
    return fail(ErrorCode::kIo,
                "the data folder '" + data + "' can't be made (" + error.message() + "): choose another with --data");
  }
  options.secret = TRY(platform::payment_secret(std::filesystem::path(data) / "payment.secret"));
  return {};
}

}  // namespace

Run add_sandbox(CLI::App& line) {
  CLI::App* command = line.add_subcommand("sandbox", "Run the sandbox payment provider: no money moves");
  auto options = std::make_shared<platform::SandboxOptions>();
  auto data = std::make_shared<std::string>("var/");
  command->add_option("--listen", options->listen, "address and port")->capture_default_str();
  command->add_flag("--any-port-if-taken", options->any_port_if_taken, "if that port is taken, listen at a free one");
  command->add_option("--public-url", options->public_url, "how browsers reach it, if not by that address");
  command->add_option("--data", *data, "the server's folder, for the secret that both sign with")
      ->capture_default_str();
  return [command, options, data]() -> int {
    if (!command->parsed()) return -1;
    const Result<void> ready = find_secret(*data, *options);
    return ready ? platform::run_sandbox(*options) : exit_code_of(ready);
  };
}

}  // namespace doorbuster::app
