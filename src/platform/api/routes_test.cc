#include "platform/api/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/manual_loop.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::platform {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class RoutesTest : public ::testing::Test {
 protected:
  std::string ask(Routes routes, const std::string& request) {
    RoutedHandler handler(std::move(routes), clock_);
    net::testing::ManualLoop loop;
    loop.set_handler(handler);
    const uint32_t connection = loop.connect();
    loop.send(connection, request);
    loop.turn();
    return loop.take_output(connection);
  }
  static void say(const Call& call, std::string_view text) {
    call.exchange.respond(net::Response{.content_type = "text/plain", .body = text});
  }

  SystemClock clock_;
};

TEST_F(RoutesTest, hands_a_request_to_the_call_of_its_method_and_path) {
  Routes routes;
  routes.add(net::Method::kGet, "/things/{thing}", [](const Call& call) { say(call, call.parameter(0)); });
  routes.add(net::Method::kPost, "/things", [](const Call& call) { say(call, "made"); });
  const Routes& both = routes;
  EXPECT_THAT(ask(both, "GET /things/lamp HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("\r\n\r\nlamp"));
  EXPECT_THAT(ask(both, "POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"), HasSubstr("made"));
  EXPECT_THAT(ask(both, "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(ask(both, "DELETE /things HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("Allow: POST, OPTIONS"));
}

TEST_F(RoutesTest, keeps_what_calls_are_bound_to) {
  Routes routes;
  auto& part = routes.keep(std::make_unique<std::string>("kept"));
  routes.add(net::Method::kGet, "/", [&part](const Call& call) { say(call, part); });
  EXPECT_THAT(ask(std::move(routes), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("kept"));
}

TEST_F(RoutesTest, tells_apart_the_keys_of_scopes_and_the_requests_under_one_key) {
  const auto key_of = [&](std::string_view scope, const std::string& target, const std::string& body) {
    IdempotencyKey key;
    Routes routes;
    routes.add(net::Method::kPost, "/{name}", [&](const Call& call) {
      key = idempotency_key_of(call, scope).value_or(IdempotencyKey{});
      say(call, "");
    });
    ask(std::move(routes), "POST " + target + " HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\nContent-Length: " +
                               std::to_string(body.size()) + "\r\n\r\n" + body);
    return key;
  };
  const IdempotencyKey first = key_of("one", "/a", "x");
  EXPECT_NE(first.key, 0U);
  EXPECT_EQ(key_of("one", "/a", "x").fingerprint, first.fingerprint);
  EXPECT_NE(key_of("two", "/a", "x").key, first.key);
  EXPECT_EQ(key_of("one", "/b", "x").key, first.key);
  EXPECT_NE(key_of("one", "/b", "x").fingerprint, first.fingerprint);
  EXPECT_NE(key_of("one", "/a", "y").fingerprint, first.fingerprint);
}

TEST_F(RoutesTest, says_what_a_number_in_the_query_may_be) {
  const auto ask_for = [&](const std::string& query) {
    Routes routes;
    routes.add(net::Method::kGet, "/", [](const Call& call) {
      if (const auto number = number_in_query(call, "limit", 7, 10)) say(call, std::to_string(*number));
    });
    return ask(std::move(routes), "GET /" + query + " HTTP/1.1\r\nHost: x\r\n\r\n");
  };
  EXPECT_THAT(ask_for(""), HasSubstr("\r\n\r\n7"));
  EXPECT_THAT(ask_for("?limit=10"), HasSubstr("\r\n\r\n10"));
  for (const char* wrong : {"?limit=11", "?limit=-1", "?limit=1x", "?limit="})
    EXPECT_THAT(ask_for(wrong), HasSubstr("limit has to be a whole number up to 10")) << wrong;
}

}  // namespace
}  // namespace doorbuster::platform
