// doorbuster demo: customers to try the server out with.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/url/parse.hpp>
#include <memory>

#include "demo/commands.h"
#include "demo/demo_options.h"

namespace doorbuster::demo {
namespace {

// A demo's customers pay by pressing buttons and a crowd is a load: neither belongs on somebody's server.
std::string loopback_only(std::string& server) {
  while (server.ends_with('/')) server.pop_back();
  const auto url = boost::urls::parse_uri(server);
  if (!url || url->scheme() != "http") return "write it as http://127.0.0.1:8080";
  const bool here =
      url->host() == "localhost" || url->host_ipv4_address().is_loopback() || url->host_ipv6_address().is_loopback();
  return here ? "" : "the demo's customers visit this machine only: http://127.0.0.1:8080, localhost or [::1]";
}

void add_server(CLI::App& command, DemoOptions& options) {
  command.add_option("--server", options.server, "where the server is; on this machine only")
      ->capture_default_str()
      ->transform(CLI::Validator(loopback_only, ""));
  command.add_option("--data", options.data, "the server's folder, where its keys are")->capture_default_str();
}

void add_common(CLI::App& command, DemoOptions& options) {
  command.add_option("--sale", options.sale, "the sale's id")->capture_default_str();
  add_server(command, options);
}

CLI::App* add_shoppers(CLI::App& demo, DemoOptions& options) {
  CLI::App* shoppers = demo.add_subcommand("shoppers", "People with tastes who browse the demo shop and buy");
  add_server(*shoppers, options);
  shoppers->add_option("--operators", options.operators, "where operators' calls go, if not to the server")
      ->transform(CLI::Validator(loopback_only, ""));
  shoppers->add_option("--shoppers", options.shoppers, "how many")->capture_default_str()->check(CLI::Range(1, 10'000));
  shoppers->add_option("--seconds", options.seconds, "how long; 0: until they are ended")->capture_default_str();
  shoppers->add_option("--pace", options.pace, "how many times as fast as people they are")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 1'000.0));
  shoppers->add_flag("--quiet", options.quiet, "tell the end only");
  return shoppers;
}

int browse_with(DemoOptions options) {
  if (options.operators.empty()) options.operators = options.server;
  return demo_shoppers(options);
}

}  // namespace

std::function<int()> add_demo(CLI::App& line) {
  CLI::App* demo = line.add_subcommand("demo", "Send customers to a server that `doorbuster run` has started");
  demo->require_subcommand(1);
  auto options = std::make_shared<DemoOptions>();
  CLI::App* buy = demo->add_subcommand("buy", "One customer buys one unit, and every request is shown");
  add_common(*buy, *options);
  CLI::App* crowd = demo->add_subcommand("crowd", "Many customers: they come, wait, reserve, pay, walk away");
  add_common(*crowd, *options);
  crowd->add_option("--customers", options->customers, "how many")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  crowd->add_option("--seed", options->seed, "the same number brings the same crowd");
  crowd->add_option("--pace", options->pace, "how many times as fast as people they are")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 1'000.0));
  crowd->add_flag("--quiet", options->quiet, "tell the end only");
  CLI::App* shoppers = add_shoppers(*demo, *options);
  return [buy, crowd, shoppers, options]() -> int {
    if (buy->parsed()) return demo_buy(*options);
    if (crowd->parsed()) return demo_crowd(*options);
    if (shoppers->parsed()) return browse_with(*options);
    return -1;
  };
}

}  // namespace doorbuster::demo
