// doorbuster sandbox: a payment provider to try out with, in a process of its own.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/commands.h"
#include "sale/payment/payment_secret.h"
#include "sale/sandbox/sandbox.h"

namespace doorbuster::app {

Run add_sandbox(CLI::App& line) {
  CLI::App* command = line.add_subcommand("sandbox", "Run the sandbox payment provider: no money moves");
  auto options = std::make_shared<sale::SandboxOptions>();
  auto data = std::make_shared<std::string>("var/");
  command->add_option("--listen", options->listen, "address and port")->capture_default_str();
  command->add_option("--public-url", options->public_url, "how browsers reach it, if not by that address");
  command->add_option("--data", *data, "the server's folder, for the secret that both sign with")
      ->capture_default_str();
  return [command, options, data]() -> int {
    if (!command->parsed()) return -1;
    std::error_code error;
    std::filesystem::create_directories(*data, error);
    if (error) {
      std::fprintf(stderr, "doorbuster: the data folder '%s' can't be made (%s): choose another with --data\n",
                   data->c_str(), error.message().c_str());
      return 1;
    }
    auto secret = sale::payment_secret(std::filesystem::path(*data) / "payment.secret");
    if (!secret) {
      std::fprintf(stderr, "doorbuster: %s\n", secret.error().message.c_str());
      return 1;
    }
    options->secret = std::move(*secret);
    return sale::run_sandbox(*options);
  };
}

}  // namespace doorbuster::app
