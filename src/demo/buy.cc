#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

#include "auth/shop_signer.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "base/exit_code.h"
#include "demo/demo_options.h"
#include "demo/shop_visit.h"

namespace doorbuster::demo {
namespace {

constexpr int kPollsMax = 600;

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void pause(int64_t millis) { std::this_thread::sleep_for(std::chrono::milliseconds(millis)); }

// The request as one could type it, and the answer, unless that would fill the screen.
void narrate(const DemoCall& call, const DemoAnswer& answer) {
  constexpr size_t kShownMax = 420;
  std::string line = "   " + call.method + " " + call.path;
  if (!call.body.empty()) line += "   " + call.body;
  if (!call.bearer.empty()) line += "   (Authorization: Bearer TOKEN)";
  say(line);
  std::string body = answer.body.size() > kShownMax ? answer.body.substr(0, kShownMax) + " ..." : answer.body;
  while (!body.empty() && body.back() == '\n') body.pop_back();
  say("   " + std::to_string(answer.status) + (body.empty() ? "" : " " + body));
}

Result<std::string> mint(const DemoOptions& options) {
  const auth::JwtSigner signer = TRY(auth::shop_signer(options.data));
  std::array<std::byte, 4> random{};
  fill_random(random);
  const std::string sub = "demo-" + to_hex(random);
  auth::JwtClaims claims;
  claims.sub = std::string_view(sub);
  claims.expires_at = SystemClock().now() + Duration::seconds(3600);
  std::string token = signer.mint(claims);
  say("\nThe shop signs a token for its customer (doorbuster token --sub " + sub + "): TOKEN=" + token.substr(0, 24) +
      "...");
  return token;
}

Result<void> wait_for_turn(ShopVisit& visit) {
  say("\nThis sale has a queue: take a place, and wait for an offer.");
  EntrySeen entry = TRY(visit.join());
  for (int polls = 0; polls < kPollsMax && entry.state == "waiting"; ++polls) {
    pause(entry.next_poll_seconds * 1'000);
    entry = TRY(visit.entry(entry.id));
  }
  if (entry.state == "offered") return {};
  return fail(ErrorCode::kConflict, "the queue did not come to an offer: the entry is '" + entry.state + "'");
}

Result<void> wait_until_sold(ShopVisit& visit, const std::string& order_id) {
  say("\nThe provider tells the shop. What has become of the order?");
  OrderSeen order = TRY(visit.order(order_id));
  for (int polls = 0; polls < kPollsMax && order.state == "paying"; ++polls) {
    pause(500);
    order = TRY(visit.order(order_id));
  }
  if (order.state == "sold") return {};
  return fail(ErrorCode::kConflict, "the order ended as '" + order.state + "'");
}

Result<void> buy(const DemoOptions& options) {
  DemoHttp http(options.server);
  say("What is on sale? (Everything here is " + options.server + ")");
  ShopVisit looking(http, options.sale, "", narrate);
  const SaleSeen sale = TRY(looking.look());
  ShopVisit visit(http, options.sale, TRY(mint(options)), narrate);
  if (sale.queue != "none") TRY(wait_for_turn(visit));
  say("\nReserve a unit. From this answer on it is nobody else's, even if the server's power fails.");
  const HoldSeen hold = TRY(visit.reserve());
  say("\nBegin to pay: the answer's redirect_url is where a browser would go.");
  const OrderSeen order = TRY(visit.start_payment(hold.id));
  say("\nPress 'Pay' on the page of the provider (a sandbox: no money moves).");
  TRY(visit.press(order, "pay"));
  TRY(wait_until_sold(visit, order.id));
  say("\nSold: order " + order.id + ".");
  return {};
}

}  // namespace

int demo_buy(const DemoOptions& options) { return exit_code_of(buy(options)); }

}  // namespace doorbuster::demo
