// Everything that an operator can set, checked and complete.
//
// A Config comes from one TOML file and from flags, which win over the file (configure.h). Each part keeps its own
// settings, with their defaults; what each means, its range and its flag stand in that part's table (settings.cc here
// and in each service), once: the reader, the flags, `--print-config` and docs/doorbuster.toml all come from there.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "guard/settings.h"
#include "links/settings.h"
#include "net/limits.h"
#include "ops/log_line.h"
#include "platform/webhooks/endpoint.h"
#include "recs/settings.h"
#include "sale/settings.h"

namespace doorbuster::app {

enum class Store : uint8_t { kRocksdb, kMemory };
inline constexpr std::array<std::string_view, 2> kStoreNames = {"rocksdb", "memory"};

inline constexpr std::array<std::string_view, 2> kLogFormatNames = {"logfmt", "json"};
inline constexpr std::array<std::string_view, 4> kLogLevelNames = {"debug", "info", "warning", "error"};

struct LogConfig {
  Store store = Store::kRocksdb;
  bool accept_losing_everything = false;
  bool allow_lost_tail = false;
};

struct WebhookConfig {
  std::string url;
  std::string secret;
  std::vector<std::string> events;  // all of them if empty
  std::string id;                   // made from the url if empty
  uint32_t in_flight = platform::kInFlightDefault;
  uint32_t batch = 1;
};

struct LogOutputConfig {
  ops::LogLevel level = ops::LogLevel::kInfo;
  ops::LogFormat format = ops::LogFormat::kLogfmt;
};

struct Config {
  std::string listen = "127.0.0.1:8080";
  std::string admin_listen;
  std::string data = "var/";
  std::string base_url;
  std::vector<std::string> services = {"sale", "links", "recs"};
  LogConfig log;
  bool keys_allow_new = false;
  uint32_t reactors = 0;  // 0: one a core
  net::Limits http;
  Duration drain_time = Duration::seconds(10);
  LogOutputConfig log_output;
  std::vector<WebhookConfig> webhooks;
  guard::GuardSettings guard;
  sale::ServiceSettings sale;
  links::LinksSettings links;
  recs::RecsSettings recs;
};

}  // namespace doorbuster::app
