// doorbuster run: all that a newcomer needs in one command. The server, a sandbox to pay at, and something on sale.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/url/parse.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "app/application.h"
#include "app/child_process.h"
#include "app/commands.h"
#include "app/configure.h"
#include "app/demo_shop.h"
#include "base/signal_wait.h"
#include "demo/demo_sales.h"
#include "demo/shop_stock.h"
#include "net/listener.h"

namespace doorbuster::app {
namespace {

// What there is beside the server.
struct Surroundings {
  uint32_t customers = 0;  // who come to the sale with a draw
  bool demo_shop = false;
  uint32_t shoppers = 0;  // who browse the demo shop
};

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

Result<void> check_it_is_a_demo(const Config& config) {
  if (config.sale.payment.adapter != sale::PaymentAdapter::kSandbox || !config.sale.payment.secret.empty()) {
    return fail(ErrorCode::kInvalid,
                "`doorbuster run` starts a sandbox to pay at and makes the secret for it: leave payment.adapter and "
                "payment.secret out, or start the server by itself with `doorbuster serve`");
  }
  return {};
}

// "http://127.0.0.1:8080" for a server that listens at that address, or at every address.
std::string reachable(const std::string& listen) {
  const auto endpoint = net::parse_endpoint(listen);
  if (!endpoint) return "http://" + listen;
  const std::string& host = endpoint->is_every_address() ? "127.0.0.1" : endpoint->host;
  return "http://" + net::Endpoint{host, endpoint->port}.text();
}

std::string address_in(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return url;
  return std::string(parsed->host()) + ":" + (parsed->has_port() ? std::string(parsed->port()) : "80");
}

struct Sandbox {
  std::unique_ptr<ChildProcess> process;
  std::string url;
};

// Where nobody asked for a certain address, the next free port will do.
Result<Sandbox> start_sandbox(const Config& config) {
  const std::string wanted = address_in(config.sale.payment.url);
  const bool may_move = config.sale.payment.url == sale::PaymentSettings().url;
  std::vector<std::string> arguments = {"sandbox", "--listen", wanted, "--data", config.data};
  if (may_move) arguments.emplace_back("--any-port-if-taken");
  auto process = TRY(ChildProcess::start(arguments));
  const std::string line = process->read_line();
  const size_t at = line.find("http://");
  if (at == std::string::npos) {
    return fail(ErrorCode::kUnavailable,
                "the sandbox to pay at did not start (its own words are above); --payment-url http://127.0.0.1:8091 "
                "gives it another address");
  }
  std::string url = line.substr(at);
  while (url.ends_with('/')) url.pop_back();
  return Sandbox{std::move(process), url};
}

// The command as it can be typed from here.
std::string own_name() {
  const std::filesystem::path path = own_path();
  std::error_code error;
  const std::string near = std::filesystem::relative(path, error).string();
  return error || near.starts_with("..") ? path.string() : near;
}

const char* words_of_queue(const std::string& queue) {
  if (queue == "draw") return "drawn by lot when it opens";
  return queue == "none" ? "first come, first served" : "behind a queue";
}

void tell_sales(const std::vector<demo::DemoSale>& sales) {
  for (const demo::DemoSale& sale : sales) {
    const demo::SaleSeen& seen = sale.seen;
    std::printf("  %-12s %s: %lld of %lld units left, %s%s\n", sale.id.c_str(), seen.title.c_str(),
                static_cast<long long>(seen.available), static_cast<long long>(seen.units), words_of_queue(seen.queue),
                sale.is_new ? "" : (" (here from before; " + seen.state + ")").c_str());
  }
}

void tell_what_to_type(const Config& config, const std::string& url) {
  const std::string me = own_name();
  const std::string data = config.data == Config().data ? "" : " --data " + config.data;
  const std::string server = url == "http://" + Config().listen ? "" : " --server " + url;
  say("\nIn another terminal, type:\n");
  say("  curl " + url + "/api/v1/sales");
  say("  TOKEN=$(" + me + " token --sub alice" + data + ")");
  say("  curl -X POST -H \"Authorization: Bearer $TOKEN\" " + url + "/api/v1/sales/demo/holds");
  say("  " + me + " demo buy" + server + data + "      # one customer, every request shown");
  say("  " + me + " demo crowd" + server + data + "    # 2,000 customers, each with their own habits");
  say("\nCtrl-C ends it. Nothing that was sold is lost: it is in " + config.data + ", and here again next time.\n");
}

const demo::DemoSale* draw_of(const std::vector<demo::DemoSale>& sales) {
  const auto found = std::ranges::find_if(sales, [](const demo::DemoSale& sale) { return sale.seen.queue == "draw"; });
  return found == sales.end() ? nullptr : &*found;
}

void tell_what_to_watch(const std::string& url, const demo::DemoSale& draw, uint32_t crowd) {
  const int64_t seconds = std::max<int64_t>(0, (draw.seen.opens_at - SystemClock().now()).whole_seconds());
  say("\nWatch one from the beginning to the end: join " + url + "/s/" + draw.id +
      " in a browser. Its places are drawn in " + std::to_string(seconds) + " seconds.");
  if (crowd > 0) {
    say(std::to_string(crowd) + " customers come to it, too.");
  } else {
    say("`" + own_name() + " demo crowd --sale " + draw.id + " --customers 600` brings a crowd to it.");
  }
}

void tell(const Config& config, const std::string& url, const std::string& operators, const std::string& sandbox,
          const std::vector<demo::DemoSale>& sales, const Surroundings& around) {
  say("\nDoorbuster is open.\n");
  say("  the shop     " + url + "/");
  if (around.demo_shop)
    say("  a demo shop  " + url + "/demo-shop   (3,000 items; what it recommends follows your clicks)");
  say("  payments     " + sandbox + "/   (a sandbox: no money moves)");
  say("  the board    " + operators + "/operator   (log in with the text of operator.key; each sale has three links)");
  say("  the keys     " + (std::filesystem::path(config.data) / "operator.key").string() + ", " +
      (std::filesystem::path(config.data) / "shop.key").string() + "\n");
  tell_sales(sales);
  if (const demo::DemoSale* draw = draw_of(sales)) tell_what_to_watch(url, *draw, around.customers);
  tell_what_to_type(config, url);
}

// Customers for the sale with a draw, as a process of their own.
Result<std::unique_ptr<ChildProcess>> start_crowd(const Config& config, const std::string& url,
                                                  const demo::DemoSale* draw, uint32_t crowd) {
  if (crowd == 0 || draw == nullptr) return std::unique_ptr<ChildProcess>();
  return ChildProcess::start({"demo", "crowd", "--quiet", "--sale", draw->id, "--customers", std::to_string(crowd),
                              "--server", url, "--data", config.data});
}

// Those who browse the demo shop, likewise.
Result<std::unique_ptr<ChildProcess>> start_shoppers(const Config& config, const std::string& url,
                                                     const std::string& operators, const Surroundings& around) {
  if (!around.demo_shop || around.shoppers == 0) return std::unique_ptr<ChildProcess>();
  return ChildProcess::start({"demo", "shoppers", "--quiet", "--shoppers", std::to_string(around.shoppers), "--server",
                              url, "--operators", operators, "--data", config.data});
}

// What it has said at its end.
void tell_of_crowd(std::unique_ptr<ChildProcess>& crowd) {
  if (crowd == nullptr || crowd->ended().empty()) return;
  constexpr int kLinesMax = 12;
  for (int i = 0; i < kLinesMax; ++i) {
    const std::string line = crowd->read_line();
    if (!line.empty()) say(line);
  }
  crowd.reset();
}

// Until somebody ends it. A sandbox that ends is not the end of the sale: payments wait for it.
void wait_for_end(const SignalWait& signals, Sandbox& sandbox, std::unique_ptr<ChildProcess>& crowd) {
  while (signals.wait() == SIGCHLD) {
    tell_of_crowd(crowd);
    const std::string how = sandbox.process->ended();
    if (how.empty()) continue;
    say("The sandbox " + how + ". The sale goes on; payments wait until it is back: " + own_name() +
        " sandbox --listen " + address_in(sandbox.url));
  }
}

Result<void> run(const Config& given, const Surroundings& around) {
  Config config = given;
  TRY(check_it_is_a_demo(config));
  const SignalWait signals({SIGINT, SIGTERM, SIGHUP, SIGCHLD});
  const ops::Logger logger =
      ops::Logger::to_stderr({.format = config.log_output.format, .level = config.log_output.level});
  Sandbox sandbox = TRY(start_sandbox(config));
  config.sale.payment.url = sandbox.url;
  if (config.base_url.empty()) config.base_url = reachable(config.listen);
  const auto shop = around.demo_shop ? std::make_unique<DemoShop>() : nullptr;
  const auto application = TRY(Application::start(config, logger, shop.get()));
  const std::string url = reachable(application->address());
  const std::string operators = config.admin_listen.empty() ? url : reachable(config.admin_listen);
  const auto sales = TRY(demo::put_on_demo_sales(url, operators, config.data));
  if (shop) {
    TRY(shop->open(config.data));
    TRY(demo::stock_demo_shop(operators, config.data, shop->catalogue(), sales));
  }
  tell(config, url, operators, sandbox.url, sales, around);
  auto crowd = TRY(start_crowd(config, url, draw_of(sales), around.customers));
  auto shoppers = TRY(start_shoppers(config, url, operators, around));
  wait_for_end(signals, sandbox, crowd);
  for (const auto& process : {&crowd, &shoppers}) {
    if (*process != nullptr) (*process)->stop();
  }
  say("\nClosing: what has begun is finished first.");
  application->stop();
  sandbox.process->stop();
  say("Closed.");
  return {};
}

}  // namespace

Run add_run(CLI::App& line) {
  CLI::App* command =
      line.add_subcommand("run", "Try it out: the server, a sandbox to pay at, and something on sale, in one command");
  auto around = std::make_shared<Surroundings>();
  command->add_option("--crowd", around->customers, "so many customers come to the sale with a draw")
      ->check(CLI::Range(0, 100'000))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  command->add_flag("--demo-shop", around->demo_shop, "a shop of 3,000 items that recommends, at /demo-shop");
  command->add_option("--shoppers", around->shoppers, "so many browse the demo shop")
      ->check(CLI::Range(0, 10'000))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  return add_configured(*command, [around](const Config& config) { return run(config, *around); });
}

}  // namespace doorbuster::app
