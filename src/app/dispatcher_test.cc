#include "app/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/manual_loop.h"
#include "net/testing/recording_handler.h"

namespace doorbuster::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class DispatcherTest : public ::testing::Test {
 protected:
  DispatcherTest() { loop_.set_handler(dispatcher_); }

  std::string ask(const std::string& line) {
    const uint32_t connection = loop_.connect();
    loop_.send(connection, line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    loop_.turn();
    return loop_.take_output(connection);
  }

  net::testing::ManualLoop loop_;
  ops::Health health_{ops::Durability{.store = "memory", .guarantee = ""}};
  std::atomic<bool> recovered_{true};
  Dispatcher dispatcher_{{.health = health_, .metrics = [] { return std::string("x 1\n"); }, .recovered = recovered_},
                         std::make_unique<net::testing::RecordingHandler>()};
};

TEST_F(DispatcherTest, answers_its_own_addresses) {
  EXPECT_THAT(ask("GET /livez"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask("GET /metrics"), HasSubstr("x 1\n"));
  EXPECT_THAT(ask("GET /"), HasSubstr("text/html"));
  EXPECT_THAT(ask("HEAD /"), StartsWith("HTTP/1.1 200"));
}

TEST_F(DispatcherTest, says_at_once_that_it_is_no_longer_ready_though_it_keeps_what_it_said) {
  const std::string first = ask("GET /readyz");
  EXPECT_THAT(first, StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(ask("GET /readyz"), first);
  health_.drain();
  EXPECT_THAT(ask("GET /readyz"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(ask("GET /livez"), HasSubstr("Content-Type: application/health+json\r\n"));
  EXPECT_THAT(ask("GET /livez"), HasSubstr("Cache-Control: no-store\r\n"));
}

TEST_F(DispatcherTest, says_which_methods_its_own_addresses_take) {
  for (const char* line : {"POST /", "DELETE /livez", "PUT /readyz", "POST /metrics", "POST /icon.svg", "PUT /s/ps5"}) {
    const std::string answer = ask(line);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405")) << line;
    EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD, OPTIONS\r\n")) << line;
  }
  EXPECT_THAT(ask("OPTIONS /"), StartsWith("HTTP/1.1 204"));
}

TEST_F(DispatcherTest, leaves_everything_else_to_the_service) {
  EXPECT_THAT(ask("POST /api/v1/sales"), HasSubstr("ok"));
  EXPECT_THAT(ask("POST /elsewhere"), HasSubstr("ok"));
  recovered_ = false;
  EXPECT_THAT(ask("POST /api/v1/sales"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(ask("GET /livez"), StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace doorbuster::app
