// What the whole ladder costs a request that passes: a guest's and a customer's, who take something, and a poll; among
// as many addresses and sessions as lie in no cache, by a few hundred programs. The policy is that of a drop, with
// rates that nobody reaches and lists of networks as the clouds publish them; there is no database of countries.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>

#include "base/assert.h"
#include "base/prng.h"
#include "base/time.h"
#include "guard/guard.h"
#include "net/testing/manual_loop.h"

namespace doorbuster::guard {
namespace {

using platform::Action;
using platform::Asker;

constexpr uint64_t kPeople = 300'000;
constexpr uint32_t kNetworks = 5'000;
constexpr uint32_t kPrograms = 400;  // that they use
constexpr std::string_view kFromBrowser =
    "POST /api/v1/sales/drop/queue HTTP/1.1\r\nHost: drop.example\r\nContent-Length: 0\r\n"
    "sec-ch-ua-platform: \"Windows\"\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, "
    "like Gecko) Chrome/131.0.000.0 Safari/537.36\r\nsec-ch-ua: \"Chromium\";v=\"131\", \"Google Chrome\";v=\"131\"\r\n"
    "sec-ch-ua-mobile: ?0\r\nDoorbuster-Page: first=1830,moves=41,keys=3,touches=0,focus=1\r\nAccept: */*\r\n"
    "Origin: https://drop.example\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
    "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: de-DE,de;q=0.9\r\n\r\n";

// As a file, which is how a guard gets one.
class PolicyFile {
 public:
  PolicyFile() {
    std::ofstream out(path_);
    for (const char* whom : {"address", "prefix", "session", "customer"})
      out << "[rates." << whom << "]\nper_minute = 600000\nburst = 600000\n";
    out << "[networks]\ndata_centre = [";
    for (uint32_t i = 0; i < kNetworks; ++i) out << "\"11." << i / 250 << "." << i % 250 << ".0/24\", ";
    out << "]\n";
  }
  ~PolicyFile() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_; }

 private:
  const std::filesystem::path path_ = std::filesystem::temp_directory_path() / "doorbuster-guard-bench.toml";
};

net::PeerAddress address_of(uint64_t person) {
  net::PeerAddress address;
  address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 0, 0, 1};
  address.bytes[13] = static_cast<uint8_t>(person >> 16);
  address.bytes[14] = static_cast<uint8_t>(person >> 8);
  address.bytes[15] = static_cast<uint8_t>(person);
  return address;
}

// Asks the guard again and again about one request, whose sender is another each time.
class Asking final : public net::Handler {
 public:
  Asking(benchmark::State& state, Action action, Asker::Kind kind) : state_(state), action_(action), kind_(kind) {
    loop_.set_handler(*this);
    loop_.send(loop_.connect(), kFromBrowser);
  }

  void handle(const net::Request& first, net::Exchange& exchange) override {
    net::Head head;
    std::string text(kFromBrowser);
    char* const build = text.data() + text.find("000.0 Safari");  // of the browser, by which programs differ
    ASSERT(net::parse_head(text, {}, head) == nullptr && !first.headers().empty());
    uint64_t number = 0;
    for (auto _ : state_) {
      const uint64_t person = number++ * 7'919 % kPeople;
      const uint64_t program = person % kPrograms;
      build[0] = static_cast<char>('0' + program / 100);
      build[1] = static_cast<char>('0' + program / 10 % 10);
      build[2] = static_cast<char>('0' + program % 10);
      const net::PeerAddress peer = address_of(person);
      const net::Request request(head, "", peer);
      const platform::Call call{.request = request,
                                .exchange = exchange,
                                .match = {},
                                .now = kStart + Duration::micros(10 * static_cast<int64_t>(number))};
      const auto passed =
          guard_->pass(call, {.action = action_, .scope = "drop", .asker = {.kind = kind_, .id = mixed64(person)}});
      ASSERT(passed.has_value());
    }
    state_.SetItemsProcessed(state_.iterations());
    exchange.respond(net::Response{.body = "done"});
  }

 private:
  static constexpr Timestamp kStart = Timestamp::from_micros(1'700'000'000'000'000);
  struct Standing final : Clock {
    [[nodiscard]] Timestamp now() const override { return kStart; }
  };

  benchmark::State& state_;
  const Action action_;
  const Asker::Kind kind_;
  const PolicyFile policy_;
  const Standing clock_;
  const Digest secret_ = sha256(as_bytes("a secret"));
  std::unique_ptr<Guard> guard_ =
      Guard::make({.policy = policy_.path(), .keys = 1'000'000, .challenges = 16}, secret_, clock_).value();
  net::testing::ManualLoop loop_;
};

void a_join_of_a_guest(benchmark::State& state) { Asking(state, Action::kJoin, Asker::Kind::kSession); }
void a_join_of_a_customer(benchmark::State& state) { Asking(state, Action::kJoin, Asker::Kind::kCustomer); }
void a_poll_of_a_guest(benchmark::State& state) { Asking(state, Action::kPoll, Asker::Kind::kSession); }
BENCHMARK(a_join_of_a_guest);
BENCHMARK(a_join_of_a_customer);
BENCHMARK(a_poll_of_a_guest);

}  // namespace
}  // namespace doorbuster::guard
