// Everything that an operator can set, checked and complete.
//
// A Config comes from one TOML file and from flags, which win over the file (configure.h). What each setting means, its
// range and its flag stand in settings.cc, once: the reader, the flags, `--print-config` and docs/doorbuster.toml all
// come from there.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ops/log_line.h"
#include "platform/webhooks/endpoint.h"

namespace doorbuster::app {

enum class Store { kRocksdb, kMemory };
inline constexpr std::array<std::string_view, 2> kStoreNames = {"rocksdb", "memory"};

enum class PaymentAdapter { kSandbox, kHttp };
inline constexpr std::array<std::string_view, 2> kPaymentAdapterNames = {"sandbox", "http"};

inline constexpr std::array<std::string_view, 2> kLogFormatNames = {"logfmt", "json"};
inline constexpr std::array<std::string_view, 4> kLogLevelNames = {"debug", "info", "warning", "error"};

struct LogConfig {
  Store store = Store::kRocksdb;
  bool accept_losing_everything = false;
  bool allow_lost_tail = false;
  uint64_t snapshot_every_events = 1'000'000;
  bool operator==(const LogConfig&) const = default;
};

struct ThreadsConfig {
  uint32_t reactors = 0;  // 0: one a core
  bool operator==(const ThreadsConfig&) const = default;
};

struct HttpConfig {
  uint32_t header_bytes = 16 * 1024;
  uint32_t body_bytes = 64 * 1024;
  uint32_t header_deadline_seconds = 10;
  uint32_t idle_seconds = 60;
  uint32_t answer_deadline_seconds = 5;
  uint32_t drain_seconds = 10;
  uint32_t min_receive_bytes_per_second = 500;
  uint32_t max_connections = 8192;
  uint32_t connections_per_address = 4096;
  uint64_t buffer_bytes = 256ULL * 1024 * 1024;
  bool operator==(const HttpConfig&) const = default;
};

struct LimitsConfig {
  uint32_t sales = 1'000;
  uint32_t holds = 4'000'000;
  uint32_t entries = 4'000'000;
  uint32_t operator_keys = 10'000;
  uint32_t ring_commands = 4'096;
  uint32_t batch_commands = 1'024;
  bool operator==(const LimitsConfig&) const = default;
};

struct PaymentConfig {
  PaymentAdapter adapter = PaymentAdapter::kSandbox;
  std::string url = "http://127.0.0.1:8090";
  std::string secret;
  uint32_t timeout_seconds = 10;
  bool operator==(const PaymentConfig&) const = default;
};

struct ShopKeyConfig {
  std::string id;
  std::string secret;      // HS256
  std::string public_key;  // EdDSA
  bool operator==(const ShopKeyConfig&) const = default;
};

struct CustomersConfig {
  std::vector<ShopKeyConfig> shop_keys;
  bool operator==(const CustomersConfig&) const = default;
};

struct AdmissionsConfig {
  std::vector<std::string> return_to;
  uint32_t life_seconds = 600;
  bool operator==(const AdmissionsConfig&) const = default;
};

struct WebhookConfig {
  std::string url;
  std::string secret;
  std::vector<std::string> events;  // all of them if empty
  std::string id;                   // made from the url if empty
  uint32_t in_flight = platform::kInFlightDefault;
  uint32_t batch = 1;
  bool operator==(const WebhookConfig&) const = default;
};

struct LogOutputConfig {
  ops::LogLevel level = ops::LogLevel::kInfo;
  ops::LogFormat format = ops::LogFormat::kLogfmt;
  bool operator==(const LogOutputConfig&) const = default;
};

struct Config {
  std::string listen = "127.0.0.1:8080";
  std::string admin_listen;
  std::string data = "var/";
  std::string base_url;
  LogConfig log;
  ThreadsConfig threads;
  HttpConfig http;
  LimitsConfig limits;
  PaymentConfig payment;
  CustomersConfig customers;
  AdmissionsConfig admissions;
  LogOutputConfig log_output;
  std::vector<WebhookConfig> webhooks;
  bool operator==(const Config&) const = default;
};

}  // namespace doorbuster::app
