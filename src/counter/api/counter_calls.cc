#include "counter/api/counter_calls.h"

#include <algorithm>

#include "base/json.h"
#include "base/json_writer.h"
#include "net/problem.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::counter {
namespace {

using platform::Call;

Result<uint64_t> parse_amount(std::string_view body) {
  JsonDocument document(body);
  const int64_t amount = document.root().required("add", "how much to add").integer({.min = 1});
  TRY(document.finish());
  return static_cast<uint64_t>(amount);
}

// Names are letters, digits, '-' and '_', so that they look the same in an address, a page and a log.
bool is_name(std::string_view text) {
  return text.size() <= kNameBytesMax && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

bool has_name(const Call& call) {
  if (is_name(call.parameter(0))) return true;
  platform::respond_invalid(call.exchange, call.request.path(),
                            "A counter's name is 1 to 64 letters, digits, '-' and '_'.");
  return false;
}

bool has_caught_up(const Call& call, const platform::Follower& follower) {
  if (follower.caught_up()) return true;
  platform::respond_busy(call.exchange, call.request.path(), "catching-up", "The totals are being read from the log.");
  return false;
}

}  // namespace

void add_to_counter(const Call& call, const Asker& asker, platform::Gate& gate) {
  if (!has_name(call)) return;
  const auto amount = parse_amount(call.request.body());
  if (!amount) return platform::respond_invalid(call.exchange, call.request.path(), amount.error().message);
  if (!gate.pass(call, {.action = platform::Action::kChange, .scope = call.parameter(0), .asker = {}})) return;
  const std::string_view path = call.request.path();
  asker.cell.defer(call, CellId{0}, asker.owner, {std::string(call.parameter(0)), *amount, asker.limit},
                   Kept{.instance = path.size() <= 160 ? path : std::string_view()});
}

void answer_addition(CounterClient& cell, const CounterClient::Answer& answer, ops::Counter& refused) {
  net::Exchange* exchange = cell.resumed(answer);
  if (exchange == nullptr) return;
  const auto kept = exchange->context<Kept>();
  if (answer.status != cell::ReplyStatus::kDecided)
    return platform::respond_undecided(*exchange, kept.instance, answer.status);
  if (!answer.reply.is_added) {
    refused.add();
    return platform::respond_problem(*exchange, kept.instance, net::Status::kConflict, "limit-of-counter",
                                     "The counter is full", "With this it would pass the limit: nothing was added.");
  }
  std::string& body = exchange->scratch();
  JsonWriter(body).begin_object().member("total", answer.reply.total).end_object();
  platform::respond_json(*exchange, net::Status::kOk, body);
}

void show_counter(const Call& call, const platform::Follower& follower, const Totals& totals) {
  if (!has_name(call) || !has_caught_up(call, follower)) return;
  const auto row = follower.look([&]() -> std::optional<Totals::Row> {
    const auto found = totals.rows().find(call.parameter(0));
    return found == totals.rows().end() ? std::nullopt : std::optional(found->second);
  });
  if (!row) {
    return platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "not-found",
                                     "Not found", "Nothing was ever added to this counter.");
  }
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", row->total).member("additions", row->additions);
  json.member("last_at", row->last_at).end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void show_page(const Call& call, const platform::Follower& follower, const Totals& totals) {
  if (!has_caught_up(call, follower)) return;
  std::string& body = call.exchange.scratch();
  body =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Counters</title><h1>Counters</h1><table>"
      "<tr><th>Name<th>Total";
  follower.look([&] {
    for (const auto& [name, row] : totals.rows()) body += "<tr><td>" + name + "<td>" + std::to_string(row.total);
  });
  body += "</table></html>\n";
  call.exchange.respond(net::Response{
      .content_type = "text/html; charset=utf-8", .body = body, .headers = {{"Cache-Control", "no-store"}}});
}

}  // namespace doorbuster::counter
