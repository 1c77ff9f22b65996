#include "net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/client.h"

namespace doorbuster::net {
namespace {

using testing::Client;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class EchoHandler final : public Handler {
 public:
  void handle(const Request& request, Exchange& exchange) override {
    std::string& body = exchange.scratch();
    body.append(request.path()).append("|").append(request.body());
    exchange.respond(Response{.content_type = "text/plain", .body = body});
  }
};

std::unique_ptr<Server> start_echo(ServerOptions options = {}) {
  options.listen = "127.0.0.1:0";
  auto server = Server::start(options, [](Loop&) { return std::make_unique<EchoHandler>(); });
  EXPECT_TRUE(server) << server.error().message;
  return std::move(*server);
}

TEST(Server, answers_over_real_sockets) {
  const auto server = start_echo();
  Client client(server->port());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  const std::string response = client.read_response();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(response, EndsWith("\r\n\r\n/a|hello"));
}

TEST(Server, answers_pipelined_requests_in_order) {
  const auto server = start_echo();
  Client client(server->port());
  client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  for (const char* path : {"/1|", "/2|", "/3|"}) EXPECT_THAT(client.read_response(), EndsWith(path));
}

TEST(Server, says_when_the_address_is_in_use) {
  const auto server = start_echo();
  ServerOptions options;
  options.listen = server->address();
  const auto second = Server::start(options, [](Loop&) { return std::make_unique<EchoHandler>(); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_EQ(second.error().message, server->address() + " is in use by another process: choose another with --listen");
}

TEST(Server, refuses_an_address_that_is_not_one) {
  for (const char* listen : {"8080", "localhost", "127.0.0.1:99999", "::1:8080", "127.0.0.1:http", "256.1.1.1:1"}) {
    ServerOptions options;
    options.listen = listen;
    const auto server = Server::start(options, [](Loop&) { return std::make_unique<EchoHandler>(); });
    ASSERT_FALSE(server) << listen;
    EXPECT_EQ(server.error().code, ErrorCode::kInvalid) << listen;
  }
}

TEST(Server, runs_as_many_reactors_as_tickets_can_tell_apart) {
  ServerOptions options;
  options.reactors = kReactorsMax;
  options.limits.connections = options.limits.connections_per_address = 2;
  options.limits.buffer_bytes = 1 << 20;
  const auto server = start_echo(options);
  for (int i = 0; i < 20; ++i) {  // each to some reactor
    Client client(server->port());
    client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.read_response(), EndsWith("/a|"));
  }
  options.reactors = kReactorsMax + 1;
  const auto one_more = Server::start(options, [](Loop&) { return std::make_unique<EchoHandler>(); });
  ASSERT_FALSE(one_more);
  EXPECT_EQ(one_more.error().message, "reactors is 257: choose from 1 to 256");
}

TEST(Server, counts_the_connections_of_other_servers_among_the_files_that_have_to_be_open) {
  ServerOptions options;
  options.reactors_elsewhere = UINT32_MAX;
  const auto server = Server::start(options, [](Loop&) { return std::make_unique<EchoHandler>(); });
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ErrorCode::kLimit) << server.error().message;
  const uint64_t needed = (uint64_t{UINT32_MAX} + options.reactors) * options.limits.connections + 256;
  EXPECT_THAT(server.error().message, HasSubstr("its limits promise " + std::to_string(needed) + ": raise it"));
}

TEST(Server, knows_how_many_connections_can_be_open_files) {
  EXPECT_EQ(connections_a_reactor(20'000, 2), (20'000U - 256) / 2);
  EXPECT_EQ(connections_a_reactor(100, 2), 1U) << "the start tells what is missing";
  EXPECT_EQ(connections_a_reactor(UINT64_MAX, 1), UINT32_MAX);
  EXPECT_GE(open_files_max(), 256U);
}

TEST(Server, counts_what_it_does) {
  ServerOptions options;
  options.reactors = 1;
  const auto server = start_echo(options);
  Client client(server->port());
  for (int i = 0; i < 3; ++i) {
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    (void)client.read_response();
  }
  client.send("GET /\r\n\r\n");
  EXPECT_THAT(client.read_to_end(), HasSubstr("400 Bad Request"));
  server->drain(Duration::seconds(1));
  const ReactorMetrics& metrics = server->metrics(0);
  EXPECT_EQ(metrics.requests.value(), 4U);
  EXPECT_EQ(metrics.statuses[2].value(), 3U);
  EXPECT_EQ(metrics.statuses[4].value(), 1U);
  EXPECT_EQ(metrics.requests_refused.value(), 1U);
  EXPECT_EQ(metrics.connections_accepted.value(), 1U);
  EXPECT_EQ(metrics.connections_open.value(), 0);
}

}  // namespace
}  // namespace doorbuster::net
