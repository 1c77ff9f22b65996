// The sale service as its customers meet it: real sockets, threads and keys, over a log on a simulated disk and under a
// clock that the test moves.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/testing/settable_clock.h"
#include "log/memory/memory_log.h"
#include "net/server.h"
#include "net/testing/client.h"
#include "platform/views/memory_store.h"
#include "sale/engine.h"
#include "sale/testing/answer.h"
#include "sale/testing/fake_gateway.h"

namespace doorbuster::sale::testing {

using Fields = std::vector<std::string>;  // "Name: value"

// DOORBUSTER_CELLS: the tests of the API hold with any number of cells. 1 if it is not set.
[[nodiscard]] uint32_t cells_of_environment();

class SaleServer {
 public:
  struct Options {
    Capacity capacity = {.sales = 8, .holds = 256, .entries = 256, .operator_keys = 16};
    cell::CellOptions cell = {};
    uint32_t cells = cells_of_environment();
    size_t requests_a_reactor = 256;
    uint32_t reactors = 1;
    platform::Operators operators = platform::Operators::kServed;
    AdmissionOptions admissions = {.issuer = "https://sale.example"};
    bool keeps_customer_ids = false;
    platform::Gate* gate = nullptr;
    Duration answer_deadline = net::Limits{}.deferred_time;
    std::function<void(SaleServer&)> before_start = [](SaleServer&) {};  // makes handlers for loops of the test's own
  };

  explicit SaleServer(Options options);
  SaleServer() : SaleServer(Options{}) {}
  ~SaleServer();
  SaleServer(const SaleServer&) = delete;
  SaleServer& operator=(const SaleServer&) = delete;

  // The power goes and comes back: another process on the same disk, in the same data folder.
  void crash_and_restart();
  // The same, and it comes back with so many cells.
  void restart_with_cells(uint32_t cells);
  // The server is asked to stop, and takes no more requests.
  void drain(Duration patience) { http_->drain(patience); }
  // Another server opens the logs, so this one owns them no more.
  void fence();

  // One request over a connection that is kept. Asserts that it is answered.
  Answer ask(std::string_view method, std::string_view target, const Fields& fields = {}, std::string_view body = {});
  [[nodiscard]] net::testing::Client connect() const { return net::testing::Client(http_->port()); }

  // Authorization fields.
  [[nodiscard]] std::string operator_key() const;
  [[nodiscard]] std::string customer(std::string_view sub, std::string_view only_sale = {},
                                     Duration valid_for = Duration::seconds(3600)) const;
  [[nodiscard]] std::string customer(const auth::JwtClaims& claims) const;

  // The handler of a further loop; before the service starts.
  [[nodiscard]] std::unique_ptr<net::Handler> make_handler(net::Loop& loop);

  [[nodiscard]] SettableClock& clock() { return clock_; }
  [[nodiscard]] log::SimulatedDisk& disk() { return disk_; }
  [[nodiscard]] FakeGateway& gateway() { return gateway_; }
  // What lies in it outlives a crash.
  [[nodiscard]] platform::MemoryStore& archive() { return archive_; }
  [[nodiscard]] Engine& service() { return *service_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  void start();
  void stop();
  [[nodiscard]] std::string key_in(const char* file) const;

  Options options_;
  const std::filesystem::path folder_;
  SettableClock clock_;
  log::SimulatedDisk disk_;
  platform::MemoryStore archive_;
  FakeGateway gateway_;
  std::unique_ptr<auth::KeyStore> keys_;
  std::unique_ptr<platform::OperatorAccess> operators_;
  std::unique_ptr<log::MemoryLog> log_;
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<Engine> service_;
  std::unique_ptr<net::Server> http_;
  std::unique_ptr<net::testing::Client> client_;
};

}  // namespace doorbuster::sale::testing
