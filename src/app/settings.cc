#include "app/settings.h"

#include <algorithm>

#include "app/services.h"
#include "net/listener.h"
#include "net/server.h"
#include "ops/settings/rules.h"

namespace doorbuster::app {
namespace {

constexpr size_t kMostWebhooks = 32;

Result<void> address(std::string_view text) {
  if (auto endpoint = net::parse_endpoint(text); !endpoint) {
    return fail(ErrorCode::kInvalid, "is not an address to listen on: " + endpoint.error().message);
  }
  return {};
}

Result<void> address_or_empty(std::string_view text) { return text.empty() ? Result<void>() : address(text); }

Result<void> known_service(std::string_view name) {
  const auto names = service_names();
  if (std::ranges::find(names, name) != names.end()) return {};
  std::string list;
  for (const std::string_view known : names) list += (list.empty() ? "" : ", ") + std::string(known);
  return fail(ErrorCode::kInvalid, "must name services of this binary: " + list);
}

Result<void> webhook_id(std::string_view text) {
  if (text.empty() || platform::is_endpoint_id(text)) return {};
  return fail(ErrorCode::kInvalid, "must be 1 to 64 letters, digits, '-' and '_'");
}

void add_process(ops::SettingsTable& table, Config& config) {
  table.text("listen", config.listen, address, "Where customers (and operators, unless admin_listen is set) connect.");
  table.text("admin_listen", config.admin_listen, address_or_empty,
             "Where operators connect, so that their calls can be kept off the internet. Empty: on listen.");
  table.text("data", config.data, ops::not_empty,
             "The folder that holds the log, the keys and all else that must last.");
  table.text("base_url", config.base_url, ops::site_address_or_empty,
             "How customers and the payment provider reach this server, for links in answers. Empty: http:// and the "
             "address in listen, if that is one.");
  table.text_list("services", config.services, known_service,
                  "What this process serves; a service that is not named costs nothing.");
  table.integer(
      "cells", config.sale.cells, {.min = 1, .max = sale::kCellsMax},
      "How many sales may be decided about at once: each belongs to one cell. May be raised on a folder that is "
      "in use, for new sales; never lowered below what has sales.");
  table.integer("threads.reactors", config.reactors, {.min = 0, .max = net::kReactorsMax},
                "Threads that serve connections; 0 is one a core, up to the most there can be.");
}

void add_log(ops::SettingsTable& table, Config& config) {
  table.choice("log.store", config.log.store, kStoreNames,
               "What keeps the event log: \"rocksdb\" writes every batch to the disk before anybody is told; "
               "\"memory\" forgets everything when the process ends.");
  table.boolean("log.accept_losing_everything", config.log.accept_losing_everything,
                "Has to be true with the store \"memory\".");
  table.boolean("log.allow_lost_tail", config.log.allow_lost_tail,
                "Start even if the log ends before the mark of what was once durable. For one start, after a disk has "
                "lied: acknowledged holds may be missing.");
  table.boolean(
      "keys.allow_new", config.keys_allow_new,
      "Start even if keys.json is missing beside a log. For one start, when there is no backup: new operators' "
      "and shops' keys are made, and all others are gone.");
  table.choice("log_output.level", config.log_output.level, kLogLevelNames,
               "The least important lines that are written to standard error.");
  table.choice("log_output.format", config.log_output.format, kLogFormatNames,
               "\"logfmt\" for people, \"json\" for machines.");
}

void add_http(ops::SettingsTable& table, Config& config) {
  net::Limits& http = config.http;
  table.integer("http.header_bytes", http.header_bytes, {.min = 1'024, .max = 1'048'576},
                "Largest request line and header together.");
  table.integer("http.body_bytes", http.body_bytes, {.min = 1'024, .max = 16'777'216}, "Largest body of a request.");
  table.integer("http.max_connections", http.connections, {.min = 16, .max = 1'000'000},
                "Open connections at once on each reactor; fewer than the default if the process may not open so many "
                "files.");
  table.integer(
      "http.connections_per_address", http.connections_per_address, {.min = 1, .max = 1'000'000},
      "Open connections of one address (IPv6: of one network of 64 bits); a carrier or a proxy may have thousands "
      "behind one.");
  table.integer("http.buffer_bytes", http.buffer_bytes, {.min = 1'048'576, .max = 68'719'476'736},
                "Memory for what all connections have sent and not yet got.");
  table.seconds("http.header_deadline_seconds", http.header_time, {.min = 1, .max = 600},
                "Time for a request's header to arrive.");
  table.integer("http.min_receive_bytes_per_second", http.receive_bytes_per_second_min,
                {.min = 1, .max = 1'000'000'000}, "Slower senders of a body are cut off.");
  table.seconds("http.idle_seconds", http.idle_time, {.min = 1, .max = 3'600},
                "How long a connection may be silent before a request.");
  table.seconds("http.answer_deadline_seconds", http.deferred_time, {.min = 1, .max = 600},
                "How long a request waits for its decision before it is told to try again.");
  table.seconds("http.drain_seconds", config.drain_time, {.min = 0, .max = 600},
                "How long open requests may take to finish when the server is told to stop.");
}

void add_webhooks(ops::SettingsTable& table, std::vector<WebhookConfig>& webhooks) {
  table.sections("webhooks", webhooks, kMostWebhooks, "Who is told of what happens",
                 [](ops::SettingsTable& item, WebhookConfig& webhook) {
                   using enum ops::SettingsTable::Presence;
                   item.text("url", webhook.url, ops::web_address, "Where events are sent.", kRequired);
                   item.text("secret", webhook.secret, ops::webhook_secret, "Signs them. Secret.", kRequired);
                   item.text_list("events", webhook.events, ops::event_type,
                                  "Which types of events; all of them if empty.");
                   item.text("id", webhook.id, webhook_id,
                             "A name under which it keeps its place when the url changes. Made from the url if empty.");
                   item.integer("in_flight", webhook.in_flight, {.min = 1, .max = platform::kInFlightMax},
                                "Requests to it at once.");
                   item.integer("batch", webhook.batch, {.min = 1, .max = platform::kBatchMax},
                                "Events a request. More than 1: every request is a batch (docs/webhooks.md).");
                 });
}

}  // namespace

ops::SettingsTable settings_of(Config& config) {
  ops::SettingsTable table;
  add_process(table, config);
  add_log(table, config);
  add_http(table, config);
  guard::add_settings(table, config.guard);
  sale::add_settings(table, config.sale);
  links::add_settings(table, config.links);
  recs::add_settings(table, config.recs);
  add_webhooks(table, config.webhooks);
  return table;
}

}  // namespace doorbuster::app
