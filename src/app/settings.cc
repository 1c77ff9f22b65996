#include "app/settings.h"

#include "app/setting_rules.h"
#include "net/ticket.h"

namespace doorbuster::app {
namespace {

// Where a value lies in a Config; works for reading and for writing.
#define PLACE(member) \
  [](auto& config) -> auto& { return config.member; }

using List = std::vector<Setting<Config>>;

void add_top(List& all) {
  all.push_back(text<Config>("listen", address, "Where customers (and operators, unless admin_listen is set) connect.",
                             PLACE(listen)));
  all.push_back(
      text<Config>("admin_listen", address_or_empty,
                   "Where operators connect, so that their calls can be kept off the internet. Empty: on listen.",
                   PLACE(admin_listen)));
  all.push_back(text<Config>("data", not_empty, "The folder that holds the log, the keys and all else that must last.",
                             PLACE(data)));
  all.push_back(
      text<Config>("base_url", web_address_or_empty,
                   "How customers reach this server, for links in answers. Empty: what each request says it called.",
                   PLACE(base_url)));
}

void add_log(List& all) {
  all.push_back(
      choice<Config>("log.store", kStoreNames,
                     "What keeps the event log: \"rocksdb\" writes every batch to the disk before anybody is told; "
                     "\"memory\" forgets everything when the process ends.",
                     PLACE(log.store)));
  all.push_back(yes_or_no<Config>("log.accept_losing_everything", "Has to be true with the store \"memory\".",
                                  PLACE(log.accept_losing_everything)));
  all.push_back(
      yes_or_no<Config>("log.allow_lost_tail",
                        "Start even if the log ends before the mark of what was once durable. For one start, after "
                        "a disk has lied: acknowledged holds may be missing.",
                        PLACE(log.allow_lost_tail)));
  all.push_back(integer<Config>("log.snapshot_every_events", {.min = 1'000, .max = 1'000'000'000},
                                "How many events lie between two snapshots; fewer make the next start quicker.",
                                PLACE(log.snapshot_every_events)));
  all.push_back(integer<Config>("threads.reactors", {.min = 0, .max = net::kReactorsMax},
                                "Threads that serve connections; 0 is one a core, up to the most there can be.",
                                PLACE(threads.reactors)));
}

void add_http_sizes(List& all) {
  all.push_back(integer<Config>("http.header_bytes", {.min = 1'024, .max = 1'048'576},
                                "Largest request line and header together.", PLACE(http.header_bytes)));
  all.push_back(integer<Config>("http.body_bytes", {.min = 1'024, .max = 16'777'216}, "Largest body of a request.",
                                PLACE(http.body_bytes)));
  all.push_back(integer<Config>("http.max_connections", {.min = 16, .max = 1'000'000},
                                "Open connections at once on each reactor; fewer than the default if the process may "
                                "not open so many files.",
                                PLACE(http.max_connections)));
  all.push_back(integer<Config>("http.connections_per_address", {.min = 1, .max = 1'000'000},
                                "Open connections of one address; a carrier or a proxy may have thousands behind one.",
                                PLACE(http.connections_per_address)));
  all.push_back(integer<Config>("http.buffer_bytes", {.min = 1'048'576, .max = 68'719'476'736},
                                "Memory for what all connections have sent and not yet got.",
                                PLACE(http.buffer_bytes)));
}

void add_http_times(List& all) {
  all.push_back(integer<Config>("http.header_deadline_seconds", {.min = 1, .max = 600},
                                "Time for a request's header to arrive.", PLACE(http.header_deadline_seconds)));
  all.push_back(integer<Config>("http.min_receive_bytes_per_second", {.min = 1, .max = 1'000'000'000},
                                "Slower senders of a body are cut off.", PLACE(http.min_receive_bytes_per_second)));
  all.push_back(integer<Config>("http.idle_seconds", {.min = 1, .max = 3'600},
                                "How long a kept connection may be silent.", PLACE(http.idle_seconds)));
  all.push_back(integer<Config>("http.answer_deadline_seconds", {.min = 1, .max = 600},
                                "How long a request waits for its decision before it is told to try again.",
                                PLACE(http.answer_deadline_seconds)));
  all.push_back(integer<Config>("http.drain_seconds", {.min = 0, .max = 600},
                                "How long open requests may take to finish when the server is told to stop.",
                                PLACE(http.drain_seconds)));
}

void add_limits(List& all) {
  all.push_back(integer<Config>("limits.sales", {.min = 1, .max = 1'000'000}, "Sales that are kept at once.",
                                PLACE(limits.sales)));
  all.push_back(
      integer<Config>("limits.holds", {.min = 1'000, .max = 1'000'000'000},
                      "Holds and orders that are kept at once, over all sales. Address space is reserved for them, "
                      "memory is taken as they come.",
                      PLACE(limits.holds)));
  all.push_back(integer<Config>("limits.entries", {.min = 1'000, .max = 1'000'000'000},
                                "Entries in queues that are kept at once, over all sales.", PLACE(limits.entries)));
  all.push_back(integer<Config>("limits.operator_keys", {.min = 100, .max = 10'000'000},
                                "Idempotency keys of operators that are remembered.", PLACE(limits.operator_keys)));
  all.push_back(integer<Config>(
      "limits.ring_commands", {.min = 64, .max = 1'048'576},
      "Commands of one reactor that wait for their decision; more are told 503 at once. A power of two.",
      PLACE(limits.ring_commands)));
  all.push_back(integer<Config>("limits.batch_commands", {.min = 1, .max = 1'048'576},
                                "Most commands that are decided together and made durable by one write.",
                                PLACE(limits.batch_commands)));
}

void add_admissions(List& all) {
  all.push_back(
      texts<Config>("admissions.return_to", return_entry,
                    "Where customers may be sent with an admission: addresses of the shop, each with all that "
                    "lies below it. None: nowhere.",
                    PLACE(admissions.return_to)));
  all.push_back(
      integer<Config>("admissions.life_seconds", {.min = 10, .max = 86'400},
                      "How long an admission lasts at most; it never outlasts the offer or the hold it is for.",
                      PLACE(admissions.life_seconds)));
}

void add_rest(List& all) {
  all.push_back(
      choice<Config>("payment.adapter", kPaymentAdapterNames,
                     "\"sandbox\" takes no money: a page to pay on, for trying out. \"http\" is a provider behind the "
                     "signed protocol.",
                     PLACE(payment.adapter)));
  all.push_back(text<Config>("payment.url", web_address, "Where the provider, or the sandbox, takes payments.",
                             PLACE(payment.url)));
  all.push_back(text<Config>("payment.secret", secret_or_empty,
                             "Signs what goes to the provider and proves what comes from it. Secret.",
                             PLACE(payment.secret)));
  all.push_back(integer<Config>("payment.timeout_seconds", {.min = 1, .max = 300},
                                "After this time without an answer a payment is unknown, which is not failed.",
                                PLACE(payment.timeout_seconds)));
  all.push_back(choice<Config>("log_output.level", kLogLevelNames,
                               "The least important lines that are written to standard error.",
                               PLACE(log_output.level)));
  all.push_back(choice<Config>("log_output.format", kLogFormatNames, "\"logfmt\" for people, \"json\" for machines.",
                               PLACE(log_output.format)));
}

List all_settings() {
  List all;
  add_top(all);
  add_log(all);
  add_http_sizes(all);
  add_http_times(all);
  add_limits(all);
  add_rest(all);
  add_admissions(all);
  return all;
}

}  // namespace

const std::vector<Setting<Config>>& settings() {
  static const List all = all_settings();
  return all;
}

const std::vector<Setting<WebhookConfig>>& webhook_settings() {
  static const std::vector<Setting<WebhookConfig>> all = {
      required(text<WebhookConfig>("url", web_address, "Where events are sent.", PLACE(url))),
      required(text<WebhookConfig>("secret", webhook_secret, "Signs them. Secret.", PLACE(secret))),
      texts<WebhookConfig>("events", event_type, "Which types of events; all of them if empty.", PLACE(events)),
      text<WebhookConfig>("id", webhook_id,
                          "A name under which it keeps its place when the url changes. Made from the url if empty.",
                          PLACE(id)),
      integer<WebhookConfig>("in_flight", {.min = 1, .max = platform::kInFlightMax}, "Requests to it at once.",
                             PLACE(in_flight)),
      integer<WebhookConfig>("batch", {.min = 1, .max = platform::kBatchMax},
                             "Events a request. More than 1: every request is a batch (docs/webhooks.md).",
                             PLACE(batch)),
  };
  return all;
}

const std::vector<Setting<ShopKeyConfig>>& shop_key_settings() {
  static const std::vector<Setting<ShopKeyConfig>> all = {
      required(text<ShopKeyConfig>("id", key_id, "The `kid` of the tokens that are signed with it.", PLACE(id))),
      text<ShopKeyConfig>("secret", secret_or_empty, "For HS256. Secret.", PLACE(secret)),
      text<ShopKeyConfig>("public_key", any_text, "For EdDSA, in base64url.", PLACE(public_key)),
  };
  return all;
}

#undef PLACE

}  // namespace doorbuster::app
