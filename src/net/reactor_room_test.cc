// Whom a reactor closes so that others have room, with real sockets from several addresses of the loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <thread>

#include "net/server.h"
#include "net/testing/client.h"

namespace doorbuster::net {
namespace {

using testing::Client;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kHog = "127.0.0.1";
constexpr const char* kOther = "127.0.0.2";
constexpr size_t kBodyBytes = 64 * 1024;

std::string get(std::string_view path) { return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

// "/page" at once and long, "/wait" never, "/stream" for ever.
class Pages final : public Handler {
 public:
  void handle(const Request& request, Exchange& exchange) override {
    if (request.path() == "/wait") {
      (void)exchange.defer();
    } else if (request.path() == "/stream") {
      (void)exchange.begin_stream(Response{.content_type = "text/event-stream"});
    } else {
      exchange.respond(Response{.body = body_});
    }
  }

 private:
  const std::string body_ = std::string(kBodyBytes, 'x');
};

class RoomTest : public ::testing::Test {
 protected:
  void start(Limits limits) {
    auto started = Server::start({.listen = "127.0.0.1:0", .reactors = 1, .limits = limits},
                                 [](Loop&) { return std::make_unique<Pages>(); });
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  Client& come(const char* from) {
    Client& client = clients_.emplace_back(server_->port(), from);
    return client;
  }
  static bool is_served(Client& client) {
    client.send(get("/page"));
    return client.read_response().starts_with("HTTP/1.1 200");
  }
  // Once it is served, those who came before it have been let in.
  void wait_until_all_are_in(Client& last) { ASSERT_TRUE(is_served(last)); }
  uint64_t evicted() { return server_->metrics(0).connections_evicted.value(); }

  std::unique_ptr<Server> server_;
  std::deque<Client> clients_;
};

TEST_F(RoomTest, whoever_has_more_than_their_share_gives_up_what_is_idle_the_oldest_first) {
  start({.connections = 8, .connections_per_address = 8});
  for (int i = 0; i < 8; ++i) come(kHog);
  wait_until_all_are_in(clients_.back());
  EXPECT_TRUE(is_served(come(kOther)));
  EXPECT_EQ(evicted(), 1U);
  EXPECT_TRUE(clients_[0].closed_by_peer());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(is_served(come(kOther)));
  EXPECT_EQ(evicted(), 4U) << "half is the share of each of two";
  for (size_t i = 4; i < 8; ++i) EXPECT_TRUE(is_served(clients_[i])) << i;
  EXPECT_TRUE(is_served(come(kOther)));
  EXPECT_TRUE(clients_[8].closed_by_peer()) << "with no more than their share, they gave up their own";
  EXPECT_EQ(server_->metrics(0).connections_refused.value(), 0U);
}

TEST_F(RoomTest, what_streams_goes_only_after_what_is_idle_or_half_sent) {
  start({.connections = 3, .connections_per_address = 3});
  Client& streams = come(kHog);
  streams.send(get("/stream"));
  EXPECT_THAT(streams.read(12), StartsWith("HTTP/1.1 200"));
  Client& half = come(kHog);
  half.send("GET /page HT");
  Client& idle = come(kHog);
  wait_until_all_are_in(idle);
  EXPECT_TRUE(is_served(come(kOther)));
  EXPECT_TRUE(idle.closed_by_peer());
  EXPECT_TRUE(is_served(come(kOther)));
  EXPECT_TRUE(half.closed_by_peer());
  EXPECT_EQ(evicted(), 2U);
}

TEST_F(RoomTest, whoever_has_nothing_but_streams_loses_the_oldest) {
  start({.connections = 2, .connections_per_address = 2});
  for (int i = 0; i < 2; ++i) {
    Client& streams = come(kHog);
    streams.send(get("/stream"));
    EXPECT_THAT(streams.read(12), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_TRUE(is_served(come(kOther)));
  clients_[0].read_to_end();
  EXPECT_TRUE(clients_[0].closed_by_peer());
  EXPECT_EQ(evicted(), 1U);
}

TEST_F(RoomTest, whoever_waits_for_an_answer_stays) {
  start({.connections = 2, .connections_per_address = 2});
  for (int i = 0; i < 2; ++i) come(kHog).send(get("/wait"));
  while (server_->metrics(0).connections_open.value() < 2) {
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_THAT(come(kOther).read_to_end(), HasSubstr("too-many-connections"));
  EXPECT_EQ(evicted(), 0U);
}

TEST_F(RoomTest, an_address_at_its_limit_gives_up_its_own) {
  start({.connections = 8, .connections_per_address = 2});
  wait_until_all_are_in(come(kOther));
  for (int i = 0; i < 2; ++i) come(kHog);
  EXPECT_TRUE(is_served(come(kHog)));
  EXPECT_TRUE(clients_[1].closed_by_peer());
  EXPECT_TRUE(is_served(clients_[0]));
  EXPECT_TRUE(is_served(clients_[2]));
}

TEST_F(RoomTest, among_many_equals_the_oldest_idle_one_goes) {
  start({.connections = 4, .connections_per_address = 2});
  for (const char* from : {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}) wait_until_all_are_in(come(from));
  EXPECT_TRUE(is_served(come("127.0.0.5")));
  EXPECT_TRUE(clients_[0].closed_by_peer());
}

TEST_F(RoomTest, whoever_does_not_read_loses_the_buffers_to_those_who_do) {
  start({.connections = 512, .connections_per_address = 512, .buffer_bytes = 8ULL << 20});
  std::string many;
  for (int i = 0; i < 300; ++i) many += get("/page");
  for (int i = 0; i < 60; ++i) come(kHog).send(many);
  while (server_->metrics(0).requests.value() < 60 * 64) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) {
    Client reader(server_->port(), kOther);
    reader.send(get("/page") + get("/page"));
    EXPECT_THAT(reader.read_response(), StartsWith("HTTP/1.1 200")) << i;
    EXPECT_THAT(reader.read_response(), StartsWith("HTTP/1.1 200")) << i;
  }
  EXPECT_GT(evicted(), 0U);
}

TEST(PeerAddressTest, counts_shares_by_address_or_by_the_network_that_one_customer_has) {
  const auto of = [](std::initializer_list<uint8_t> first, uint8_t last) {
    PeerAddress address;
    std::copy(first.begin(), first.end(), address.bytes.begin());
    address.bytes.back() = last;
    return address;
  };
  EXPECT_EQ(of({0x20, 1, 0xd, 0xb8, 0, 1, 0, 1}, 1).network(), of({0x20, 1, 0xd, 0xb8, 0, 1, 0, 1}, 2).network());
  EXPECT_NE(of({0x20, 1, 0xd, 0xb8, 0, 1, 0, 1}, 1).network(), of({0x20, 1, 0xd, 0xb8, 0, 1, 0, 2}, 1).network());
  const std::initializer_list<uint8_t> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2};
  EXPECT_NE(of(mapped, 1).network(), of(mapped, 2).network());
}

}  // namespace
}  // namespace doorbuster::net
