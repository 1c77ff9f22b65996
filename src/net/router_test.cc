#include "net/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/problem.h"
#include "net/testing/manual_loop.h"

namespace doorbuster::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

enum : uint16_t { kSales, kCreate, kSale, kHold, kPause, kDrop, kRoot, kNewest };

Router sales() {
  Router router;
  router.add(Method::kGet, "/", kRoot);
  router.add(Method::kGet, "/api/v1/sales", kSales);
  router.add(Method::kPost, "/api/v1/sales", kCreate);
  router.add(Method::kGet, "/api/v1/sales/{sale}", kSale);
  router.add(Method::kGet, "/api/v1/sales/newest", kNewest);
  router.add(Method::kGet, "/api/v1/sales/{sale}/holds/{hold}", kHold);
  router.add(Method::kDelete, "/api/v1/sales/{sale}/holds/{hold}", kDrop);
  router.add(Method::kPost, "/api/v1/sales/{sale}/pause", kPause);
  return router;
}

TEST(Router, finds_routes_and_their_parameters) {
  const Router router = sales();
  const Router::Match match = router.match(Method::kGet, "/api/v1/sales/ps5/holds/h%201");
  EXPECT_EQ(match.outcome, Router::Outcome::kFound);
  EXPECT_EQ(match.id, kHold);
  ASSERT_EQ(match.parameter_count, 2);
  EXPECT_EQ(match.parameters[0], "ps5");
  EXPECT_EQ(match.parameters[1], "h%201");
  EXPECT_EQ(router.match(Method::kGet, "/").id, kRoot);
  EXPECT_EQ(router.match(Method::kPost, "/api/v1/sales").id, kCreate);
}

TEST(Router, a_literal_wins_over_a_parameter_and_gives_way_to_it) {
  const Router router = sales();
  EXPECT_EQ(router.match(Method::kGet, "/api/v1/sales/newest").id, kNewest);
  const Router::Match behind = router.match(Method::kPost, "/api/v1/sales/newest/pause");
  EXPECT_EQ(behind.id, kPause);
  EXPECT_EQ(behind.parameters[0], "newest");
}

TEST(Router, answers_head_by_the_route_for_get) { EXPECT_EQ(sales().match(Method::kHead, "/api/v1/sales").id, kSales); }

TEST(Router, knows_no_path_that_only_looks_alike) {
  const Router router = sales();
  for (const char* path :
       {"", "*", "/api", "/api/v1/sales/", "/api/v1/sales//holds/x", "//api/v1/sales", "/api/v1/sales/a/b",
        "/API/v1/sales", "/api/v1/%73ales", "/api/v1/sales/ps5/holds/", "/api/v1/./sales"}) {
    EXPECT_EQ(router.match(Method::kGet, path).outcome, Router::Outcome::kNoSuchPath) << path;
  }
}

TEST(Router, tells_which_methods_a_path_takes) {
  const Router::Match match = sales().match(Method::kPatch, "/api/v1/sales");
  EXPECT_EQ(match.outcome, Router::Outcome::kMethodNotAllowed);
  const Router router = sales();
  EXPECT_EQ(router.match(Method::kPatch, "/api/v1/sales").allow, "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(router.match(Method::kPut, "/api/v1/sales/a/holds/b").allow, "GET, HEAD, DELETE, OPTIONS");
}

TEST(Router, shows_its_table_in_order) {
  const Router router = sales();
  ASSERT_EQ(router.table().size(), 8U);
  EXPECT_EQ(router.table()[3].pattern, "/api/v1/sales/{sale}");
  EXPECT_EQ(router.table()[3].method, Method::kGet);
}

TEST(RouterDeathTest, refuses_the_same_route_twice) {
  EXPECT_DEATH(
      {
        Router router;
        router.add(Method::kGet, "/{a}", 1);
        router.add(Method::kGet, "/{b}", 2);
      },
      "assertion failed");
}

class RoutedHandler final : public Handler {
 public:
  void handle(const Request& request, Exchange& exchange) override {
    const Router::Match match = router.match(request.method(), request.path());
    if (match.outcome != Router::Outcome::kFound) return respond_unmatched(match, request, exchange);
    exchange.respond(Response{.body = "found"});
  }
  Router router = sales();
};

std::string ask(std::string_view line) {
  RoutedHandler handler;
  testing::ManualLoop loop;
  loop.set_handler(handler);
  const uint32_t connection = loop.connect();
  loop.send(connection, std::string(line) + " HTTP/1.1\r\nHost: x\r\n\r\n");
  return loop.take_output(connection);
}

TEST(Unmatched, is_a_problem_that_names_the_path) {
  const std::string output = ask("GET /nowhere?x=1");
  EXPECT_THAT(output, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(output,
              EndsWith("{\"type\":\"https://doorbuster.dev/problems/not-found\",\"title\":\"Not Found\",\"status\":404,"
                       "\"detail\":\"There is nothing at this path.\",\"instance\":\"/nowhere\"}"));
}

TEST(Unmatched, says_what_is_allowed_instead) {
  const std::string output = ask("DELETE /api/v1/sales");
  EXPECT_THAT(output, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_THAT(output, HasSubstr("Allow: GET, HEAD, POST, OPTIONS\r\n"));
}

TEST(Unmatched, answers_options_on_a_path_that_exists) {
  EXPECT_THAT(ask("OPTIONS /api/v1/sales"), StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(ask("OPTIONS /nowhere"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
}

TEST(Problem, carries_members_of_every_kind_and_escapes_them) {
  std::string json;
  write_problem(json, {.status = Status::kConflict,
                       .slug = "one-per-customer",
                       .title = "One per customer",
                       .members = {{"hold", std::string_view("a\"b\n")},
                                   {"units", int64_t{1}},
                                   {"final", true},
                                   {"links", RawJson{R"({"self":"/x"})"}}}});
  EXPECT_EQ(
      json,
      "{\"type\":\"https://doorbuster.dev/problems/one-per-customer\",\"title\":\"One per customer\",\"status\":409,"
      "\"hold\":\"a\\\"b\\n\",\"units\":1,\"final\":true,\"links\":{\"self\":\"/x\"}}");
}

TEST(Problem, written_ahead_is_the_same) {
  const Problem plain{.status = Status::kTooManyRequests, .slug = "too-many", .detail = "Slow \"down\"."};
  Problem whole = plain;
  whole.instance = "/a/\"b\"";
  const std::initializer_list<ProblemMember> members = {{"challenge", std::string_view("/c")}, {"left", int64_t{3}}};
  whole.members = members;
  std::string expected;
  write_problem(expected, whole);
  const PreparedProblem prepared(plain);
  for (int round = 0; round < 2; ++round) {
    std::string written;
    prepared.write(written, whole.instance, members);
    EXPECT_EQ(written, expected);
  }
}

}  // namespace
}  // namespace doorbuster::net
