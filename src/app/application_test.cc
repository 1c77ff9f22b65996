// The server as one object, on a folder of its own: what it says of itself to those who rely on it.
#include "app/application.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "app/attestation.h"
#include "log/memory/memory_log.h"
#include "log/rocksdb/rocksdb_log.h"
#include "net/listener.h"
#include "net/testing/client.h"

namespace doorbuster::app {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class ApplicationTest : public ::testing::Test {
 protected:
  ApplicationTest() {
    std::string name = std::filesystem::temp_directory_path() / "doorbuster-application-XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    config_.listen = "127.0.0.1:0";
    config_.base_url = "http://drop.example";
    config_.data = folder_;
    config_.reactors = 1;
    config_.drain_time = Duration();
  }
  ~ApplicationTest() override {
    application_.reset();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    auto started = Application::start(config_, ops::Logger::to_stderr({.level = ops::LogLevel::kError}));
    ASSERT_TRUE(started.has_value()) << started.error().message;
    application_ = std::move(*started);
  }
  std::string get(const std::string& path) {
    net::testing::Client client(net::parse_endpoint(application_->address())->port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.read_response();
  }

  std::filesystem::path folder_;
  Config config_;
  std::unique_ptr<Application> application_;
};

TEST_F(ApplicationTest, attests_what_the_log_says_of_itself) {
  config_.log = {.store = Store::kMemory, .accept_losing_everything = true};
  start();
  EXPECT_THAT(get("/readyz"), HasSubstr(log::MemoryLog().durability().guarantee));
  EXPECT_FALSE(application_->durability().survives_power_loss);
}

TEST_F(ApplicationTest, is_named_in_the_table_of_cells) {
  start();
  EXPECT_TRUE(application_->durability().survives_power_loss);
  application_->stop();
  application_.reset();
  const auto log = log::RocksdbLog::start({.directory = folder_ / "log"});
  ASSERT_TRUE(log.has_value());
  const auto cells = (*log)->cells();
  ASSERT_TRUE(cells.has_value());
  ASSERT_FALSE(cells->empty());
  for (const log::CellRow& cell : *cells) EXPECT_EQ(cell.owner, name_of_this_process());
  EXPECT_THAT(name_of_this_process(), EndsWith(":" + std::to_string(getpid())));
}

// A cell that decided something has sales.
TEST_F(ApplicationTest, does_not_start_where_nobody_could_be_sent) {
  config_.base_url.clear();
  for (const char* listen : {"0.0.0.0:8080", ":8080", "*:8080", "[::]:8080", "0:8080", "127.0.0.1:0"}) {
    config_.listen = listen;
    const auto started = Application::start(config_, ops::Logger::to_stderr({.level = ops::LogLevel::kError}));
    ASSERT_FALSE(started.has_value()) << listen;
    EXPECT_EQ(started.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(started.error().message, HasSubstr("base_url has to say how customers reach this server, because"));
    EXPECT_TRUE(std::filesystem::is_empty(folder_)) << "it has begun a data folder all the same";
  }
}

TEST_F(ApplicationTest, says_how_many_cells_it_needs) {
  const auto write = [&](uint32_t cell, std::string_view payload) {
    const auto log = log::RocksdbLog::start({.directory = folder_ / "log"});
    ASSERT_TRUE(log.has_value());
    auto lease = (*log)->open(CellId(cell), {.kind = log::MachineKind("sale")});
    ASSERT_TRUE(lease.has_value());
    if (payload.empty()) return;
    ASSERT_EQ((*log)->append(*lease, {Sequence(1), 1, {}, as_bytes(payload)}), log::Appended::kDurable);
  };
  start();
  application_.reset();
  write(6, "");
  config_.sale.cells = 4;
  start();
  application_.reset();
  write(5, "x");
  const auto refused = Application::start(config_, ops::Logger::to_stderr({.level = ops::LogLevel::kError}));
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("set cells = 6 or more"));
}

}  // namespace
}  // namespace doorbuster::app
