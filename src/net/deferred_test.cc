// Answers that come later: tickets, their deadlines, streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/manual_loop.h"
#include "net/testing/recording_handler.h"

namespace doorbuster::net {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::ManualLoop;
using testing::RecordingHandler;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class DeferredTest : public ::testing::Test {
 protected:
  DeferredTest() { loop.set_handler(handler); }

  void answer(Ticket ticket, std::string_view body) {
    Exchange* exchange = loop.resume(ticket);
    ASSERT_NE(exchange, nullptr);
    exchange->respond(Response{.body = body});
  }

  ManualLoop loop;
  RecordingHandler handler;
  uint32_t connection = loop.connect();
};

TEST_F(DeferredTest, answers_leave_in_the_order_of_the_requests) {
  handler.defer_next = 1;
  loop.send(connection, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(handler.seen, ElementsAre("GET /1 "));
  answer(handler.tickets[0], "first");
  EXPECT_EQ(loop.take_output(connection), "");  // written at the turn's end
  loop.turn();
  EXPECT_THAT(handler.seen, ElementsAre("GET /1 ", "GET /2 "));
  const std::string output = loop.take_output(connection);
  EXPECT_LT(output.find("first"), output.rfind("ok"));
}

TEST_F(DeferredTest, the_context_comes_back) {
  handler.defer_next = 1;
  loop.send(connection, kGet);
  EXPECT_EQ(loop.resume(handler.tickets[0])->context<size_t>(), 1U);
}

TEST_F(DeferredTest, a_ticket_resumes_only_once) {
  handler.defer_next = 2;
  loop.send(connection, kGet);
  answer(handler.tickets[0], "a");
  EXPECT_EQ(loop.resume(handler.tickets[0]), nullptr);
  loop.turn();
  loop.send(connection, kGet);
  EXPECT_EQ(loop.resume(handler.tickets[0]), nullptr);
  EXPECT_NE(loop.resume(handler.tickets[1]), nullptr);
}

TEST_F(DeferredTest, a_ticket_resumes_nothing_once_the_peer_is_gone) {
  handler.defer_next = 1;
  loop.send(connection, kGet);
  loop.reset(connection);
  EXPECT_EQ(loop.resume(handler.tickets[0]), nullptr);
}

TEST_F(DeferredTest, a_ticket_of_another_loop_resumes_nothing) {
  handler.defer_next = 1;
  loop.send(connection, kGet);
  const Ticket foreign = Ticket::make(7, handler.tickets[0].slot(), handler.tickets[0].generation());
  EXPECT_EQ(foreign.reactor(), 7);
  EXPECT_EQ(loop.resume(foreign), nullptr);
}

TEST_F(DeferredTest, a_late_answer_becomes503_with_retry_after_and_the_connection_goes_on) {
  handler.defer_next = 1;
  loop.send(connection, kGet);
  loop.advance(Duration::millis(4'999));
  EXPECT_EQ(loop.take_output(connection), "");
  loop.advance(Duration::millis(1));
  const std::string output = loop.take_output(connection);
  EXPECT_THAT(output, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(output, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(output, HasSubstr("problems/answer-late"));
  EXPECT_EQ(loop.resume(handler.tickets[0]), nullptr);
  EXPECT_EQ(loop.metrics().deferred_expired.value(), 1U);
  loop.send(connection, kGet);
  EXPECT_THAT(loop.take_output(connection), EndsWith("ok"));
}

TEST_F(DeferredTest, head_stays_head_across_a_deferral) {
  handler.defer_next = 1;
  loop.send(connection, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  answer(handler.tickets[0], "body");
  loop.turn();
  const std::string output = loop.take_output(connection);
  EXPECT_THAT(output, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(output, EndsWith("\r\n\r\n"));
}

TEST_F(DeferredTest, the_latency_is_counted_from_arrival_to_answer) {
  handler.defer_next = 1;
  loop.send(connection, kGet);
  loop.advance(Duration::millis(1));
  answer(handler.tickets[0], "x");
  EXPECT_EQ(loop.metrics().latency_deferred.count_in(ops::Histogram::bucket_of(1'000)), 1U);
  EXPECT_EQ(loop.metrics().latency_deferred.sum(), 1'000U);
}

TEST_F(DeferredTest, hooks_run_once_a_turn_and_inboxes_once_for_many_notifications) {
  int drained = 0;
  int hooked = 0;
  Inbox& inbox = loop.add_inbox([&] { ++drained; });
  loop.at_turn_end([&] { ++hooked; });
  for (int i = 0; i < 10; ++i) inbox.notify();
  loop.turn();
  loop.turn();
  EXPECT_EQ(drained, 1);
  EXPECT_EQ(hooked, 2);
}

class StreamHandler final : public Handler {
 public:
  void handle(const Request&, Exchange& exchange) override {
    ticket = exchange.begin_stream({.content_type = "text/event-stream"});
  }
  Ticket ticket;
};

class StreamTest : public ::testing::Test {
 protected:
  StreamTest() { loop.set_handler(handler); }
  StreamHandler handler;
  ManualLoop loop;
  uint32_t connection = loop.connect();
};

TEST_F(StreamTest, pieces_leave_as_chunks_until_the_end) {
  loop.send(connection, kGet);
  EXPECT_THAT(loop.take_output(connection),
              EndsWith("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"));
  loop.resume(handler.ticket)->stream("data: 1\n\n");
  loop.resume(handler.ticket)->stream("data: 2\n\n");
  loop.turn();
  EXPECT_EQ(loop.take_output(connection), "9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n");
  loop.resume(handler.ticket)->end_stream();
  loop.turn();
  EXPECT_EQ(loop.take_output(connection), "0\r\n\r\n");
  EXPECT_EQ(loop.resume(handler.ticket), nullptr);
  EXPECT_FALSE(loop.closed(connection));
}

TEST_F(StreamTest, an_http10_peer_gets_the_pieces_bare_and_then_the_end) {
  loop.send(connection, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(loop.take_output(connection), EndsWith("Connection: close\r\n\r\n"));
  loop.resume(handler.ticket)->stream("abc");
  loop.turn();
  EXPECT_EQ(loop.take_output(connection), "abc");
  loop.resume(handler.ticket)->end_stream();
  loop.turn();
  loop.end(connection);
  EXPECT_TRUE(loop.closed(connection));
}

TEST_F(StreamTest, never_times_out_while_the_peer_reads) {
  loop.send(connection, kGet);
  loop.advance(Duration::seconds(3'600));
  EXPECT_FALSE(loop.closed(connection));
  EXPECT_NE(loop.resume(handler.ticket), nullptr);
}

TEST_F(StreamTest, a_peer_that_does_not_read_is_disconnected_at_the_limit) {
  loop.send(connection, kGet);
  loop.stop_reading(connection, true);
  for (int i = 0; i < 1'000 && !loop.closed(connection); ++i) {
    if (Exchange* exchange = loop.resume(handler.ticket)) exchange->stream(std::string(1'000, 'x'));
    loop.turn();
  }
  EXPECT_TRUE(loop.closed(connection));
  EXPECT_EQ(loop.lent_bytes(), 0U);
}

TEST_F(StreamTest, head_of_a_stream_has_no_pieces) {
  loop.send(connection, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(loop.resume(handler.ticket), nullptr);
  loop.send(connection, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_FALSE(loop.closed(connection));
}

}  // namespace
}  // namespace doorbuster::net
