#include "net/request.h"

#include <gtest/gtest.h>

#include "net/testing/manual_loop.h"

namespace doorbuster::net {
namespace {

constexpr std::string_view kTrace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class TraceHandler final : public Handler {
 public:
  void handle(const Request& request, Exchange& exchange) override {
    trace = request.trace();
    exchange.respond(Response{});
  }
  std::optional<TraceContext> trace;
};

std::optional<TraceContext> trace_of(const std::string& fields) {
  TraceHandler handler;
  testing::ManualLoop loop;
  loop.set_handler(handler);
  loop.send(loop.connect(), "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
  return handler.trace;
}

TEST(RequestTrace, is_the_callers) {
  EXPECT_EQ(trace_of("TraceParent: " + std::string(kTrace) + "\r\n"), parse_traceparent(kTrace));
}

TEST(RequestTrace, is_none_where_there_is_none_or_no_good_one) {
  EXPECT_EQ(trace_of(""), std::nullopt);
  EXPECT_EQ(trace_of("traceparent: 00-4bf92f\r\n"), std::nullopt);
}

TEST(RequestTrace, is_none_where_there_are_two) {
  const std::string field = "traceparent: " + std::string(kTrace) + "\r\n";
  EXPECT_EQ(trace_of(field + "Accept: */*\r\n" + field), std::nullopt);
}

}  // namespace
}  // namespace doorbuster::net
