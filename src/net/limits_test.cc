// What happens at each bound, and by when.
#include "net/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/manual_loop.h"
#include "net/testing/recording_handler.h"

namespace doorbuster::net {
namespace {

using ::testing::HasSubstr;
using testing::ManualLoop;
using testing::RecordingHandler;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class LimitsTest : public ::testing::Test {
 protected:
  LimitsTest() { loop.set_handler(handler); }

  RecordingHandler handler;
  ManualLoop loop;
  uint32_t connection = loop.connect();
};

TEST(Limits, defaults_are_valid) { EXPECT_TRUE(check(Limits{})); }

TEST(Limits, name_what_is_wrong) {
  const auto message = [](auto change) {
    Limits limits;
    change(limits);
    const Result<void> checked = check(limits);
    return checked ? std::string("valid") : checked.error().message;
  };
  EXPECT_EQ(message([](Limits& l) { l.connections = 0; }), "limit connections is 0: choose from 1 to 16777216");
  EXPECT_EQ(message([](Limits& l) { l.header_fields = 97; }), "limit header_fields is 97: choose from 1 to 96");
  EXPECT_EQ(message([](Limits& l) { l.idle_time = Duration(); }), "limit idle_time must be longer than 0 seconds");
  EXPECT_THAT(message([](Limits& l) { l.buffer_bytes = 1000; }), HasSubstr("at least four of the largest requests"));
}

// Browsers open connections before they have anything to ask.
TEST_F(LimitsTest, a_silent_new_connection_is_closed_as_an_idle_one_is) {
  loop.advance(Duration::millis(59'999));
  EXPECT_FALSE(loop.closed(connection));
  loop.advance(Duration::millis(1));
  EXPECT_TRUE(loop.closed(connection));
  EXPECT_EQ(loop.take_output(connection), "");
}

TEST_F(LimitsTest, a_head_that_trickles_in_is_ended_with408_however_busy_it_looks) {
  loop.send(connection, "GET / HTTP/1.1\r\n");
  for (int second = 0; second < 9; ++second) {
    loop.send(connection, "X: y\r\n");
    loop.advance(Duration::seconds(1));
  }
  EXPECT_EQ(loop.take_output(connection), "");
  loop.advance(Duration::seconds(1));
  EXPECT_THAT(loop.take_output(connection), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  loop.advance(Duration::seconds(2));
  EXPECT_TRUE(loop.closed(connection));
}

TEST_F(LimitsTest, a_body_below_the_minimum_rate_is_ended_with408) {
  loop.send(connection, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
  for (int second = 0; second < 8; ++second) {
    loop.send(connection, std::string(100, 'x'));
    loop.advance(Duration::seconds(1));
  }
  EXPECT_THAT(loop.take_output(connection), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(LimitsTest, a_body_at_the_minimum_rate_may_take_its_time) {
  loop.send(connection, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
  for (int second = 0; second < 100; ++second) {
    loop.send(connection, std::string(600, 'x'));
    loop.advance(Duration::seconds(1));
  }
  EXPECT_THAT(loop.take_output(connection), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(LimitsTest, an_idle_connection_is_closed_in_silence) {
  loop.send(connection, kGet);
  (void)loop.take_output(connection);
  loop.advance(Duration::seconds(59));
  EXPECT_FALSE(loop.closed(connection));
  loop.advance(Duration::seconds(1));
  EXPECT_TRUE(loop.closed(connection));
  EXPECT_EQ(loop.take_output(connection), "");
}

TEST_F(LimitsTest, a_peer_that_does_not_read_is_not_served_further_and_then_closed) {
  handler.prepared.render({.body = std::string(100'000, 'x')});
  handler.use_prepared = true;
  loop.stop_reading(connection, true);
  for (int i = 0; i < 50; ++i) loop.send(connection, kGet);
  EXPECT_THAT(handler.seen, SizeIs(3));  // then 256 KiB of answers wait
  EXPECT_LT(loop.lent_bytes(), 1'000'000U);
  loop.advance(Duration::seconds(11));
  EXPECT_TRUE(loop.closed(connection));
  EXPECT_EQ(loop.lent_bytes(), 0U);
}

TEST_F(LimitsTest, a_peer_that_reads_again_gets_everything) {
  handler.prepared.render({.body = std::string(100'000, 'x')});
  handler.use_prepared = true;
  loop.stop_reading(connection, true);
  for (int i = 0; i < 50; ++i) loop.send(connection, kGet);
  loop.stop_reading(connection, false);
  EXPECT_THAT(handler.seen, SizeIs(50));
  EXPECT_GT(loop.take_output(connection).size(), 5'000'000U);
  EXPECT_FALSE(loop.closed(connection));
}

TEST(LimitsOfBodies, one_path_may_take_more_than_the_others) {
  Limits limits = ManualLoop::small_limits();
  limits.body_bytes = 256;
  limits.larger_bodies = {{.path = "/bulk", .bytes = 1'000}};
  ManualLoop loop(limits);
  RecordingHandler handler;
  loop.set_handler(handler);
  const auto answer_to = [&](std::string_view path, size_t bytes) {
    const uint32_t connection = loop.connect();
    loop.send(connection, "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                              std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'x'));
    return loop.take_output(connection).substr(0, 12);
  };
  const auto answer_to_chunks = [&](std::string_view path, int chunks) {
    const uint32_t connection = loop.connect();
    std::string request = "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < chunks; ++i) request += "64\r\n" + std::string(100, 'x') + "\r\n";
    loop.send(connection, request + "0\r\n\r\n");
    return loop.take_output(connection).substr(0, 12);
  };
  EXPECT_EQ(answer_to("/bulk?x", 1'000), "HTTP/1.1 200");
  EXPECT_EQ(answer_to("/bulk", 1'001), "HTTP/1.1 413");
  EXPECT_EQ(answer_to("/other", 256), "HTTP/1.1 200");
  EXPECT_EQ(answer_to("/other", 257), "HTTP/1.1 413");
  EXPECT_EQ(answer_to("/bulk/more", 257), "HTTP/1.1 413");
  EXPECT_EQ(answer_to_chunks("/bulk", 10), "HTTP/1.1 200");
  EXPECT_EQ(answer_to_chunks("/bulk", 11), "HTTP/1.1 413");
  EXPECT_EQ(answer_to_chunks("/other", 3), "HTTP/1.1 413");
}

TEST(LimitsOfBodies, a_small_budget_leaves_little_room_for_larger_ones_and_none_for_a_failure) {
  Limits limits;
  limits.larger_bodies = {{.path = "/bulk", .bytes = 16 << 20}};
  EXPECT_EQ(body_bytes_of(limits, "/bulk"), 16U << 20);
  limits.buffer_bytes = 1 << 20;
  EXPECT_TRUE(check(limits).has_value());
  EXPECT_EQ(body_bytes_of(limits, "/bulk"), (1U << 18) - limits.header_bytes);
  limits.buffer_bytes = 4 * (uint64_t{limits.header_bytes} + limits.body_bytes);
  EXPECT_TRUE(check(limits).has_value());
  EXPECT_EQ(body_bytes_of(limits, "/bulk"), limits.body_bytes);
}

TEST(LimitsOfBuffers, without_room_a_request_is_answered503_and_the_others_go_on) {
  Limits limits = ManualLoop::small_limits();
  limits.header_bytes = 4'096;
  limits.body_bytes = 4'096;
  limits.buffer_bytes = 4 * 8'192;
  ManualLoop loop(limits);
  RecordingHandler handler;
  loop.set_handler(handler);
  std::string all;
  for (int i = 0; i < 12; ++i) {
    const uint32_t connection = loop.connect();
    loop.send(connection, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\npartial");
    all += loop.take_output(connection);
  }
  EXPECT_THAT(all, HasSubstr("HTTP/1.1 503 Service Unavailable"));
  EXPECT_THAT(all, HasSubstr("problems/overloaded"));
  loop.send(0, std::string(3'993, 'x'));
  EXPECT_THAT(loop.take_output(0), StartsWith("HTTP/1.1 200 OK"));
}

TEST(LimitsOfTurns, a_connection_full_of_requests_leaves_the_turn_to_others) {
  Limits limits = ManualLoop::small_limits();
  limits.pipelined_per_turn = 4;
  ChannelContext context(0, limits);
  RecordingHandler handler;
  context.handler = &handler;
  Channel channel(context, 0);
  channel.open({});
  const std::span<char> room = channel.prepare_input();
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += kGet;
  std::copy(ten.begin(), ten.end(), room.begin());
  channel.received(ten.size());
  EXPECT_THAT(handler.seen, SizeIs(4));
  EXPECT_TRUE(channel.wants_turn());
  channel.process();
  channel.process();
  EXPECT_THAT(handler.seen, SizeIs(10));
  EXPECT_FALSE(channel.wants_turn());
  channel.close();
}

}  // namespace
}  // namespace doorbuster::net
