// What a redirect pays for knowing who comes: from memory, and anew.
#include "links/api/visitor.h"

#include <benchmark/benchmark.h>

#include "net/limits.h"

namespace doorbuster::links {
namespace {

// As Chromium sends a navigation over TLS, with the page it came from.
const std::string kNavigation =
    "GET /ps5-mail HTTP/1.1\r\nHost: go.example\r\nConnection: keep-alive\r\n"
    "sec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Google Chrome\";v=\"140\"\r\n"
    "sec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Windows\"\r\nUpgrade-Insecure-Requests: 1\r\n"
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\n"
    "Referer: https://www.news.example/\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9\r\n\r\n";

// As tools of load send it.
const std::string kBare =
    "GET /ps5-mail HTTP/1.1\r\nHost: go.example\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0\r\n\r\n";

void known_visitor(benchmark::State& state, const std::string& block) {
  net::Head head;
  (void)net::parse_head(block, net::Limits(), head);
  const net::PeerAddress peer;
  const net::Request request(head, "", peer);
  const VisitorKnowledge knowledge;
  const platform::OpenGate gate;
  ClickReader reader(knowledge, gate, Digest());
  (void)reader.read(request, 1, {});  // which it remembers from now on
  for (auto _ : state) benchmark::DoNotOptimize(reader.read(request, 1, {}));
}
BENCHMARK_CAPTURE(known_visitor, navigation, kNavigation);
BENCHMARK_CAPTURE(known_visitor, bare, kBare);

void unknown_user_agent(benchmark::State& state) {
  const UserAgents agents;
  agents.prepare();
  for (auto _ : state)
    benchmark::DoNotOptimize(
        agents.read("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                    "Chrome/140.0.0.0 Safari/537.36"));
}
BENCHMARK(unknown_user_agent);

void rules_compiled(benchmark::State& state) {
  for (auto _ : state) UserAgents().prepare();
}
BENCHMARK(rules_compiled)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace doorbuster::links
