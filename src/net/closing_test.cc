// A connection that ends while its peer still speaks, on real sockets: what has come in time is answered, and nobody is
// reset before the answer is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "net/server.h"
#include "net/testing/client.h"

namespace doorbuster::net {
namespace {

using testing::Client;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kSlow = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr auto kSlowTime = std::chrono::milliseconds(500);
constexpr auto kMoment = std::chrono::milliseconds(50);

// "/slow" takes the loop's thread away, as a machine without a free core does; "/never" is not answered.
class SlowHandler final : public Handler {
 public:
  void handle(const Request& request, Exchange& exchange) override {
    if (request.path() == "/never") return (void)exchange.defer();
    if (request.path() == "/slow") std::this_thread::sleep_for(kSlowTime);
    exchange.respond(Response{.body = "done"});
  }
};

class ClosingTest : public ::testing::Test {
 protected:
  void start(Limits limits = {}) {
    limits.connections = std::min<uint32_t>(limits.connections, 512);
    auto started = Server::start({.listen = "127.0.0.1:0", .reactors = 1, .limits = limits},
                                 [](Loop&) { return std::make_unique<SlowHandler>(); });
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  [[nodiscard]] Client connect() const { return Client(server_->port()); }
  // Kept open, and idle.
  [[nodiscard]] Client kept() const {
    Client client = connect();
    client.send(kGet);
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200"));
    return client;
  }
  // Kept open, because it waits for an answer.
  [[nodiscard]] Client waiting() const {
    Client client = connect();
    client.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
    std::this_thread::sleep_for(kMoment);
    return client;
  }
  [[nodiscard]] Client who_stops_the_loop() const {
    Client client = connect();
    client.send(kSlow);
    std::this_thread::sleep_for(kMoment);
    return client;
  }

  std::unique_ptr<Server> server_;
};

// More of them than one epoll_wait tells of, and all are due.
TEST_F(ClosingTest, a_request_that_came_in_time_is_answered_though_the_loop_had_no_time_to_read_it) {
  Limits limits;
  limits.idle_time = Duration::millis(300);
  start(limits);
  std::vector<Client> clients;
  for (int i = 0; i < 320; ++i) clients.push_back(kept());
  for (Client& client : clients) client.send(kGet);
  for (Client& client : clients) ASSERT_THAT(client.read_response(), StartsWith("HTTP/1.1 200"));
  Client slow = who_stops_the_loop();
  for (Client& client : clients) client.send(kGet);
  int answered = 0;
  for (Client& client : clients) answered += client.read_response().starts_with("HTTP/1.1 200") ? 1 : 0;
  EXPECT_EQ(answered, 320);
}

TEST_F(ClosingTest, whoever_has_asked_before_a_drain_is_answered) {
  start();
  Client asks_again = kept();
  Client silent = kept();
  Client slow = who_stops_the_loop();
  Client is_new = connect();
  is_new.send(kGet);
  asks_again.send(kGet);
  std::thread drain([&] { server_->drain(Duration::seconds(5)); });
  EXPECT_THAT(slow.read_to_end(), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(asks_again.read_to_end(), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(is_new.read_to_end(), HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(silent.read_to_end(), "");
  for (Client* client : {&slow, &asks_again, &is_new}) client->half_close();
  drain.join();
}

TEST_F(ClosingTest, whoever_is_turned_away_may_still_send_its_request) {
  Limits limits;
  limits.connections = 1;
  start(limits);
  Client first = waiting();
  Client second = connect();
  for (int i = 0; i < 500 && server_->metrics(0).connections_refused.value() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  second.send(kGet);
  EXPECT_THAT(second.read_to_end(), StartsWith("HTTP/1.1 503"));
  EXPECT_FALSE(second.was_reset());
}

TEST_F(ClosingTest, whoever_is_turned_away_is_let_go_after_a_while) {
  Limits limits;
  limits.connections = 1;
  limits.linger_time = Duration::millis(100);
  start(limits);
  Client first = waiting();
  Client second = connect();
  EXPECT_THAT(second.read_to_end(), StartsWith("HTTP/1.1 503"));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  second.send(kGet);
  EXPECT_TRUE(second.was_reset());
}

TEST_F(ClosingTest, a_peer_that_says_more_after_its_last_request_gets_the_answer_and_no_reset) {
  start();
  Client client = connect();
  client.send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::this_thread::sleep_for(kMoment);
  client.send("\r\n");
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 200"));
  EXPECT_FALSE(client.was_reset());
}

}  // namespace
}  // namespace doorbuster::net
