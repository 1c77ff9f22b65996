#include "net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>

#include "net/server.h"

namespace doorbuster::net {
namespace {

using ::testing::HasSubstr;

// Answers by its path; /slow never does.
class PeerHandler final : public Handler {
 public:
  void handle(const Request& request, Exchange& exchange) override {
    const std::string_view path = request.path();
    if (path == "/slow") return (void)exchange.defer();
    if (path == "/moved") return exchange.respond({.status = Status::kFound, .headers = {{"Location", "/echo"}}});
    if (path == "/busy") {
      return exchange.respond({.status = Status::kServiceUnavailable, .headers = {{"Retry-After", "7"}}});
    }
    std::string& body = exchange.scratch();
    body.append(name_of(request.method())).append("|").append(request.header("X-Test").value_or("")).append("|");
    body.append(path == "/large" ? std::string(1'000, 'x') : std::string(request.body()));
    exchange.respond({.content_type = "text/plain", .body = body});
  }
};

class HttpClientTest : public ::testing::Test {
 protected:
  HttpClientTest() {
    ServerOptions options{.listen = "127.0.0.1:0", .reactors = 1};
    server_ = std::move(*Server::start(options, [](Loop&) { return std::make_unique<PeerHandler>(); }));
  }

  [[nodiscard]] std::string url(std::string_view path) const {
    return "http://" + server_->address() + std::string(path);
  }
  static HttpReply ask(HttpClient& client, HttpRequest request, Duration delay = {}) {
    std::promise<HttpReply> promise;
    EXPECT_TRUE(client.send(
        std::move(request), [&](HttpReply reply) { promise.set_value(std::move(reply)); }, delay));
    return promise.get_future().get();
  }

  std::unique_ptr<Server> server_;
};

TEST_F(HttpClientTest, brings_the_answer_back) {
  HttpClient client;
  const HttpReply reply =
      ask(client, {.url = url("/echo"), .headers = {{"X-Test", "yes"}}, .body = std::string("a\0b", 3)});
  EXPECT_EQ(reply.outcome, HttpOutcome::kAnswered);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, std::string("POST|yes|a\0b", 12));
  EXPECT_EQ(ask(client, {.method = "GET", .url = url("/echo")}).body, "GET||");
}

TEST_F(HttpClientTest, does_not_follow_redirects) {
  HttpClient client;
  EXPECT_EQ(ask(client, {.url = url("/moved")}).status, 302);
}

TEST_F(HttpClientTest, tells_when_to_try_again) {
  HttpClient client;
  const HttpReply reply = ask(client, {.url = url("/busy")});
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.retry_after, Duration::seconds(7));
}

TEST_F(HttpClientTest, a_silent_peer_is_unknown) {
  HttpClient client;
  const HttpReply reply = ask(client, {.url = url("/slow"), .total_time = Duration::millis(100)});
  EXPECT_EQ(reply.outcome, HttpOutcome::kUnknown);
  EXPECT_THAT(reply.error, HasSubstr("Timeout"));
}

TEST_F(HttpClientTest, a_refused_connection_sent_nothing) {
  const std::string gone = url("/echo");
  server_.reset();
  HttpClient client;
  EXPECT_EQ(ask(client, {.url = gone}).outcome, HttpOutcome::kNotSent);
  EXPECT_EQ(ask(client, {.url = "ftp://127.0.0.1/"}).outcome, HttpOutcome::kNotSent);
  EXPECT_EQ(ask(client, {.url = "not a url"}).outcome, HttpOutcome::kNotSent);
}

TEST_F(HttpClientTest, an_answer_beyond_its_bound_is_unknown) {
  HttpClient client;
  const HttpReply reply = ask(client, {.url = url("/large"), .response_bytes_max = 999});
  EXPECT_EQ(reply.outcome, HttpOutcome::kUnknown);
  EXPECT_EQ(reply.error, "the answer is larger than 999 bytes");
}

TEST_F(HttpClientTest, waits_for_the_delay) {
  HttpClient client;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(client, {.url = url("/echo")}, Duration::millis(120)).status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(120));
}

TEST_F(HttpClientTest, a_full_queue_is_an_answer) {
  HttpClient client({.queue_max = 2});
  const auto ignore = [](const HttpReply&) {};
  EXPECT_TRUE(client.send({.url = url("/slow")}, ignore));
  EXPECT_TRUE(client.send({.url = url("/echo")}, ignore, Duration::seconds(60)));
  EXPECT_FALSE(client.send({.url = url("/echo")}, ignore));
}

TEST_F(HttpClientTest, every_accepted_request_is_called_back_when_the_client_ends) {
  std::atomic<int> unknown{0};
  std::atomic<int> not_sent{0};
  {
    HttpClient client;
    const auto count = [&](const HttpReply& reply) { ++(reply.outcome == HttpOutcome::kUnknown ? unknown : not_sent); };
    EXPECT_TRUE(client.send({.url = url("/slow")}, count));
    EXPECT_TRUE(client.send({.url = url("/echo")}, count, Duration::seconds(60)));
    EXPECT_EQ(ask(client, {.url = url("/echo")}).status, 200);  // by then the slow one is in flight
  }
  EXPECT_EQ(unknown, 1);
  EXPECT_EQ(not_sent, 1);
}

TEST_F(HttpClientTest, many_threads_may_ask) {
  HttpClient client;
  std::atomic<int> answered{0};
  const auto ask_some = [&] {
    for (int i = 0; i < 50; ++i) answered += ask(client, {.url = url("/echo")}).status == 200;
  };
  std::thread one(ask_some);
  std::thread two(ask_some);
  one.join();
  two.join();
  EXPECT_EQ(answered, 100);
}

TEST_F(HttpClientTest, the_environments_proxy_is_not_used) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  HttpClient client;
  EXPECT_EQ(ask(client, {.url = url("/echo")}).status, 200);
  ::unsetenv("http_proxy");
}

}  // namespace
}  // namespace doorbuster::net
