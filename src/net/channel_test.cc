#include "net/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/manual_loop.h"
#include "net/testing/recording_handler.h"

namespace doorbuster::net {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ManualLoop;
using ::testing::Not;
using testing::RecordingHandler;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() { loop.set_handler(handler); }

  std::string answer(std::string_view bytes) {
    loop.send(connection, bytes);
    return loop.take_output(connection);
  }

  ManualLoop loop;
  RecordingHandler handler;
  uint32_t connection = loop.connect();
};

TEST_F(ChannelTest, renders_the_whole_answer) {
  EXPECT_EQ(answer("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nDate: Fri, 27 Nov 2026 10:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: "
            "2\r\n\r\nok");
  EXPECT_FALSE(loop.closed(connection));
}

TEST_F(ChannelTest, answers_head_like_get_without_the_body) {
  const std::string output = answer("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(output, HasSubstr("Content-Length: 2\r\n"));
  EXPECT_THAT(output, EndsWith("\r\n\r\n"));
}

TEST_F(ChannelTest, answers_options_for_the_whole_server_itself) {
  const std::string output = answer("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(output, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(output, HasSubstr("Allow: GET, HEAD, POST"));
  EXPECT_THAT(output, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(handler.seen, IsEmpty());
}

TEST_F(ChannelTest, closes_after_the_request_that_asks_for_it) {
  EXPECT_THAT(answer("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(loop.closed(connection));
}

TEST_F(ChannelTest, closes_after_an_http10_request_unless_it_asks_to_keep) {
  EXPECT_THAT(answer("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_FALSE(loop.closed(connection));
  EXPECT_THAT(answer("GET / HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(loop.closed(connection));
}

TEST_F(ChannelTest, decodes_a_chunked_body_into_one_view) {
  (void)answer(
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4;x=\"y\"\r\nwiki\r\n00005\r\npedia\r\n0\r\nT: "
      "v\r\n\r\n"
      "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(handler.seen, ElementsAre("POST /c wikipedia", "GET /next "));
}

TEST_F(ChannelTest, says_continue_once_and_only_when_the_content_is_still_to_come) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
  EXPECT_EQ(answer(head), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(answer("ab"), "");
  EXPECT_THAT(answer("cd"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer(head + "abcd"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ChannelTest, refuses_too_large_content_instead_of_asking_for_it) {
  const std::string output =
      answer("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(output, StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
  EXPECT_THAT(output, HasSubstr("\"type\":\"https://doorbuster.dev/problems/content-too-large\""));
}

// 300 MB of JSON of a list that nobody has paged, say: it was an assertion once, and the end of the process.
TEST_F(ChannelTest, an_answer_that_nobody_can_hold_costs_that_request_and_nothing_else) {
  struct LongAnswers final : Handler {
    void handle(const Request&, Exchange& exchange) override {
      const std::string body(bytes, 'x');
      if (prepared) return exchange.respond(PreparedResponse(Response{.body = body}));
      exchange.respond(Response{.body = body});
    }
    size_t bytes = 0;
    bool prepared = false;
  } longs;
  loop.set_handler(longs);
  const std::string request = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const bool prepared : {false, true}) {
    longs.prepared = prepared;
    longs.bytes = BufferPool::kBlockMax;
    const std::string refused = answer(request + request);
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
    EXPECT_THAT(refused, HasSubstr("problems/answer-too-long"));
    EXPECT_THAT(refused, EndsWith("}"));
    longs.bytes = BufferPool::kBlockMax - 4'096;
    EXPECT_THAT(answer(request), StartsWith("HTTP/1.1 200 OK\r\n")) << "as much as a block holds";
  }
}

TEST_F(ChannelTest, reads_on_while_an_ended_peer_may_still_be_sending) {
  EXPECT_THAT(answer("GET / HTTP/9.9\r\n\r\n"), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_FALSE(loop.closed(connection));
  EXPECT_EQ(answer(std::string(100'000, 'x')), "");
  loop.end(connection);
  EXPECT_TRUE(loop.closed(connection));
}

TEST_F(ChannelTest, answers_what_a_half_closed_peer_has_asked) {
  handler.defer_next = 1;
  loop.send(connection, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  loop.end(connection);
  EXPECT_FALSE(loop.closed(connection));
  loop.resume(handler.tickets[0])->respond(Response{.body = "late"});
  loop.turn();
  const std::string output = loop.take_output(connection);
  EXPECT_THAT(output, HasSubstr("late"));
  EXPECT_THAT(output, EndsWith("ok"));
  EXPECT_TRUE(loop.closed(connection));
}

TEST_F(ChannelTest, takes_one_empty_line_before_a_request_but_not_two) {
  EXPECT_THAT(answer("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 400"));
}

TEST_F(ChannelTest, holds_no_buffer_while_idle) {
  (void)answer("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + std::string(4999, 'x'));
  EXPECT_GT(loop.lent_bytes(), 0U);
  (void)answer("x");
  EXPECT_EQ(loop.lent_bytes(), 0U);
}

TEST_F(ChannelTest, keeps_a_value_from_beginning_a_field_of_its_own) {
  handler.extra = {{"Location", "/a\r\nSet-Cookie: b"}};
  EXPECT_THAT(answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("Location: /a  Set-Cookie: b\r\n"));
}

TEST_F(ChannelTest, sends_prepared_responses_with_fresh_date_and_framing) {
  handler.prepared.render({.content_type = "text/html", .body = "<p>", .headers = {{"ETag", "\"1\""}}});
  handler.use_prepared = true;
  EXPECT_EQ(answer("GET / HTTP/1.0\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nDate: Fri, 27 Nov 2026 10:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 3\r\n"
            "ETag: \"1\"\r\nConnection: close\r\n\r\n<p>");
}

TEST_F(ChannelTest, sends_no_body_and_no_length_with_not_modified) {
  handler.prepared.render({.status = Status::kNotModified, .body = "ignored", .headers = {{"ETag", "\"1\""}}});
  handler.use_prepared = true;
  const std::string output = answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(output, EndsWith("ETag: \"1\"\r\n\r\n"));
  EXPECT_THAT(output, Not(HasSubstr("Content-Length")));
}

TEST_F(ChannelTest, ends_connections_while_draining) {
  loop.start_drain();
  EXPECT_THAT(answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("Connection: close\r\n"));
}

}  // namespace
}  // namespace doorbuster::net
