// Short links over real sockets, for tests: with the cell, the writer and the view that a server has.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "links/service.h"
#include "log/memory/memory_log.h"
#include "net/server.h"
#include "net/testing/client.h"
#include "platform/views/memory_store.h"

namespace doorbuster::links {

inline constexpr std::string_view kBase = "https://go.example";
inline constexpr std::string_view kPerson = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0\r\n";

// A text between two others; "none" if it is not there.
inline std::string between(const std::string& text, std::string_view before, std::string_view after) {
  const size_t from = text.find(before);
  if (from == std::string::npos) return "none";
  const size_t begin = from + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

class TestClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return Timestamp::from_micros(micros_.load()); }
  void pass(Duration duration) { micros_ += duration.micros(); }

 private:
  std::atomic<int64_t> micros_{1'795'773'600'000'000};  // 2026-11-27T10:00:00Z
};

class LinksServiceTest : public ::testing::Test {
 protected:
  LinksServiceTest() {
    std::filesystem::create_directories(folder_);
    keys_ = auth::KeyStore::open(folder_, clock_.now()).value();
    operators_ = std::make_unique<platform::OperatorAccess>(*keys_, auth::CookieTransport::kHttp,
                                                            platform::OperatorFiles::open(folder_).value());
    std::ifstream file(folder_ / "operator.key");
    file >> key_;
    start();
  }
  ~LinksServiceTest() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    log_ = std::make_unique<log::MemoryLog>(disk_);
    service_ = Service::make(settings_, {.log = *log_,
                                         .operators = *operators_,
                                         .gate = gate_,
                                         .clock = clock_,
                                         .logger = logger_,
                                         .view_store = &views_,
                                         .store = folder_ / "links",
                                         .counts = folder_ / "links-counts",
                                         .base_url = std::string(kBase)});
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

  std::string ask(const std::string& line, std::string_view fields = {}, const std::string& body = {}) {
    net::testing::Client client(server_->port());
    client.send(line + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read_response(line.starts_with("HEAD"));
  }
  std::string as_operator(const std::string& line, const std::string& body = {}, std::string_view fields = {}) {
    return ask(line, "Authorization: Bearer " + key_ + "\r\n" + std::string(fields), body);
  }
  std::string create(const std::string& members, const std::string& url = "https://shop.example/drop") {
    const std::string more = members.empty() ? "" : "," + members;
    return as_operator("POST /api/v1/urls", R"({"long_url":")" + url + "\"" + more + "}");
  }
  std::string visit(const std::string& code, std::string_view fields = kPerson) { return ask("GET /" + code, fields); }
  // What is counted, once it is what it should be.
  std::string counted(const std::string& code, const std::string& until) {
    std::string answer;
    for (int i = 0; i < 5'000 && answer.find(until) == std::string::npos; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      answer = as_operator("GET /api/v1/analytics/" + code);
    }
    return answer;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("links-service-" + std::to_string(getpid()) + "-" +
                                                ::testing::UnitTest::GetInstance()->current_test_info()->name());
  LinksSettings settings_{.cached = 64};
  TestClock clock_;
  platform::OpenGate gate_;
  const ops::Logger logger_ = ops::Logger::to_stderr({});
  log::SimulatedDisk disk_;
  platform::MemoryStore views_;
  std::unique_ptr<auth::KeyStore> keys_;
  std::unique_ptr<platform::OperatorAccess> operators_;
  std::string key_;
  std::unique_ptr<log::MemoryLog> log_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace doorbuster::links
