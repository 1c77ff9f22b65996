// A server of as many reactors as there can be: the answers to a reactor's requests, watches and admissions find their
// way back whatever its number is.
#include <deque>

#include "net/testing/manual_loop.h"
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using ::testing::StartsWith;

// Apart from the fixture, because handlers for the loops are made while the fixture's server starts.
struct Loops {
  static constexpr std::array<uint8_t, 6> kNumbers = {63, 64, 127, 128, 199, net::kReactorsMax - 1};

  Loops() {
    for (const uint8_t number : kNumbers) loops.emplace_back(net::testing::ManualLoop::small_limits(), number);
  }
  void serve(testing::SaleServer& server) {
    for (net::testing::ManualLoop& loop : loops) {
      handlers.push_back(server.make_handler(loop));
      loop.set_handler(*handlers.back());
    }
  }

  std::vector<std::unique_ptr<net::Handler>> handlers;
  std::deque<net::testing::ManualLoop> loops;  // gone before their handlers
};

class OnManyReactors : private Loops, public testing::ApiTest {
 protected:
  OnManyReactors()
      : ApiTest({.admissions = {.issuer = "https://sale.example"},
                 .before_start = [this](testing::SaleServer& server) { serve(server); }}) {}

  // Turns the loop until something is said on the connection.
  static std::string answered(net::testing::ManualLoop& loop, uint32_t connection) {
    for (int i = 0; i < 5'000; ++i) {
      loop.turn();
      if (std::string said = loop.take_output(connection); !said.empty()) return said;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return {};
  }

  std::string ask_on(net::testing::ManualLoop& loop, const std::string& line, const std::string& field = "X-No: 1") {
    const uint32_t connection = loop.connect();
    loop.send(connection, line + " HTTP/1.1\r\nHost: shop.example\r\n" + field + "\r\n\r\n");
    return answered(loop, connection);
  }

  using Loops::loops;
};

TEST_F(OnManyReactors, a_hold_is_answered_by_the_reactor_that_was_asked) {
  create(R"("units":100,"queue":"none")");
  for (net::testing::ManualLoop& loop : loops) {
    const std::string sub = "c" + std::to_string(loop.id());
    const std::string said = ask_on(loop, "POST " + std::string(kPs5) + "/holds", server_.customer(sub));
    EXPECT_THAT(said, StartsWith("HTTP/1.1 201 ")) << int{loop.id()};
  }
}

TEST_F(OnManyReactors, a_watch_is_told_by_the_reactor_that_was_asked) {
  create(R"("units":100,"queue":"fifo")");
  for (net::testing::ManualLoop& loop : loops) {
    const Answer joined = join("c" + std::to_string(loop.id()));
    const uint32_t watching = loop.connect();
    loop.send(watching, "GET " + entry_path(joined) + "/events?token=" + joined.text("token") +
                            " HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    EXPECT_THAT(answered(loop, watching), HasSubstr("event: entry")) << int{loop.id()};
    loop.advance(Duration::seconds(20));  // looks again, and finds what has been told already
    EXPECT_THAT(answered(loop, watching), HasSubstr(": still here")) << int{loop.id()};
  }
}

TEST_F(OnManyReactors, an_admission_is_given_by_the_reactor_that_was_asked) {
  create(R"("units":100,"queue":"fifo")");
  for (net::testing::ManualLoop& loop : loops) {
    const std::string sub = "c" + std::to_string(loop.id());
    const Answer joined = join(sub);
    const std::string said = ask_on(loop, "POST " + entry_path(joined) + "/admission", server_.customer(sub));
    EXPECT_THAT(said, StartsWith("HTTP/1.1 201 ")) << int{loop.id()};
  }
}

}  // namespace
}  // namespace doorbuster::sale
