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

void add_common(CLI::App& command, DemoOptions& options) {
  command.add_option("--sale", options.sale, "the sale's id")->capture_default_str();
  command.add_option("--server", options.server, "where the server is; on this machine only")
      ->capture_default_str()
      ->transform(CLI::Validator(loopback_only, ""));
  command.add_option("--data", options.data, "the server's folder, where its shop.key is")->capture_default_str();
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
  return [buy, crowd, options]() -> int {
    if (buy->parsed()) return demo_buy(*options);
    if (crowd->parsed()) return demo_crowd(*options);
    return -1;
  };
}

}  // namespace doorbuster::demo
