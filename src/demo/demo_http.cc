#include "demo/demo_http.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <thread>

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/json.h"

namespace doorbuster::demo {
namespace {

constexpr int kTriesMax = 5;
constexpr std::string_view kBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
constexpr Duration kLongestPause = Duration::seconds(2);

std::string fresh_key() {
  std::array<std::byte, 12> random{};
  fill_random(random);
  return to_hex(random);
}

net::HttpRequest request_of(const DemoCall& call, const std::string& server) {
  net::HttpRequest request;
  request.method = call.method;
  request.url = call.path.starts_with('/') ? server + call.path : call.path;
  request.body = call.body;
  request.total_time = Duration::seconds(15);
  request.response_bytes_max = size_t{4} * 1024 * 1024;
  if (call.browser) request.headers.emplace_back("User-Agent", kBrowser);
  if (!call.bearer.empty()) request.headers.emplace_back("Authorization", "Bearer " + call.bearer);
  if (call.method == "POST" && !call.form) request.headers.emplace_back("Idempotency-Key", fresh_key());
  if (!call.body.empty())
    request.headers.emplace_back("Content-Type", call.form ? "application/x-www-form-urlencoded" : "application/json");
  return request;
}

bool is_worth_another_try(const net::HttpReply& reply) {
  if (reply.outcome != net::HttpOutcome::kAnswered) return reply.outcome == net::HttpOutcome::kUnknown;
  return reply.status == 429 || reply.status == 503;
}

void pause_after(const net::HttpReply& reply) {
  const Duration asked = reply.retry_after.value_or(Duration::millis(200));
  std::this_thread::sleep_for(std::chrono::microseconds(std::min(asked, kLongestPause).micros()));
}

}  // namespace

DemoHttp::DemoHttp(std::string server, uint32_t at_once)
    : server_(std::move(server)), client_({.queue_max = at_once * 2, .in_flight_max = at_once}) {}

net::HttpReply DemoHttp::once(const net::HttpRequest& request) {
  std::promise<net::HttpReply> promise;
  const bool sent = client_.send(request, [&](net::HttpReply reply) { promise.set_value(std::move(reply)); });
  if (!sent) return {.outcome = net::HttpOutcome::kNotSent, .error = "too many calls at once"};
  return promise.get_future().get();
}

Result<DemoAnswer> DemoHttp::call(const DemoCall& call) {
  const net::HttpRequest request = request_of(call, server_);
  net::HttpReply reply = once(request);
  for (int tries = 1; tries < kTriesMax && is_worth_another_try(reply); ++tries) {
    pause_after(reply);
    reply = once(request);
  }
  if (reply.outcome == net::HttpOutcome::kAnswered) return DemoAnswer{reply.status, std::move(reply.body)};
  return fail(ErrorCode::kUnavailable, "no answer from " + request.url + " (" + reply.error +
                                           "): is the server running? `doorbuster run` starts it, --server says "
                                           "where it is");
}

std::string words_of_problem(const DemoAnswer& answer) {
  JsonDocument document(answer.body);
  const JsonObject root = document.root();
  const std::string_view type = root.optional("type").string();
  const std::string_view detail = root.optional("detail").string();
  if (type.empty()) return "the server answered " + std::to_string(answer.status);
  return std::string(type.substr(type.rfind('/') + 1)) + ": " + std::string(detail);
}

}  // namespace doorbuster::demo
