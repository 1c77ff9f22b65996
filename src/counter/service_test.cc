// The second service of the house, over real sockets: what it is made of works without the sale.
#include "counter/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "log/memory/memory_log.h"
#include "net/server.h"
#include "net/testing/client.h"
#include "platform/api/problems.h"
#include "platform/views/memory_store.h"

namespace doorbuster::counter {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ShutGate final : public platform::Gate {
 public:
  std::optional<Assessment> pass(const platform::Call& call, const platform::GateQuestion&) override {
    if (!is_shut) return Assessment();
    platform::respond_problem(call.exchange, call.request.path(), net::Status::kForbidden, "no-entry", "No entry",
                              "No.");
    return std::nullopt;
  }
  std::atomic<bool> is_shut{false};
};

class CounterServiceTest : public ::testing::Test {
 protected:
  CounterServiceTest() { start(); }
  ~CounterServiceTest() override { stop(); }

  void start() {
    log_ = std::make_unique<log::MemoryLog>(disk_);
    service_ = std::make_unique<CounterService>(
        CounterSettings{.limit = 10}, CounterPorts{.log = *log_, .clock = clock_, .gate = gate_, .views = &views_});
    auto server = net::Server::start({.listen = "127.0.0.1:0", .reactors = 2}, [this](net::Loop& loop) {
      platform::Routes routes;
      service_->add_routes(routes, loop, platform::Operators::kServed);
      return std::make_unique<platform::RoutedHandler>(std::move(routes), clock_);
    });
    ASSERT_TRUE(server.has_value());
    server_ = std::move(*server);
    ASSERT_TRUE(service_->start().has_value());
  }
  void stop() {
    server_->drain(Duration::millis(100));
    service_->stop();
    server_.reset();
    service_.reset();
    log_.reset();
  }

  std::string ask(const std::string& line, const std::string& body = {}) {
    net::testing::Client client(server_->port());
    client.send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read_response();
  }
  std::string add(const std::string& counter, int amount) {
    return ask("POST /api/v1/counters/" + counter, R"({"add":)" + std::to_string(amount) + "}");
  }
  // What the view says once it has heard the total.
  std::string shown(const std::string& counter, const std::string& until) {
    std::string answer;
    for (int i = 0; i < 5'000 && answer.find(until) == std::string::npos; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      answer = ask("GET /api/v1/counters/" + counter);
    }
    return answer;
  }

  SystemClock clock_;
  ShutGate gate_;
  log::SimulatedDisk disk_;
  platform::MemoryStore views_;
  std::unique_ptr<log::MemoryLog> log_;
  std::unique_ptr<CounterService> service_;
  std::unique_ptr<net::Server> server_;
};

TEST_F(CounterServiceTest, adds_up_to_its_setting_and_says_no_beyond) {
  EXPECT_THAT(add("visits", 7), HasSubstr(R"({"total":7})"));
  EXPECT_THAT(add("visits", 4), StartsWith("HTTP/1.1 409"));
  EXPECT_THAT(add("visits", 3), HasSubstr(R"({"total":10})"));
  EXPECT_THAT(add("visits", 0), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(add("no%20name", 1), StartsWith("HTTP/1.1 400"));
}

TEST_F(CounterServiceTest, shows_what_its_view_has_heard_as_json_and_as_a_page) {
  add("visits", 2);
  add("visits", 1);
  EXPECT_THAT(shown("visits", R"("total":3)"), HasSubstr(R"("additions":2)"));
  EXPECT_THAT(ask("GET /counters"), HasSubstr("<td>visits<td>3"));
  EXPECT_THAT(ask("GET /api/v1/counters/never"), StartsWith("HTTP/1.1 404"));
}

TEST_F(CounterServiceTest, knows_after_a_restart_what_it_has_said) {
  add("visits", 5);
  shown("visits", R"("total":5)");
  stop();
  start();
  EXPECT_THAT(add("visits", 1), HasSubstr(R"({"total":6})"));
  EXPECT_THAT(shown("visits", R"("total":6)"), HasSubstr(R"("additions":2)"));
}

TEST_F(CounterServiceTest, tells_its_metrics) {
  ops::Metrics metrics;
  service_->add_metrics(metrics);
  add("visits", 10);
  add("visits", 1);
  EXPECT_THAT(metrics.exposition(), HasSubstr("\ndoorbuster_counter_refusals_total 1\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("\ndoorbuster_counters 1\n"));
}

TEST_F(CounterServiceTest, tells_the_outside_each_addition_again_and_again) {
  add("visits", 1);
  add("others", 2);
  add("visits", 3);
  shown("visits", R"("total":4)");
  platform::DeliverySource& source = *service_->deliveries().front();
  for (int round = 0; round < 2; ++round) {
    std::vector<std::string> told;
    const uint64_t until = source.read(0, [&](const std::shared_ptr<const platform::Delivery>& delivery) {
      told.push_back(delivery->key + " " + delivery->json);
      return true;
    });
    EXPECT_EQ(until, 3U);
    EXPECT_THAT(told, ::testing::ElementsAre(R"(visits {"counter":"visits","added":1,"total":1})",
                                             R"(others {"counter":"others","added":2,"total":2})",
                                             R"(visits {"counter":"visits","added":3,"total":4})"));
  }
  uint64_t seen = 0;
  EXPECT_EQ(source.read(1,
                        [&](const std::shared_ptr<const platform::Delivery>& one) {
                          seen = one->sequence;
                          return false;
                        }),
            2U);
  EXPECT_EQ(seen, 2U);
}

TEST_F(CounterServiceTest, says_that_there_is_more_to_tell) {
  platform::DeliverySource& source = *service_->deliveries().front();
  std::atomic<uint64_t> newest = 0;
  source.on_more([&] {
    newest = source.newest();
    newest.notify_one();
  });
  add("visits", 1);
  newest.wait(0);
  EXPECT_EQ(newest, 1U);
  source.on_more({});
}

TEST_F(CounterServiceTest, decides_nothing_that_the_gate_does_not_let_pass) {
  add("visits", 1);
  gate_.is_shut = true;
  EXPECT_THAT(add("visits", 1), StartsWith("HTTP/1.1 403"));
  gate_.is_shut = false;
  EXPECT_THAT(add("visits", 1), HasSubstr(R"({"total":2})"));
}

}  // namespace
}  // namespace doorbuster::counter
