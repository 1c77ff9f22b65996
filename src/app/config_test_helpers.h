// What the tests of the configuration share: a Config from a text and flags, or what was wrong with them.
#pragma once

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "app/configure.h"

namespace doorbuster::app {

inline ConfigFlags typed(std::vector<std::string> words) {
  CLI::App command;
  ConfigFlags flags;
  add_config_flags(command, flags);
  std::ranges::reverse(words);  // as CLI11 wants them
  command.parse(words);
  return flags;
}

inline Config configured(std::string_view text, std::vector<std::string> words = {}) {
  const Result<Config> config = configure(typed(std::move(words)), text, "a.toml");
  EXPECT_TRUE(config.has_value()) << config.error().message;
  return config.value_or(Config());
}

inline std::string problem(std::string_view text, std::vector<std::string> words = {}) {
  const Result<Config> config = configure(typed(std::move(words)), text, "a.toml");
  return config ? "" : config.error().message;
}

// A file with every setting away from its default.
inline constexpr std::string_view kEverything = R"(
listen = "0.0.0.0:80"
admin_listen = "127.0.0.1:9000"
data = "/srv/a \"b\" \\c"
base_url = "https://drop.example"
services = ["sale"]
cells = 3
[log]
store = "memory"
accept_losing_everything = true
allow_lost_tail = true
snapshot_every_events = 2000
[keys]
allow_new = true
[threads]
reactors = 3
[http]
header_bytes = 2048
body_bytes = 4096
max_connections = 100
connections_per_address = 50
buffer_bytes = 2000000
header_deadline_seconds = 3
min_receive_bytes_per_second = 100
idle_seconds = 30
answer_deadline_seconds = 2
drain_seconds = 0
[guard]
policy = "/etc/doorbuster/policy.toml"
trusted_proxies = ["10.0.0.0/8", "2001:db8::1"]
country_database = "/var/lib/countries.mmdb"
network_database = "/var/lib/networks.mmdb"
country_header = "X-Country"
fingerprint_header = "X-JA4"
decision_log = "/var/log/decisions.jsonl"
keys = 2_000_000
challenges = 100

[limits]
sales = 5
holds = 2000
entries = 3000
sale_share_percent = 60
guest_share_percent = 40
operator_keys = 200
annotation_bytes = 1048576
ring_commands = 128
batch_commands = 64
[links]
base_url = "https://go.example"
not_found_url = "https://shop.example/lost"
codes = "address"
cached = 1000
cache_mebibytes = 16
report_abuse = "mailto:abuse@go.example"
robots = "/etc/doorbuster/robots.txt"
threat_lists = ["/etc/doorbuster/threats.txt"]
counts_kibibytes = 64
events_kept = 1000
[recs]
items = 5000
users = 6000
sessions = 7000
event_ids = 8000
history = 50
answers = 9000
weights = ["wishlist=2", "compare=1"]
event_names = ["star=cart"]
training_every_seconds = 600
training_threads = 3
[payment]
adapter = "http"
url = "https://pay.example/v1"
secret = "0123456789abcdef0123456789abcdef"
timeout_seconds = 20
[customers]
keep_ids = true
[[customers.shop_keys]]
id = "shop-1"
secret = "0123456789abcdef0123456789abcdef"
[[customers.shop_keys]]
id = "shop-2"
public_key = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
[admissions]
return_to = ["https://shop.example/checkout", "http://[::1]:8081/"]
life_seconds = 1200
[log_output]
level = "debug"
format = "json"
[[webhooks]]
url = "https://shop.example/hooks"
secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
events = ["order.paid", "sale.all_held"]
id = "shop"
in_flight = 8
batch = 100
[[webhooks]]
url = "http://127.0.0.1:9999/"
secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
)";

}  // namespace doorbuster::app
