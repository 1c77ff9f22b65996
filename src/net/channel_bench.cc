// What HTTP costs without the kernel: a head parsed, and a request from its bytes to the bytes of its answer.
#include "net/channel.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

namespace doorbuster::net {
namespace {

// As wrk sends it.
const std::string kSmall = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";

// As a browser sends it through an edge proxy, with a customer's token.
const std::string kLarge =
    "POST /api/v1/sales/ps5/holds HTTP/1.1\r\nHost: shop.example\r\nConnection: keep-alive\r\nContent-Length: 2\r\n"
    "Authorization: Bearer " +
    std::string(300, 'a') +
    "\r\nIdempotency-Key: 6f1c1a3e-0000-4000-8000-000000000000\r\nContent-Type: application/json\r\nAccept: */*\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36\r\n"
    "Origin: https://shop.example\r\nReferer: https://shop.example/drop\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Accept-Language: en-GB,en;q=0.9\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n{}";

class OkHandler final : public Handler {
 public:
  void handle(const Request&, Exchange& exchange) override {
    exchange.respond(Response{.content_type = "text/plain", .body = "ok\n"});
  }
};

void parse(benchmark::State& state, std::string_view request) {
  const std::string_view block = request.substr(0, request.find("\r\n\r\n") + 4);
  const Limits limits;
  Head head;
  for (auto _ : state) benchmark::DoNotOptimize(parse_head(block, limits, head));
}

void answer(benchmark::State& state, const std::string& request) {
  Limits limits;
  limits.connections = 1;
  ChannelContext context(0, limits);
  OkHandler handler;
  context.handler = &handler;
  Channel channel(context, 0);
  channel.open({});
  for (auto _ : state) {
    const std::span<char> room = channel.prepare_input();
    std::copy(request.begin(), request.end(), room.begin());
    channel.received(request.size());
    benchmark::DoNotOptimize(channel.output().data());
    channel.sent(channel.output().size());
  }
  channel.close();
}

BENCHMARK_CAPTURE(parse, small, kSmall);
BENCHMARK_CAPTURE(parse, large, kLarge);
BENCHMARK_CAPTURE(answer, small, kSmall);
BENCHMARK_CAPTURE(answer, large, kLarge);

}  // namespace
}  // namespace doorbuster::net
